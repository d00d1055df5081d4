//! Tests of duplicate submissions: a message is sent once, however often it is submitted.

use crate::browser::AZIZA;
use crate::support::{
    TestServer,
    process::chromium::{ENTER, Page},
};

async fn repeated_clicks_send_one_message(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.is_focused("#message").await;

    page.press("Enter, Enter".chars().chain([ENTER, ENTER])).await;
    page.shows("#log article.out", "Enter, Enter").await;
    page.write("#message", "Click, click").await;
    page.double_click("#send").await;
    page.shows("#log article.out", "Click, click").await;

    page.write("#message", "Is anybody there?").await;
    test_server.network.drop_responses();
    page.press([ENTER]).await;
    page.has("#composer-error").await;
    test_server.network.restore();
    page.press([ENTER]).await;
    page.shows("#log article.out", "Is anybody there?").await;
    page.has_no("#composer-error").await;

    test_server.deliver();
    page.until(
        "three that were delivered",
        "return document.querySelectorAll('#log article.out').length === 3
            && document.querySelector('#log article.out:last-child .status.delivered') !== null",
        &[],
    )
    .await;
    let said = ["Salom", "Enter, Enter", "Click, click", "Is anybody there?"];
    assert_eq!(page.texts("#log article .bubble").await, said);
    let mut sent = test_server.sent();
    sent.sort_unstable();
    assert_eq!(sent, ["Click, click", "Enter, Enter", "Is anybody there?"]);
}

async fn typed_text_survives_a_lost_connection(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.is_focused("#message").await;

    test_server.network.pause();
    page.press("On its way".chars().chain([ENTER])).await;
    page.press("and this".chars().chain([ENTER])).await;
    assert_eq!(page.value("#message").await, "and this");
    test_server.network.disconnect();
    page.has("#composer-error").await;
    assert_eq!(page.value("#message").await, "On its way\nand this");
    test_server.network.restore();
    page.press([ENTER]).await;
    page.shows("#log article.out", "On its way and this").await;

    // The server has stored the message, but the page did not get the response; then the text was changed.
    test_server.network.drop_responses();
    page.press("Come".chars().chain([ENTER])).await;
    page.has("#composer-error").await;
    test_server.network.restore();
    page.press(" tomorrow".chars().chain([ENTER])).await;
    page.shows("#log article.out", "Come tomorrow").await;
    let said = ["Salom", "On its way and this", "Come", "Come tomorrow"];
    assert_eq!(page.texts("#log article .bubble").await, said);
}

in_chromium!(scripts Run: repeated_clicks_send_one_message, typed_text_survives_a_lost_connection);
