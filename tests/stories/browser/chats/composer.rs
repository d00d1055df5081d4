//! Tests of the composer: drafts are kept, templates are inserted by keyboard, and messages can be scheduled.

use aloqa::domain::{NewTemplate, TemplateText};

use crate::browser::AZIZA;
use crate::support::{
    TestServer,
    process::chromium::{ENTER, Page},
};

const ESCAPE: char = '\u{e00c}';
const DOWN: char = '\u{e015}';

async fn open_chat(test_server: &TestServer, page: &Page) {
    test_server.sms(AZIZA, "Salom").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.is_focused("#message").await;
}

async fn a_draft_survives_a_reload_and_is_deleted_by_sending(test_server: TestServer, page: Page) {
    open_chat(&test_server, &page).await;
    page.press("Half a sen".chars()).await;
    // The page is left at once, before the delay after which a draft is saved.
    page.goto("/crm/clients").await;
    page.goto("/crm/chats/1").await;
    page.until(
        "the draft",
        "if (document.querySelector('#message')?.value === 'Half a sen') return true;
        location.reload(); return false",
        &[],
    )
    .await;
    page.goto("/crm/chats").await;
    page.shows("#chat-list .preview", "Draft: Half a sen").await;
    page.click("#chat-list a").await;
    page.is_focused("#message").await;
    page.press("tence".chars().chain([ENTER])).await;
    page.shows("#log article.out", "Half a sentence").await;
    page.goto("/crm/chats/1").await;
    assert_eq!(page.value("#message").await, "");
    assert_eq!(page.texts("#log article .bubble").await, ["Salom", "Half a sentence"]);
}

async fn a_page_left_while_sending_sends_once(test_server: TestServer, page: Page) {
    open_chat(&test_server, &page).await;
    test_server.network.drop_responses();
    page.press("Once only".chars().chain([ENTER])).await;
    page.has("#composer-error").await;
    test_server.network.restore();
    assert_eq!(page.value("#message").await, "Once only");
    page.goto("/crm/chats/1").await;
    page.shows("#log article.out", "Once only").await;
    page.is_focused("#message").await;
    if page.value("#message").await == "Once only" {
        page.press([ENTER]).await;
        page.until("an empty composer", "return document.querySelector('#message').value === ''", &[]).await;
    }
    page.has_no("#log .pending").await;
    assert_eq!(page.texts("#log article.out").await.len(), 1);
    test_server.deliver();
    page.has("#log article.out .status.delivered").await;
    assert_eq!(test_server.sent(), ["Once only"]);
}

async fn a_template_is_found_and_inserted_by_keyboard(test_server: TestServer, page: Page) {
    for (name, text) in
        [("Greeting", "Salom, {{client.first_name}}!"), ("Hours", "9–18, {{user.first_name}}")]
    {
        let new = NewTemplate { name: name.into(), text: TemplateText::parse(text).unwrap() };
        test_server.services.templates.create(&test_server.company.manager, &new).await.unwrap();
    }
    open_chat(&test_server, &page).await;
    page.press(['/']).await;
    page.is_focused("#template-search").await;
    page.shows("#template-list [aria-selected=true]", "Greeting").await;
    page.press([DOWN]).await;
    page.shows("#template-list [aria-selected=true]", "Hours").await;
    page.press([ESCAPE]).await;
    page.is_focused("#message").await;
    page.has_no("#templates").await;
    page.press(['/']).await;
    page.is_focused("#template-search").await;
    page.press("hour".chars()).await;
    page.until("one choice", "return document.querySelectorAll('#template-list li').length === 1", &[]).await;
    page.press([ENTER]).await;
    page.is_focused("#message").await;
    assert_eq!(page.value("#message").await, "9–18, agent");
    page.shows("#composer-count", "“–” turns this into Unicode").await;
    page.press([ENTER]).await;
    page.shows("#log article.out", "9–18, agent").await;
    // Typing the sign twice inserts the sign itself.
    page.press("//".chars()).await;
    page.is_focused("#message").await;
    assert_eq!(page.value("#message").await, "/");
}

async fn a_message_is_scheduled_and_cancelled(test_server: TestServer, page: Page) {
    open_chat(&test_server, &page).await;
    test_server.deliver();
    page.press("Eslatma".chars()).await;
    page.click("#later summary").await;
    page.click("#later [value=tomorrow]").await;
    page.shows("#waiting .text", "Eslatma").await;
    page.shows("#tab-scheduled", "1").await;
    assert_eq!(page.value("#message").await, "");
    page.has_no("#later .card").await;
    page.mark().await;
    page.click("#waiting [value=DELETE] ~ button").await;
    page.has_no("#waiting-list").await;
    page.has_no("#tab-scheduled").await;
    page.is_still_the_marked_one().await;
    page.write("#message", "Kech").await;
    page.click("#later summary").await;
    page.click("#schedule").await;
    page.shows("#e-scheduled_at", "Required.").await;
    assert_eq!(page.value("#message").await, "Kech");
    assert_eq!(page.texts("#log article.out").await.len(), 0);
    assert!(test_server.sent().is_empty());
}

in_chromium!(scripts Run:
    a_draft_survives_a_reload_and_is_deleted_by_sending,
    a_page_left_while_sending_sends_once,
    a_template_is_found_and_inserted_by_keyboard,
    a_message_is_scheduled_and_cancelled,
);
