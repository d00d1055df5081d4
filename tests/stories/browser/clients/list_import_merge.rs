//! Tests of the client list, an import and a merge by keyboard alone, and without scripts.

use std::io::Write as _;

use tempfile::NamedTempFile;

use crate::browser::{AZIZA, BOBUR};
use crate::support::{
    TestServer,
    process::chromium::{ENTER, Page},
};

const DOWN: char = '\u{e015}';

/// A table as a spreadsheet in Russian locale saves it, with one invalid row.
fn table() -> NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all("Имя;Телефон\nЗухра;+7 900 123-45-67\nТимур;977770022\nНикто;скоро\n".as_bytes()).unwrap();
    file
}

async fn two_clients(test_server: &TestServer, page: &Page) {
    test_server.sms(AZIZA, "Salom").await;
    test_server.sms(BOBUR, "Narxi qancha?").await;
    page.sign_in(test_server.company.manager.user.email.as_str()).await;
}

async fn wait_for_rows(page: &Page, count: &str) {
    let script = "return document.querySelectorAll('#clients tbody tr').length === Number(arguments[0])";
    page.until(&format!("{count} clients"), script, &[count]).await;
}

async fn the_client_list_works_by_keyboard(test_server: TestServer, page: Page) {
    two_clients(&test_server, &page).await;
    page.goto("/crm/clients").await;
    page.press(['/']).await;
    page.is_focused(".filters input[name=q]").await;
    page.press("4567".chars()).await;
    wait_for_rows(&page, "1").await;
    page.tab_to(".days summary").await;
    page.press([ENTER]).await;
    page.tab_to("#client-presets li:nth-child(2) a").await;
    page.press([ENTER]).await;
    page.until(
        "both filters are in the address",
        "return /q=4567.*created_from=/.test(location.search)",
        &[],
    )
    .await;
    page.tab_to("#clients .person").await;
    page.press([ENTER]).await;
    page.shows("h1", "+998 90 123 45 67").await;
    page.back().await;
    wait_for_rows(&page, "1").await;

    page.tab_to("#clients tbody input[name=ids]").await;
    page.press([' ']).await;
    page.shows(".picked", "Selected: 1").await;
    page.tab_to(".picked .danger").await;
    page.press([ENTER]).await;
    page.shows(".clients-delete", "1 message").await;
    page.tab_to(".clients-delete .danger").await;
    page.press([ENTER]).await;
    page.is_at("/crm/clients").await;
    page.has("#clients-empty").await;
}

async fn an_import_works_by_keyboard(test_server: TestServer, page: Page) {
    two_clients(&test_server, &page).await;
    let file = table();
    page.goto("/crm/clients/imports").await;
    page.tab_to("#f-file").await;
    // The dialog that selects a file belongs to the operating system.
    page.write("#f-file", file.path().to_str().unwrap()).await;
    page.tab_to(".upload .primary").await;
    page.press([ENTER]).await;
    page.tab_to("#import-mapping select[name=column_1]").await;
    assert_eq!(page.value("#import-mapping select[name=column_1]").await, "phone", "it is guessed");
    page.tab_to("#import-mapping .primary").await;
    page.press([ENTER]).await;
    page.has("[data-at-work]").await;
    test_server.services.imports.drain().await.unwrap();
    page.shows("#import-flaws dd", "Phone").await;
    page.tab_to("#import-start .primary").await;
    page.press([ENTER]).await;
    page.has("[data-at-work]").await;
    test_server.services.imports.drain().await.unwrap();
    page.tab_to("#import-done-card .primary").await;
    page.press([ENTER]).await;
    page.is_at("/crm/clients").await;
    wait_for_rows(&page, "4").await;
}

async fn a_merge_works_by_keyboard(test_server: TestServer, page: Page) {
    two_clients(&test_server, &page).await;
    page.goto("/crm/clients/1/merge").await;
    page.press(['/']).await;
    page.is_focused("input[name=q]").await;
    page.press("93 555".chars()).await;
    page.has("#merge-found-list").await;
    page.tab_to("#merge-found .row-actions a").await;
    page.press([ENTER]).await;
    page.tab_to(".compare input[name=first_name]").await;
    page.press([DOWN]).await;
    page.is_focused(".compare input[value=lost]:checked").await;
    page.tab_to(".compare .primary").await;
    page.press([ENTER]).await;
    page.is_at("/crm/clients/1").await;
    page.shows("h1", "+998 93 555").await;
    page.tab_to("#merged form button").await;
    page.press([ENTER]).await;
    page.is_at("/crm/clients/2").await;
    page.shows("h1", "+998 93 555").await;
}

async fn client_pages_need_no_script(test_server: TestServer, page: Page) {
    two_clients(&test_server, &page).await;
    let file = table();
    page.goto("/crm/clients").await;
    page.click("a[href='/crm/clients/imports']").await;
    page.write("#f-file", file.path().to_str().unwrap()).await;
    page.click(".upload .primary").await;
    page.click("#import-mapping .primary").await;
    page.has("[data-at-work]").await;
    test_server.services.imports.drain().await.unwrap();
    page.reloads_until_it_has("#import-start").await;
    page.shows("#import-flaws dd", "Phone").await;
    page.click("#import-start .primary").await;
    page.has("[data-at-work]").await;
    test_server.services.imports.drain().await.unwrap();
    page.reloads_until_it_has("#import-done-card").await;
    page.click("#import-done-card .primary").await;
    wait_for_rows(&page, "4").await;

    page.write(".filters input[name=q]", "90").await;
    page.click(".days summary").await;
    page.click("#client-presets li:nth-child(2) a").await;
    page.until("the days are in the address", "return location.search.includes('created_from=')", &[]).await;
    page.goto("/crm/clients?q=timur").await;
    page.click("#clients tbody input[name=ids]").await;
    page.click(".picked .danger").await;
    page.click(".clients-delete .danger").await;
    page.has("#clients-empty").await;

    page.goto("/crm/clients/1/actions").await;
    page.click("a[href$='/merge']").await;
    page.write("input[name=q]", "93 555\n").await;
    page.click("#merge-found .row-actions a").await;
    page.click(".compare input[name=first_name][value=lost]").await;
    page.click(".compare .primary").await;
    page.shows("h1", "+998 93 555").await;
    page.click("#merged form button").await;
    page.is_at("/crm/clients/2").await;
}

in_chromium!(scripts Run: the_client_list_works_by_keyboard, an_import_works_by_keyboard, a_merge_works_by_keyboard);
in_chromium!(scripts Off: client_pages_need_no_script);
