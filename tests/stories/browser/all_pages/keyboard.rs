//! Tests of the pages with the keyboard alone, from sign-in to a delivered reply.

use crate::browser::{AZIZA, BOBUR};
use crate::support::{
    TestServer,
    people::PASSWORD,
    process::chromium::{ENTER, Page, SHIFT, TAB},
};

async fn the_main_task_works_by_keyboard(test_server: TestServer, page: Page) {
    test_server.deliver();
    test_server.sms(AZIZA, "Salom").await;
    test_server.sms(BOBUR, "Narxi qancha?").await;

    page.goto("/login").await;
    page.is_focused("#email").await;
    let email = test_server.company.agent.user.email.as_str();
    page.press(email.chars().chain([TAB])).await;
    page.is_focused("#password").await;
    page.press(PASSWORD.chars().chain([ENTER])).await;
    page.is_at("/crm/chats").await;

    page.press([TAB]).await;
    page.is_focused(".skip").await;
    page.has(".skip").await;
    page.press(['/']).await;
    page.is_focused(".list input[name=q]").await;
    page.press("4567".chars()).await;
    page.until("one chat", "return document.querySelectorAll('#chat-list li').length === 1", &[]).await;
    page.tab_to("#chat-list a").await;
    page.press([ENTER]).await;
    page.shows("#log article", "Salom").await;

    page.is_focused("#message").await;
    page.press("Ha/yoʻq".chars().chain([SHIFT, ENTER]).chain("ikkinchi qator".chars())).await;
    assert_eq!(page.value("#message").await, "Ha/yoʻq\nikkinchi qator");
    page.press([ENTER]).await;
    page.shows("#log article.out", "Ha/yoʻq ikkinchi qator").await;
    page.has("#log article.out .status.delivered").await;
    page.is_focused("#message").await;
    // The button works as well, and the focus returns to the text field.
    page.press("Yana".chars()).await;
    page.tab_to("#send").await;
    page.press([ENTER]).await;
    page.shows("#log article.out", "Yana").await;
    page.is_focused("#message").await;
}

async fn the_focus_is_visible(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    page.sign_in(test_server.company.administrator.user.email.as_str()).await;
    for path in
        ["/crm/chats/1", "/crm/clients", "/crm/clients/1", "/crm/clients/new", "/crm/instant-messages"]
    {
        page.goto(path).await;
        let mut seen = Vec::new();
        for _ in 0..60 {
            page.press([TAB]).await;
            let here = page.run(FOCUS, &[]).await;
            let (here, visible) = (here[0].as_str().unwrap().to_owned(), here[1].as_bool().unwrap());
            if here.starts_with("<body") {
                continue;
            }
            if seen.contains(&here) {
                break;
            }
            assert!(visible, "{path}: nothing shows that the focus is on {here}");
            seen.push(here);
        }
        assert!(seen.len() > 5, "{path}: {seen:?}");
    }
}

/// The focused element, and whether the focus is visible: by an outline, or by the border of the surrounding field.
const FOCUS: &str = "
    const one = document.activeElement;
    const outlined = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const framed = one.closest('.search, .box');
    const probe = document.createElement('i');
    probe.style.color = 'var(--accent)';
    document.body.append(probe);
    const wanted = getComputedStyle(probe).color;
    probe.remove();
    const inFrame = framed && getComputedStyle(framed);
    const visible = [getComputedStyle(one), inFrame].some((style) => style && outlined(style))
        || (inFrame && inFrame.borderColor === wanted);
    const { bottom, right } = one.getBoundingClientRect();
    return [one.cloneNode().outerHTML, Boolean(visible && bottom > 0 && right > 0)]";

in_chromium!(scripts Run: the_main_task_works_by_keyboard, the_focus_is_visible);
