//! Tests of the template editor with its preview.

use crate::support::{
    TestServer,
    process::chromium::{ENTER, Page},
};

async fn the_editor_shows_a_preview_of_the_template(test_server: TestServer, page: Page) {
    page.sign_in(test_server.company.manager.user.email.as_str()).await;
    page.goto("/crm/instant-messages/new").await;
    page.shows("#preview", "A preview of the message appears here").await;
    page.write("#f-name", "Salom").await;
    page.write("#f-template", "Salom, !").await;
    page.mark().await;
    // Variables are inserted at the caret by keyboard.
    page.run("document.querySelector('#f-template').setSelectionRange(7, 7)", &[]).await;
    page.tab_to("[data-insert='{{client.first_name}}']").await;
    page.press([ENTER]).await;
    page.is_focused("#f-template").await;
    assert_eq!(page.value("#f-template").await, "Salom, {{client.first_name}}!");
    page.shows("#preview-1 .bubble", "Salom, Aziza!").await;
    page.shows("#preview-2 .bubble", "Salom!").await;
    page.press(" Xush".chars()).await;
    assert_eq!(
        page.value("#f-template").await,
        "Salom, {{client.first_name}} Xush!",
        "one goes on writing there"
    );
    page.shows("#template-count", "Segments: 1, left: 142").await;
    page.write("#f-template", " Хайр").await;
    page.shows("#template-count", "“Х” turns this into Unicode").await;
    page.shows("#preview-2 .bubble", "Salom, Xush Хайр!").await;
    page.is_still_the_marked_one().await;
    page.write("#f-name", " 1").await;
    page.press([ENTER]).await;
    page.is_at("/crm/instant-messages").await;
    page.shows("#templates-rows .used", "Not used yet").await;
    // The URL keeps the order, as it keeps the search.
    page.run(
        "const sort = document.querySelector('[name=sort]'); sort.value = '-uses';
         sort.dispatchEvent(new Event('input', { bubbles: true }))",
        &[],
    )
    .await;
    page.until("the order in the address", "return location.search === '?sort=-uses'", &[]).await;
}

in_chromium!(scripts Run: the_editor_shows_a_preview_of_the_template);
