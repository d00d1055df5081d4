//! Tests of the spotlight by keyboard.

use crate::browser::{AZIZA, BOBUR};
use crate::support::{
    TestServer,
    process::chromium::{CONTROL, ENTER, Page},
};

/// Key codes of the `WebDriver` protocol.
const ESCAPE: char = '\u{e00c}';
const DOWN: char = '\u{e015}';
const UP: char = '\u{e013}';
const END: char = '\u{e010}';

async fn the_spotlight_leads_to_a_message_by_keyboard(test_server: TestServer, page: Page) {
    for (from, text) in [(AZIZA, "Gilam bormi?"), (BOBUR, "Salom <b>gilam</b> 🧶"), (AZIZA, "Rahmat")] {
        test_server.sms(from, text).await;
    }
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.goto("/crm/clients/1").await;
    page.tab_to(".rail a").await;
    let before = page.run("return document.activeElement.outerHTML", &[]).await;
    page.press([CONTROL, 'k']).await;
    page.is_focused("#spotlight input").await;
    page.has("#spotlight [aria-label='Recent'] [role=option]").await;

    page.press("gilam".chars()).await;
    page.shows("#spotlight [role=option] mark", "Gilam").await;
    // The text of clients is never interpreted as HTML.
    page.shows("#spotlight [role=option]", "<b>gilam</b>").await;
    page.has_no("#spotlight [role=option] b").await;
    page.shows("#spotlight [role=status]", "2 results").await;
    page.press([END]).await;
    page.shows("#spotlight [aria-selected=true]", "Show all results").await;
    page.press([UP]).await;
    page.shows("#spotlight [aria-selected=true]", "Gilam bormi?").await;
    page.until(
        "the option is announced",
        "const field = document.activeElement;
        return document.getElementById(field.getAttribute('aria-activedescendant'))?.ariaSelected === 'true'",
        &[],
    )
    .await;
    page.press([DOWN, DOWN, DOWN]).await;
    page.press([ESCAPE]).await;
    page.has_no("#spotlight").await;
    assert_eq!(page.run("return document.activeElement.outerHTML", &[]).await, before, "the focus is back");

    page.press([CONTROL, 'k']).await;
    page.press("rahmat".chars()).await;
    page.shows("#spotlight [aria-selected=true]", "Rahmat").await;
    page.press([ENTER]).await;
    page.is_at("/crm/chats/1").await;
    page.until("the message's address", "return location.search === '?message=3'", &[]).await;
    page.shows("#log #m3", "Rahmat").await;
}

async fn the_button_opens_the_spotlight_on_a_phone(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    page.resize(390, 844).await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("[data-spotlight]").await;
    page.is_focused("#spotlight input").await;
    page.until(
        "all of the screen",
        "const box = document.getElementById('spotlight').getBoundingClientRect();
        return box.width === innerWidth && Math.abs(box.height - innerHeight) < 2",
        &[],
    )
    .await;
    page.press("new client".chars()).await;
    page.shows("#spotlight [aria-selected=true]", "New client").await;
    page.click("#spotlight [aria-selected=true]").await;
    page.is_at("/crm/clients/new").await;
    page.click("[data-spotlight]").await;
    page.click("#spotlight [data-close]").await;
    page.has_no("#spotlight").await;
}

in_chromium!(scripts Run: the_spotlight_leads_to_a_message_by_keyboard, the_button_opens_the_spotlight_on_a_phone);
