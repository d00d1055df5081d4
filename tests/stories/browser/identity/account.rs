//! Tests of a user's preferences and of the page without a connection.

use crate::support::{
    TestServer,
    process::chromium::{ESCAPE, Page},
};

async fn theme_and_keyboard_shortcuts_are_set_per_user(test_server: TestServer, page: Page) {
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.press(['?']).await;
    page.shows("#keys[open] h2", "Keyboard shortcuts").await;
    page.press([ESCAPE]).await;
    page.has_no("#keys").await;
    page.click(".rail a[href='/account']").await;
    page.prefer("light").await;
    let light = "return getComputedStyle(document.documentElement).backgroundColor";
    let before = page.run(light, &[]).await;
    page.run("document.querySelector('#f-theme').value = 'dark'", &[]).await;
    page.run("document.querySelector('#f-single_keys').value = 'false'", &[]).await;
    page.click("#account-form .primary").await;
    page.shows("main > .note", "Saved").await;
    assert_ne!(page.run(light, &[]).await, before, "dark, although the system is light");
    page.goto("/crm/chats").await;
    page.press(['?', '/', 'j']).await;
    page.has_no("#keys").await;
    assert_eq!(page.run("return document.activeElement === document.body", &[]).await, true);
}

async fn a_page_without_a_connection_shows_a_notice(test_server: TestServer, page: Page) {
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.until(
        "what keeps the page",
        "return navigator.serviceWorker.controller?.state === 'activated'",
        &[],
    )
    .await;
    test_server.network.disconnect();
    page.run("location.reload()", &[]).await;
    page.shows("h1", "No connection").await;
    let styled = "return getComputedStyle(document.querySelector('.alone')).display === 'grid'";
    page.until("the style", styled, &[]).await;
    test_server.network.restore();
    page.click(".button").await;
    page.has("#chat-tabs").await;
    page.is_at("/crm/chats").await;
}

in_chromium!(scripts Run:
    theme_and_keyboard_shortcuts_are_set_per_user,
    a_page_without_a_connection_shows_a_notice,
);
