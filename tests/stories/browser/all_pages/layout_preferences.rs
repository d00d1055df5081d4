//! Tests of the layout: the browser keeps what a user opens and closes, and live updates cause no layout shift.

use crate::browser::{AZIZA, BOBUR};
use crate::support::{
    TestServer,
    process::chromium::{ENTER, ESCAPE, Page},
};

async fn the_state_of_navigation_and_details_is_kept(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.goto("/crm/chats/1").await;
    page.has_no(".rail .label").await;
    page.tab_to(".rail .names button").await;
    page.press([ENTER]).await;
    page.shows("#nav .label", "Chats").await;
    page.shows(".rail .names", "Icons only").await;
    page.tab_to(".conversation .beside button").await;
    page.press([ENTER]).await;
    page.has_no("#details").await;
    page.is_focused(".conversation .beside button").await;
    page.mark().await;
    // The browser stores it, and the page has it before any script runs.
    page.until("the frame that is kept", KEPT, &[]).await;
    page.tab_to(".conversation .beside button").await;
    page.press([ENTER]).await;
    page.shows("#details h2", "+998 90 123 45 67").await;
    page.has(".conversation .beside [aria-expanded=true]").await;

    // On a narrow screen it opens over the page and closes again.
    for width in [1000, 390] {
        page.resize(width, 844).await;
        page.has_no(".rail .label").await;
        page.has_no("#details").await;
        page.tab_to(".conversation .over").await;
        page.press([ENTER]).await;
        page.shows("#details h2", "+998 90 123 45 67").await;
        page.press([ESCAPE]).await;
        page.has_no("#details").await;
        page.is_focused(".conversation .over").await;
        page.press([ENTER]).await;
        page.tab_to("#details-close").await;
        page.press([ENTER]).await;
        page.has_no("#details").await;
    }
    page.click(".conversation .back").await;
    page.is_at("/crm/chats").await;
}

/// Reloads the page until the server renders both as the user left them.
const KEPT: &str = "
    const { navigation, details } = document.documentElement.dataset;
    if (!window.marked && navigation === 'names' && details === 'hidden') return true;
    location.reload();
    return false";

async fn arriving_messages_cause_no_layout_shift(test_server: TestServer, page: Page) {
    test_server.deliver();
    for turn in 0..30 {
        test_server.sms(AZIZA, &format!("Salom {turn}")).await;
    }
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    for (width, path) in
        [(1440, "/crm/chats/1"), (390, "/crm/chats/1"), (1440, "/crm/chats"), (390, "/crm/chats")]
    {
        page.resize(width, 844).await;
        page.goto(path).await;
        wait_for_layout(&page).await;
        page.run(OBSERVE, &[]).await;
        let texts =
            [(AZIZA, "Bir"), (BOBUR, "Narxi qancha?"), (AZIZA, "Uzun xabar. Yana bir bor.\nIkkinchi qator")];
        for (index, (from, text)) in texts.iter().enumerate() {
            test_server.sms(from, &format!("{text} {width}{path}{index}")).await;
        }
        let last = format!("{width}{path}2");
        page.shows(if path.ends_with('1') { "#log article" } else { "#chat-list .preview" }, &last).await;
        wait_for_layout(&page).await;
        let by = page.run("return window.jumped", &[]).await.as_f64().unwrap();
        assert!(by < 0.02, "{path} at {width}: {by}");
    }
}

/// Waits until the layout is complete.
async fn wait_for_layout(page: &Page) {
    page.run(SETTLE, &[]).await;
    page.until("two frames", "return window.settled", &[]).await;
}

/// Counts layout shifts from now on, as Chromium measures them.
const OBSERVE: &str = "
    window.jumped = 0;
    new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) window.jumped += value;
    }).observe({ type: 'layout-shift' })";

const SETTLE: &str = "
    window.settled = false;
    requestAnimationFrame(() => requestAnimationFrame(() => { window.settled = true; }))";

in_chromium!(scripts Run:
    the_state_of_navigation_and_details_is_kept,
    arriving_messages_cause_no_layout_shift,
);
