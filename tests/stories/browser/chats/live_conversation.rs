//! The main task on one page that is never reloaded.

use aloqa::simulator::Behaviour;

use crate::browser::{AZIZA, BOBUR};
use crate::support::{
    TestServer,
    process::chromium::{ENTER, Page},
};

async fn a_message_and_its_delivered_reply_appear_without_a_reload(test_server: TestServer, page: Page) {
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.has("#chats-none").await;
    page.has(".conversation-empty").await;
    page.title_is("Chats · Aloqa").await;

    page.mark().await;
    test_server.sms(AZIZA, "Assalomu alaykum!").await;
    page.shows("#chat-list .unread .preview", "Assalomu alaykum!").await;
    page.shows("#chat-list .badge", "1").await;
    page.title_is("(1) Chats · Aloqa").await;
    page.has_no("#chats-none").await;
    page.is_still_the_marked_one().await;

    page.click("#chat-list a").await;
    page.shows("#log article:not(.out)", "Assalomu alaykum!").await;
    page.mark().await;
    // The message is visible, and so marked as read.
    page.has_no("#chat-list .badge").await;
    page.has_no("#mark-read").await;
    page.title_is("+998 90 123 45 67 · Aloqa").await;
    assert_eq!(
        test_server.services.events.page_frame(&test_server.company.agent).await.unwrap().unread_chats,
        0
    );

    page.is_focused("#message").await;
    page.press("Vaalaykum assalom! Salom".chars().chain([ENTER])).await;
    page.shows("#log article.out", "Vaalaykum assalom! Salom").await;
    page.has("#log article.out .status.queued").await;
    assert_eq!(page.value("#message").await, "");
    page.is_focused("#message").await;
    page.shows("#chat-list .preview", "Vaalaykum assalom!").await;

    test_server.simulator.next(Behaviour::AcceptSilently);
    test_server.deliver();
    page.has("#log article.out .status.sent").await;
    let request = test_server.simulator.requests().pop().unwrap();
    assert_eq!(request.value("To"), Some(AZIZA));
    let answer = test_server.simulator.report(&request.message_sid, "delivered", None).await.unwrap();
    assert!(answer.unwrap().is_success());
    page.has("#log article.out .status.delivered").await;
    page.shows("#log article.out .status", "Delivered").await;

    page.press("Half a sen".chars()).await;
    test_server.sms(AZIZA, "Qachon ochilasiz?").await;
    page.shows("#log article:not(.out)", "Qachon ochilasiz?").await;
    assert_eq!(page.value("#message").await, "Half a sen");
    page.is_focused("#message").await;
    page.press("tence".chars()).await;
    assert_eq!(page.value("#message").await, "Half a sentence");
    page.until(
        "the log at its end",
        "const log = document.querySelector('#log');
         return log.scrollHeight - log.scrollTop - log.clientHeight < 2",
        &[],
    )
    .await;
    page.has_no("#mark-read").await;

    test_server.sms(BOBUR, "Narxi qancha?").await;
    page.title_is("(1) +998 90 123 45 67 · Aloqa").await;
    page.shows("#chat-list li:first-child .preview", "Narxi qancha?").await;
    page.shows("#nav-chat .badge", "1").await;
    assert_eq!(
        page.texts("#log article .bubble").await,
        ["Assalomu alaykum!", "Vaalaykum assalom! Salom", "Qachon ochilasiz?"]
    );
    assert_eq!(page.value("#message").await, "Half a sentence");
    page.is_still_the_marked_one().await;
}

in_chromium!(on both engines: a_message_and_its_delivered_reply_appear_without_a_reload);
