//! What is sent once goes out once, however hard it is pressed.

use crate::browser::AZIZA;
use crate::support::{
    Office,
    process::chromium::{ENTER, Page},
};

async fn impatience_sends_nothing_twice(office: Office, page: Page) {
    office.sms(AZIZA, "Salom").await;
    page.sign_in(office.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.is_focused("#message").await;

    page.press("Enter, Enter".chars().chain([ENTER, ENTER])).await;
    page.shows("#log article.out", "Enter, Enter").await;
    page.write("#message", "Click, click").await;
    page.double_click("#send").await;
    page.shows("#log article.out", "Click, click").await;

    page.write("#message", "Is anybody there?").await;
    office.line.lose_answers();
    page.press([ENTER]).await;
    page.has("#composer-error").await;
    office.line.mend();
    page.press([ENTER]).await;
    page.shows("#log article.out", "Is anybody there?").await;
    page.has_no("#composer-error").await;

    office.deliver();
    page.until(
        "three that were delivered",
        "return document.querySelectorAll('#log article.out').length === 3
            && document.querySelector('#log article.out:last-child .status.delivered') !== null",
        &[],
    )
    .await;
    let said = ["Salom", "Enter, Enter", "Click, click", "Is anybody there?"];
    assert_eq!(page.texts("#log article .bubble").await, said);
    let mut sent = office.sent();
    sent.sort_unstable();
    assert_eq!(sent, ["Click, click", "Enter, Enter", "Is anybody there?"]);
}

async fn what_is_typed_on_a_bad_line_is_not_lost(office: Office, page: Page) {
    office.sms(AZIZA, "Salom").await;
    page.sign_in(office.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.is_focused("#message").await;

    office.line.hold();
    page.press("On its way".chars().chain([ENTER])).await;
    page.press("and this".chars().chain([ENTER])).await;
    assert_eq!(page.value("#message").await, "and this");
    office.line.cut();
    page.has("#composer-error").await;
    assert_eq!(page.value("#message").await, "On its way\nand this");
    office.line.mend();
    page.press([ENTER]).await;
    page.shows("#log article.out", "On its way and this").await;

    // The server has it, but the page does not know; and then it was changed.
    office.line.lose_answers();
    page.press("Come".chars().chain([ENTER])).await;
    page.has("#composer-error").await;
    office.line.mend();
    page.press(" tomorrow".chars().chain([ENTER])).await;
    page.shows("#log article.out", "Come tomorrow").await;
    let said = ["Salom", "On its way and this", "Come", "Come tomorrow"];
    assert_eq!(page.texts("#log article .bubble").await, said);
}

in_chromium!(scripts Run: impatience_sends_nothing_twice, what_is_typed_on_a_bad_line_is_not_lost);
