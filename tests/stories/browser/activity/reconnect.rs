//! Connections break, servers are restarted, people have several tabs: the open page catches up.

use crate::browser::{AZIZA, BOBUR};
use crate::support::{
    Office,
    process::chromium::{ENTER, Page},
};

async fn a_page_that_was_cut_off_says_so_and_catches_up_without_doubles(office: Office, page: Page) {
    office.deliver();
    office.sms(AZIZA, "One").await;
    page.sign_in(office.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.shows("#log article", "One").await;
    page.has_no("#mark-read").await;
    page.mark().await;

    office.line.cut();
    page.has("#toasts p").await;
    office.sms(AZIZA, "Two").await;
    office.sms(BOBUR, "Elsewhere").await;
    office.sms(AZIZA, "Three").await;
    page.press("Said in a tunnel".chars().chain([ENTER])).await;
    page.has("#composer-error").await;
    assert_eq!(page.value("#message").await, "Said in a tunnel");
    assert_eq!(page.texts("#log .bubble").await, ["One"]);

    office.line.mend();
    page.shows("#log article", "Three").await;
    page.has_no("#toasts p").await;
    page.title_is("(1) +998 90 123 45 67 · Aloqa").await;
    page.press([ENTER]).await;
    page.has("#log article.out .status.delivered").await;
    page.has_no("#composer-error").await;
    assert_eq!(page.texts("#log .bubble").await, ["One", "Two", "Three", "Said in a tunnel"]);
    assert_eq!(office.sent(), ["Said in a tunnel"]);
    page.is_still_the_marked_one().await;
}

async fn every_tab_follows_also_when_the_one_that_listens_is_closed(office: Office, page: Page) {
    page.sign_in(office.company.agent.user.email.as_str()).await;
    page.mark().await;
    page.open_tab("/crm/chats").await;
    page.mark().await;
    office.sms(AZIZA, "To everyone").await;
    page.shows("#chat-list .preview", "To everyone").await;
    page.look_at_tab(0).await;
    page.shows("#chat-list .preview", "To everyone").await;
    page.is_still_the_marked_one().await;
    // It was the first, and so the one that listens.
    page.close_tab().await;
    office.sms(BOBUR, "To who is left").await;
    page.shows("#chat-list .preview", "To who is left").await;
    page.is_still_the_marked_one().await;
}

async fn a_page_that_one_goes_back_to_follows_again(office: Office, page: Page) {
    office.sms(AZIZA, "One").await;
    page.sign_in(office.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.shows("#log article", "One").await;
    page.has_no("#mark-read").await;
    page.back().await;
    page.is_at("/crm/chats").await;
    page.has_no("#chat-list .badge").await;
    office.sms(BOBUR, "Two").await;
    page.shows("#chat-list .preview", "Two").await;
}

in_chromium!(scripts Run:
    a_page_that_was_cut_off_says_so_and_catches_up_without_doubles,
    every_tab_follows_also_when_the_one_that_listens_is_closed,
    a_page_that_one_goes_back_to_follows_again,
);
