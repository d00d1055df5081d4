//! Tests of long chats: the scroll position is kept, links lead to messages, and the keyboard suffices.

use crate::browser::{AZIZA, BOBUR};
use crate::support::{
    TestServer,
    chat_fixture::store_message,
    process::chromium::{ENTER, Page},
};

/// A chat of this many messages, all read; returns the ids of the messages.
async fn long_chat(test_server: &TestServer, count: usize) -> Vec<i64> {
    for number in 0..count {
        test_server.sms(AZIZA, &format!("number {number}")).await;
    }
    let agent = &test_server.company.agent;
    let chats = &test_server.services.chats;
    let chat = aloqa::domain::ChatId(1);
    let messages = chats.messages_before(agent, chat, None, 200).await.unwrap().messages;
    chats.mark_read(agent, chat, messages.last().unwrap().id).await.unwrap();
    messages.into_iter().map(|message| message.id.0).collect()
}

/// The topmost visible message, and its distance from the top.
const TOP: &str = "const log = document.querySelector('#log'); const { top } = log.getBoundingClientRect();
    const one = [...log.querySelectorAll('article')].find((one) => one.getBoundingClientRect().bottom > top);
    return one.id + ' ' + Math.round(one.getBoundingClientRect().top - top)";

async fn new_messages_keep_the_scroll_position_and_are_counted(test_server: TestServer, page: Page) {
    long_chat(&test_server, 70).await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.shows("#log article:last-of-type", "number 69").await;
    page.has_no("#jump").await;
    page.mark().await;
    page.run("document.querySelector('#log').scrollTop = 300", &[]).await;
    page.until("older messages", "return document.querySelectorAll('#log article').length === 70", &[]).await;
    page.has_no("#older").await;
    page.run("document.querySelector('#log').scrollTop = 700", &[]).await;
    page.has("#jump").await;
    let top = page.run(TOP, &[]).await;
    test_server.sms(AZIZA, "Meanwhile").await;
    page.shows("#jump-count", "1").await;
    test_server.sms(AZIZA, "And again").await;
    page.shows("#jump-count", "2").await;
    assert_eq!(page.run(TOP, &[]).await, top);
    page.title_is("(1) +998 90 123 45 67 · Aloqa").await;
    assert_eq!(
        test_server.services.events.page_frame(&test_server.company.agent).await.unwrap().unread_chats,
        1,
        "nobody has seen them"
    );
    page.click("#jump").await;
    page.has_no("#jump").await;
    // The messages are visible now, and so marked as read.
    page.title_is("+998 90 123 45 67 · Aloqa").await;
    page.is_still_the_marked_one().await;
}

async fn a_link_leads_to_a_message_and_its_neighbours(test_server: TestServer, page: Page) {
    let ids = long_chat(&test_server, 120).await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.goto(&format!("/crm/chats/1?message={}", ids[30])).await;
    page.shows("#log article.target", "number 30").await;
    page.has("#jump").await;
    page.until(
        "both ends of the conversation",
        "const log = document.querySelector('#log');
         log.scrollTop = document.querySelector('#older') ? 0 : log.scrollHeight;
         return !document.querySelector('#older, #newer')",
        &[],
    )
    .await;
    let shown = page.texts("#log .bubble").await;
    assert_eq!(shown, (0..120).map(|number| format!("number {number}")).collect::<Vec<_>>());
    test_server.sms(AZIZA, "Live").await;
    page.shows("#log article:last-of-type", "Live").await;
    page.goto("/crm/chats/1?message=4711").await;
    page.has("#gone").await;
    test_server.sms(AZIZA, "And it stays said").await;
    page.shows("#log article:last-of-type", "And it stays said").await;
    page.has("#gone").await;
}

async fn changes_outside_of_the_view_are_shown_on_return(test_server: TestServer, page: Page) {
    let test_chat =
        test_server.env.chat_fixture(&test_server.company, &test_server.channel, "Aziza", AZIZA).await;
    let chats = &test_server.services.chats;
    let agent = &test_server.company.agent;
    let answer = aloqa::services::OutgoingMessage {
        text: aloqa::domain::MessageText::from_provider("An answer"),
        transport: None,
        idempotency_key: None,
        scheduled_at: None,
        template: None,
        whatsapp_template: None,
        priority: aloqa::domain::DeliveryPriority::Interactive,
        written_at: None,
    };
    let answer = chats.send(agent, test_chat.chat, answer).await.unwrap();
    let mut tx = test_server.company.begin().await;
    let mut last = answer.id;
    for number in 0..320 {
        last =
            store_message(&mut tx, &test_chat.inbound(&format!("number {number}"), answer.created_at)).await;
    }
    tx.commit().await.unwrap();
    chats.mark_read(agent, test_chat.chat, last).await.unwrap();
    page.sign_in(agent.user.email.as_str()).await;
    page.goto(&format!("/crm/chats/1?message={}", answer.id)).await;
    page.has("#log .out .status.queued").await;
    page.until(
        "the newest, with the answer far above and let go",
        "const log = document.querySelector('#log'); log.scrollTop = log.scrollHeight;
         return !document.querySelector('#newer') && document.querySelector('#older')
             && !document.querySelector('#log .out')",
        &[],
    )
    .await;
    page.shows("#log article:last-of-type", "number 319").await;
    assert!(
        page.run("return document.querySelectorAll('#log article').length", &[]).await.as_i64() <= Some(240)
    );
    test_server.deliver();
    page.until(
        "that it was delivered",
        "return fetch(`/crm/chats/1/messages?after=0&limit=1`, { headers: { Accept: 'application/json' } })
            .then((answer) => answer.json()).then(({ items }) => items[0].status === 'delivered')",
        &[],
    )
    .await;
    page.until(
        "the answer",
        "const log = document.querySelector('#log'); if (document.querySelector('#older')) log.scrollTop = 0;
         return document.querySelector('#log .out .status.delivered') !== null",
        &[],
    )
    .await;
}

async fn the_keyboard_leads_from_the_list_to_a_reply(test_server: TestServer, page: Page) {
    test_server.deliver();
    test_server.sms(AZIZA, "Salom").await;
    test_server.sms(BOBUR, "Narxi qancha?").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.press(['j']).await;
    page.is_focused("#chat-list li:first-child a").await;
    page.press(['j']).await;
    page.is_focused("#chat-list li:last-child a").await;
    // The order of the list changes, and the focus stays on its chat.
    test_server.sms(AZIZA, "Yana bir savol").await;
    page.shows("#chat-list li:first-child", "Yana bir savol").await;
    page.is_focused("#chat-list li:first-child a").await;
    page.press([ENTER]).await;
    page.shows("#log article", "Yana bir savol").await;
    page.is_focused("#message").await;
    page.press("Marhamat".chars().chain([ENTER])).await;
    page.has("#log article.out .status.delivered").await;
    assert_eq!(test_server.sent(), ["Marhamat"]);
}

in_chromium!(scripts Run:
    new_messages_keep_the_scroll_position_and_are_counted,
    a_link_leads_to_a_message_and_its_neighbours,
    changes_outside_of_the_view_are_shown_on_return,
    the_keyboard_leads_from_the_list_to_a_reply,
);
