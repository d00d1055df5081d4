//! Tests of outcomes that a user sets by hand, while providers report and other users do the same.

use aloqa::{
    domain::{Direction, MessageStatus},
    error::AppError,
    persistence::{ChatFilter, PageRequest},
    services::{ChannelContext, ChatUpdatesRequest, MessageRange},
};

use crate::support::{
    TestEnv,
    chat_fixture::chat_page,
    concurrently,
    populated_tenant::PopulatedTenant,
    providers::twilio::{report, sms},
};

on_both_engines![
    an_unknown_status_is_settled_once_by_user_or_report,
    a_delivery_confirmed_by_a_user_is_not_reverted,
    concurrent_requests_mark_a_chat_as_unread_once,
    a_long_chat_can_be_opened_at_any_message,
];

async fn make_status_unknown(env: &TestEnv, populated: &PopulatedTenant) {
    let id = populated.outbound;
    let sql = format!(
        "UPDATE messages SET status = 'unknown', error_code = 'unknown', provider_id = 'SM77' WHERE id = {id}"
    );
    env.raw().await.run(&sql).await.unwrap();
}

async fn channel_of(env: &TestEnv, populated: &PopulatedTenant) -> ChannelContext {
    let channel = env.services.channels.list_with_secrets(populated.company.id()).await.unwrap().remove(0).0;
    ChannelContext { tenant: populated.company.tenant.clone(), channel }
}

async fn an_unknown_status_is_settled_once_by_user_or_report(env: TestEnv) {
    let populated = env.populated_tenant("samarkand").await;
    make_status_unknown(&env, &populated).await;
    let channel = channel_of(&env, &populated).await;
    let (chats, agent, chat) = (&env.services.chats, &populated.company.agent, populated.test_chat.chat);
    let hands = concurrently(6, |_| {
        let (chats, agent) = (chats.clone(), agent.clone());
        async move { chats.mark_delivered(&agent, chat, populated.outbound).await }
    });
    let reported = env.services.delivery.report(&channel, report("SM77", MessageStatus::Delivered));
    let (hands, reported) = tokio::join!(hands, reported);
    assert!(reported.unwrap());
    for settled in hands {
        assert_eq!(settled.unwrap().status, MessageStatus::Delivered);
    }
    let mut raw = env.raw().await;
    let told = "SELECT COUNT(*) FROM events WHERE kind = 'MessageStatusChanged'";
    assert_eq!(raw.number(told).await, 1);
    let message = chats.get(agent, chat).await.unwrap().messages.pop().unwrap();
    assert_eq!((message.status, message.failure.is_none()), (MessageStatus::Delivered, true));
    assert_eq!(message.delivered_at, Some(env.clock.now()));
}

async fn a_delivery_confirmed_by_a_user_is_not_reverted(env: TestEnv) {
    let populated = env.populated_tenant("samarkand").await;
    make_status_unknown(&env, &populated).await;
    let channel = channel_of(&env, &populated).await;
    let (chats, agent, chat) = (&env.services.chats, &populated.company.agent, populated.test_chat.chat);
    chats.mark_delivered(agent, chat, populated.outbound).await.unwrap();
    let list = chats.list(agent, &ChatFilter::default(), PageRequest { page: 1, limit: 25 }).await.unwrap().0;
    assert_eq!(list.items[0].last_message.as_ref().unwrap().status, MessageStatus::Delivered);
    for (late, then) in [
        (MessageStatus::Sent, MessageStatus::Delivered),
        (MessageStatus::Failed, MessageStatus::Delivered),
        (MessageStatus::Read, MessageStatus::Read),
    ] {
        env.services.delivery.report(&channel, report("SM77", late)).await.unwrap();
        let message = chats.get(agent, chat).await.unwrap().messages.pop().unwrap();
        assert_eq!(message.status, then, "after {late:?}");
    }
    let refused = chats.mark_delivered(agent, chat, populated.inbound).await.unwrap_err();
    assert!(matches!(refused, AppError::Conflict(_)), "{refused:?}");
    let refused = chats.retry(agent, chat, populated.outbound).await.unwrap_err();
    assert!(matches!(refused, AppError::Conflict(_)), "{refused:?}");
}

async fn concurrent_requests_mark_a_chat_as_unread_once(env: TestEnv) {
    let populated = env.populated_tenant("samarkand").await;
    let (chats, agent, chat) = (&env.services.chats, &populated.company.agent, populated.test_chat.chat);
    chats.mark_read(agent, chat, populated.outbound).await.unwrap();
    concurrently(6, |_| {
        let (chats, agent) = (chats.clone(), agent.clone());
        async move { chats.mark_unread(&agent, chat).await.unwrap() }
    })
    .await;
    let found = chat_page(&env.services, &populated.company.manager, chat, None).await.unwrap().details;
    assert_eq!((found.chat.unread_count, found.newest_unread), (1, Some(populated.inbound)));
    let mut raw = env.raw().await;
    assert_eq!(raw.number("SELECT COUNT(*) FROM events WHERE kind = 'MessageUnread'").await, 1);
    // After the chat is marked as read again, nothing is unread.
    chats.mark_read(agent, chat, populated.outbound).await.unwrap();
    assert_eq!(env.services.events.page_frame(agent).await.unwrap().unread_chats, 0);
}

async fn a_long_chat_can_be_opened_at_any_message(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let mut ids = Vec::new();
    for number in 0..130 {
        ids.push(env.receive(&channel, &sms(&format!("SM{number}"), "+998901234567", "Salom")).await);
    }
    let (chats, agent, chat) = (&env.services.chats, &company.agent, ids[0].0);
    for (at, older, newer) in [(0, false, true), (10, false, true), (60, true, true), (129, true, false)] {
        let shown = chat_page(&env.services, agent, chat, Some(ids[at].1)).await.unwrap().details;
        assert!(shown.messages.iter().any(|message| message.id == ids[at].1));
        assert!(shown.messages.is_sorted_by_key(|message| message.id));
        assert_eq!((shown.has_more, shown.has_newer), (older, newer), "{at}");
    }
    let part = async |from, to| {
        let messages = Some(MessageRange { chat, from, to });
        let request = ChatUpdatesRequest { messages, ..ChatUpdatesRequest::default() };
        chats.updates(agent, &request).await.unwrap().messages.unwrap().0
    };
    let slice = part(ids[3].1, None).await;
    assert_eq!((slice.messages.len(), slice.before, slice.after, slice.has_newer), (101, 1, 0, true));
    let slice = part(ids[0].1, Some(ids[4].1)).await;
    assert_eq!((slice.messages.len(), slice.before, slice.after, slice.has_newer), (6, 0, 1, false));
    let slice = part(ids[129].1, Some(ids[129].1)).await;
    assert_eq!((slice.messages.len(), slice.before, slice.after), (2, 1, 0));
    let slice = part(aloqa::domain::MessageId(i64::MAX), None).await;
    assert_eq!((slice.messages.len(), slice.before), (1, 1));
    assert!(slice.messages.iter().all(|message| message.direction == Direction::Inbound));
}
