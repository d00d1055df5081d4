//! Tests of reconnection: an open page catches up after a broken connection, a restart, or in another tab.

use crate::browser::{AZIZA, BOBUR};
use crate::support::{
    TestServer,
    process::chromium::{ENTER, Page},
};

async fn a_disconnected_page_shows_a_notice_and_catches_up(test_server: TestServer, page: Page) {
    test_server.deliver();
    test_server.sms(AZIZA, "One").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.shows("#log article", "One").await;
    page.has_no("#mark-read").await;
    page.mark().await;

    test_server.network.disconnect();
    page.has("#toasts p").await;
    test_server.sms(AZIZA, "Two").await;
    test_server.sms(BOBUR, "Elsewhere").await;
    test_server.sms(AZIZA, "Three").await;
    page.press("Said in a tunnel".chars().chain([ENTER])).await;
    page.has("#composer-error").await;
    assert_eq!(page.value("#message").await, "Said in a tunnel");
    assert_eq!(page.texts("#log .bubble").await, ["One"]);

    test_server.network.restore();
    page.shows("#log article", "Three").await;
    page.has_no("#toasts p").await;
    page.title_is("(1) +998 90 123 45 67 · Aloqa").await;
    page.press([ENTER]).await;
    page.has("#log article.out .status.delivered").await;
    page.has_no("#composer-error").await;
    assert_eq!(page.texts("#log .bubble").await, ["One", "Two", "Three", "Said in a tunnel"]);
    assert_eq!(test_server.sent(), ["Said in a tunnel"]);
    page.is_still_the_marked_one().await;
}

async fn tabs_share_one_stream_and_another_tab_takes_it_over(test_server: TestServer, page: Page) {
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.mark().await;
    page.open_tab("/crm/chats").await;
    page.mark().await;
    test_server.sms(AZIZA, "To everyone").await;
    page.shows("#chat-list .preview", "To everyone").await;
    page.look_at_tab(0).await;
    page.shows("#chat-list .preview", "To everyone").await;
    page.is_still_the_marked_one().await;
    // The first tab is the one that holds the stream.
    page.close_tab().await;
    test_server.sms(BOBUR, "To who is left").await;
    page.shows("#chat-list .preview", "To who is left").await;
    page.is_still_the_marked_one().await;
}

async fn a_page_restored_by_the_back_button_receives_events_again(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "One").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.shows("#log article", "One").await;
    page.has_no("#mark-read").await;
    page.back().await;
    page.is_at("/crm/chats").await;
    page.has_no("#chat-list .badge").await;
    test_server.sms(BOBUR, "Two").await;
    page.shows("#chat-list .preview", "Two").await;
}

in_chromium!(scripts Run:
    a_disconnected_page_shows_a_notice_and_catches_up,
    tabs_share_one_stream_and_another_tab_takes_it_over,
    a_page_restored_by_the_back_button_receives_events_again,
);
