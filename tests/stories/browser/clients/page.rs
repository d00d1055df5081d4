//! Tests of the client page: a section is edited by keyboard while another user edits it too.

use serde_json::json;

use crate::browser::AZIZA;
use crate::support::{
    TestServer,
    process::chromium::{ENTER, ESCAPE, Page},
};

async fn two_users_edit_one_section_by_keyboard(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    let program = test_server.env.api_client(&test_server.company.manager).await;
    let change = async |body: serde_json::Value| {
        program.put("/crm/clients/1").json_body(body).json().await.is(200);
    };
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.goto("/crm/clients/1").await;
    page.mark().await;
    page.tab_to("#edit-personal").await;
    page.press([ENTER]).await;
    page.is_focused("#f-first_name").await;
    page.press([ESCAPE]).await;
    page.is_focused("#edit-personal").await;
    page.press([ENTER]).await;
    page.tab_to("#f-last_name").await;
    page.press("Karimova".chars()).await;

    // Changes by others are shown around the form; the entered text stays in it.
    change(json!({ "comments": "VIP", "last_name": "Umarova" })).await;
    page.shows("#notes .prose", "VIP").await;
    assert_eq!(page.value("#f-last_name").await, "Karimova");
    page.is_focused("#f-last_name").await;
    page.press([ENTER]).await;
    page.shows("#t-last_name .value", "Umarova").await;
    assert_eq!(page.value("#f-last_name").await, "Karimova");
    page.is_focused("#f-last_name").await;
    page.press([ENTER]).await;
    page.is_focused("#edit-personal").await;
    page.shows("#personal dd", "Karimova").await;
    page.shows("#client-title h1", "Karimova").await;

    // A refused value is shown again with the focus on its field.
    page.tab_to("#edit-tax").await;
    page.press([ENTER]).await;
    page.is_focused("#f-pin").await;
    page.press("123".chars().chain([ENTER])).await;
    page.has("#e-pin").await;
    page.is_focused("#f-pin[aria-invalid]").await;
    page.is_still_the_marked_one().await;
}

in_chromium!(scripts Run: two_users_edit_one_section_by_keyboard);
