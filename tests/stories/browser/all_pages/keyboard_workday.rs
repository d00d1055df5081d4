//! A day's work with the keyboard alone: the test clicks nothing.

use aloqa::domain::{NewTemplate, TemplateText};

use crate::browser::{AZIZA, BOBUR};
use crate::support::{
    TestServer,
    people::PASSWORD,
    process::chromium::{CONTROL, ENTER, Page, TAB},
};

const DOWN: char = '\u{e015}';

async fn a_workday_needs_only_the_keyboard(test_server: TestServer, page: Page) {
    test_server.deliver();
    let text = TemplateText::parse("Assalomu alaykum, {{client.first_name}}! 9–18.").unwrap();
    let hours = NewTemplate { name: "Hours".into(), text };
    test_server.services.templates.create(&test_server.company.manager, &hours).await.unwrap();
    test_server.company.client(&test_server.env, "Aziza", AZIZA).await;
    test_server.sms(AZIZA, "Soat nechagacha ishlaysiz?").await;
    test_server.sms(BOBUR, "Narxi qancha?").await;

    // Sign in by the form.
    page.goto("/login").await;
    page.is_focused("#email").await;
    let email = test_server.company.agent.user.email.as_str();
    page.press(email.chars().chain([TAB])).await;
    page.press(PASSWORD.chars().chain([ENTER])).await;
    page.is_at("/crm/chats").await;

    // Open the client by the spotlight and the chat from the client's page; viewing marks it as read.
    page.press([CONTROL, 'k']).await;
    page.is_focused("#spotlight input").await;
    page.press("aziza".chars()).await;
    page.shows("#spotlight [aria-selected=true]", "Aziza").await;
    page.press([ENTER]).await;
    page.is_at("/crm/clients/1").await;
    page.tab_to("main > header form .primary").await;
    page.press([ENTER]).await;
    page.is_at("/crm/chats/1").await;
    page.shows("#log article", "Soat nechagacha ishlaysiz?").await;
    page.has_no("#c1 .badge").await;
    page.shows("#c2 .badge", "1").await;

    // Reply with a template.
    page.is_focused("#message").await;
    page.press(['/']).await;
    page.is_focused("#template-search").await;
    page.press("hour".chars()).await;
    page.shows("#template-list [aria-selected=true]", "Hours").await;
    page.press([ENTER]).await;
    page.is_focused("#message").await;
    page.press([ENTER]).await;
    page.shows("#log article.out", "Assalomu alaykum, Aziza! 9–18.").await;
    page.has("#log article.out .status.delivered").await;

    // Schedule a message for tomorrow.
    page.is_focused("#message").await;
    page.press("Bugun ochiqmiz".chars()).await;
    page.tab_to("#later > summary").await;
    page.press([ENTER]).await;
    page.tab_to("#later [value=tomorrow]").await;
    page.press([ENTER]).await;
    page.shows("#waiting .text", "Bugun ochiqmiz").await;
    page.is_focused("#message").await;

    // Go to the other chat by the keys of the chat list.
    page.press([TAB]).await;
    page.tab_to(".list input[name=q]").await;
    page.tab_to("#chat-list a").await;
    page.press([DOWN, ENTER]).await;
    page.shows("#log article", "Narxi qancha?").await;
    page.is_at("/crm/chats/2").await;

    // Create a client.
    page.press([CONTROL, 'k']).await;
    page.is_focused("#spotlight input").await;
    page.press("new client".chars()).await;
    page.shows("#spotlight [aria-selected=true]", "New client").await;
    page.press([ENTER]).await;
    page.is_at("/crm/clients/new").await;
    page.tab_to("#f-first_name").await;
    page.press("Oʻtkir".chars()).await;
    page.tab_to("#f-phone").await;
    page.press("901112233".chars().chain([ENTER])).await;
    page.is_at("/crm/clients/3").await;
    page.shows("main h1", "Oʻtkir").await;

    // Sign out.
    page.tab_to(".rail form[action='/logout'] button").await;
    page.press([ENTER]).await;
    page.is_at("/login").await;
    assert_eq!(test_server.sent(), ["Assalomu alaykum, Aziza! 9–18."]);
}

in_chromium!(scripts Run: a_workday_needs_only_the_keyboard);
