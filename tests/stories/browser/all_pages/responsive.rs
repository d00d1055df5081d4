//! Tests of the layout on narrow and wide screens.

use serde_json::{Value, json};

use crate::browser::{AZIZA, BOBUR, all_pages::accessibility::pages};
use crate::support::{TestServer, process::chromium::Page};

async fn an_agent_replies_on_a_phone(test_server: TestServer, page: Page) {
    page.resize(390, 844).await;
    test_server.deliver();
    test_server.sms(AZIZA, "Salom").await;
    test_server.sms(BOBUR, "Narxi qancha?").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.shows("#chat-list li:first-child .preview", "Narxi qancha?").await;
    page.click("#chat-list li:first-child a").await;
    page.shows("#log article", "Narxi qancha?").await;
    page.has_no("#chat-list").await;
    // With focus in the text field, the on-screen keyboard would cover half of the messages.
    page.has_no("#message:focus").await;

    page.write("#message", "Besh ming soʻm").await;
    assert_eq!(page.run(OUTSIDE, &[]).await, json!([]));
    page.click("#send").await;
    page.has("#log article.out .status.delivered").await;
    page.click(".conversation .back").await;
    page.is_at("/crm/chats").await;
    page.has("#chat-list").await;
    page.shows("#chat-list li:first-child .preview", "Besh ming soʻm").await;
}

async fn nothing_is_cut_off_at_any_width(test_server: TestServer, page: Page) {
    let pages = pages(&test_server).await;
    page.sign_in(test_server.company.administrator.user.email.as_str()).await;
    let mut outside = Vec::new();
    for path in &pages {
        page.goto(path).await;
        for (width, height) in [(390, 844), (768, 1024), (1440, 900)] {
            page.resize(width, height).await;
            let found = page.run(SIDEWAYS, &[]).await;
            let found = found.as_array().unwrap().iter().filter_map(Value::as_str);
            outside.extend(found.map(|one| format!("{path} at {width}: {one}")));
        }
    }
    assert!(outside.is_empty(), "{outside:#?}");
}

/// Controls that are outside of the screen.
const OUTSIDE: &str = "
    return [...document.querySelectorAll('a, button, select, textarea')]
        .filter((one) => one.checkVisibility() && !one.matches('.skip'))
        .filter((one) => {
            const { left, right, top, bottom } = one.getBoundingClientRect();
            return left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1;
        })
        .map((one) => one.outerHTML)";

/// Elements that make the page scroll sideways, or would if they were not clipped.
const SIDEWAYS: &str = "
    const found = [];
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > innerWidth) found.push(`the page is ${scrollWidth} wide`);
    for (const one of document.querySelectorAll('main, section, aside, nav, form, #log, #chat-list')) {
        if (one.checkVisibility() && one.scrollWidth > one.clientWidth + 1) {
            found.push(`${one.scrollWidth} instead of ${one.clientWidth}: ${one.cloneNode().outerHTML}`);
        }
    }
    for (const one of document.querySelectorAll('a, button, input, select, textarea, h1, h2, h3')) {
        const { left, right, width } = one.getBoundingClientRect();
        if (width > 1 && one.checkVisibility() && (left < -1 || right > innerWidth + 1)) {
            found.push(`from ${left} to ${right}: ${one.cloneNode().outerHTML}`);
        }
    }
    return found";

in_chromium!(scripts Run: an_agent_replies_on_a_phone, nothing_is_cut_off_at_any_width);
