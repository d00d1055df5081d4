//! A merge in the browser, while another user has the merged client open.

use crate::browser::{AZIZA, BOBUR};
use crate::support::{TestServer, process::chromium::Page};

async fn two_clients_are_merged_and_separated_again(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "from my own phone").await;
    test_server.sms(BOBUR, "from my work phone").await;
    let merges = &test_server.services.merges;
    page.sign_in(test_server.company.manager.user.email.as_str()).await;
    page.goto("/crm/clients?sort=created_at").await;
    page.click("#clients tbody tr:first-child .person").await;
    page.click(".tabs a[href$='/actions']").await;
    page.click("a[href$='/merge']").await;

    page.write("input[name=q]", "93 555").await;
    page.has("#merge-found-list li").await;
    page.click("#merge-found-list .row-actions a").await;
    page.has(".compare").await;
    assert_eq!(page.texts(".compare .side-role").await, ["Stays", "Will be merged"]);
    page.click(".compare input[name=first_name][value=lost]").await;
    page.click(".compare .primary").await;
    page.has("#merged").await;
    page.shows("h1", "+998 93 555").await;

    // The page of the other user shows a notice and leads to the survivor.
    let lost = merges
        .list(&test_server.company.manager, aloqa::persistence::PageRequest { page: 1, limit: 1 })
        .await;
    let merge = lost.unwrap().content.items.remove(0);
    page.click("#merged form button").await;
    page.is_at(&format!("/crm/clients/{}", merge.merged)).await;
    page.open_tab(&format!("/crm/clients/{}", merge.merged)).await;
    page.has("#personal").await;
    let order = aloqa::services::MergeRequest {
        survivor: merge.survivor,
        merged: merge.merged,
        choices: Vec::new(),
        last_seen: (None, None),
    };
    merges.merge(&test_server.company.manager, &order).await.unwrap();
    page.has(".alone .code").await;
    page.click(".alone a.primary").await;
    page.is_at(&format!("/crm/clients/{}", merge.survivor)).await;
    page.has("#merged").await;
}

in_chromium!(scripts Run: two_clients_are_merged_and_separated_again);
