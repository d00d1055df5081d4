//! Tests of stored messages: their content, their ids, their statuses and their order.

use aloqa::{
    domain::{ChannelId, Direction, Failure, MessageId, MessageStatus, NewMessage, SenderType, Transport},
    error::AppError,
    persistence::{StatusChange, UnitOfWork},
};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::support::{
    TestEnv,
    chat_fixture::{ChatFixture, idempotency_key, picture, store_message},
    providers::twilio::account,
};

on_both_engines![
    a_message_is_read_as_stored,
    the_history_is_paged_backwards,
    attachments_are_read_with_their_message,
    each_status_time_is_set_by_the_first_report_that_implies_it,
    a_failure_keeps_its_reason_until_a_retry,
    a_message_is_found_by_its_provider_id_within_its_channel,
    an_idempotency_key_is_unique_in_its_chat,
    the_last_message_of_each_member_names_its_channel,
    several_messages_are_read_in_one_call,
    an_unknown_enum_value_degrades_only_its_message,
];

async fn a_message_is_read_as_stored(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let (now, soon) = (env.clock.now(), env.clock.now() + TimeDelta::hours(1));
    let mut tx = company.begin().await;
    let scheduled = NewMessage {
        status: MessageStatus::Scheduled,
        scheduled_at: Some(soon),
        ..test_chat.outbound("Ertaga kutamiz!\n🌸", now)
    };
    let id = tx.messages_mut().create(&scheduled, &[]).await.unwrap();
    let message = tx.messages().get(test_chat.chat, id).await.unwrap().unwrap();
    assert_eq!((message.id, message.chat, message.member), (id, test_chat.chat, test_chat.agent));
    assert_eq!((message.sender_type, message.sender_name.as_str()), (SenderType::User, "agent Karimov"));
    assert_eq!((message.direction, message.transport), (Direction::Outbound, Transport::Sms));
    assert_eq!((message.channel, message.text.as_str()), (Some(test_chat.channel), "Ertaga kutamiz!\n🌸"));
    assert_eq!((message.status, message.failure, message.retries), (MessageStatus::Scheduled, None, 0));
    assert_eq!((message.created_at, message.scheduled_at), (now, Some(soon)));
    assert_eq!(
        (message.sent_at, message.delivered_at, message.read_at, message.edited_at),
        (None, None, None, None)
    );

    let inbound = tx.messages_mut().create(&test_chat.inbound("", now), &[]).await.unwrap();
    assert!(inbound > id, "ids grow");
    let inbound = tx.messages().find(inbound).await.unwrap().unwrap();
    assert_eq!((inbound.sender_type, inbound.sender_name.as_str()), (SenderType::Client, "Aziza"));
    assert_eq!(inbound.status, MessageStatus::Received);

    tx.commit().await.unwrap();
    let other = env.chat_fixture(&company, &channel, "Bobur", "+998935550011").await;
    let mut tx = company.read().await;
    assert!(tx.messages().get(other.chat, id).await.unwrap().is_none(), "it is not that chat's");
    assert!(tx.messages().find(MessageId(i64::MAX)).await.unwrap().is_none());
}

async fn the_history_is_paged_backwards(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let other = env.chat_fixture(&company, &channel, "Bobur", "+998935550011").await;
    let mut tx = company.begin().await;
    for number in 1..=7 {
        store_message(&mut tx, &test_chat.inbound(&number.to_string(), env.clock.now())).await;
        store_message(&mut tx, &other.inbound("elsewhere", env.clock.now())).await;
    }
    let (mut before, mut seen) = (None, Vec::new());
    for (texts, more) in [("5 6 7", true), ("2 3 4", true), ("1", false)] {
        let (messages, has_more) = tx.messages().before(test_chat.chat, before, 3).await.unwrap();
        let told: Vec<_> = messages.iter().map(|m| m.text.as_str()).collect();
        assert_eq!((told.join(" ").as_str(), has_more), (texts, more));
        before = messages.first().map(|m| m.id);
        seen.extend(messages);
    }
    assert_eq!(tx.messages().before(test_chat.chat, before, 3).await.unwrap().0.len(), 0);
    let (all, has_more) = tx.messages().before(test_chat.chat, None, 7).await.unwrap();
    assert_eq!((all.len(), has_more), (7, false), "exactly a page has nothing after it");
}

async fn attachments_are_read_with_their_message(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let now = env.clock.now();
    let mut tx = company.begin().await;
    let album = [picture("1.jpg"), picture("2.jpg"), picture("3.jpg")];
    tx.messages_mut().create(&test_chat.inbound("", now), &album).await.unwrap();
    tx.messages_mut().create(&test_chat.inbound("no picture", now), &[]).await.unwrap();
    tx.messages_mut().create(&test_chat.inbound("one more", now), &album[..1]).await.unwrap();
    let (messages, _) = tx.messages().before(test_chat.chat, None, 50).await.unwrap();
    let names: Vec<Vec<_>> =
        messages.iter().map(|m| m.attachments.iter().map(|a| a.name.as_str()).collect()).collect();
    assert_eq!(names, [vec!["1.jpg", "2.jpg", "3.jpg"], vec![], vec!["1.jpg"]]);
    let first = &messages[0].attachments[0];
    assert_eq!((first.content_type.as_str(), first.size), ("image/jpeg", None));
    let alone = tx.messages().find(messages[0].id).await.unwrap().unwrap();
    assert_eq!(alone.attachments.len(), 3);
}

fn reported(status: MessageStatus, at: DateTime<Utc>) -> StatusChange {
    StatusChange { status, failure: None, provider_id: None, at }
}

async fn each_status_time_is_set_by_the_first_report_that_implies_it(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let mut tx = company.begin().await;
    let id = store_message(&mut tx, &test_chat.outbound("Salom", env.clock.now())).await;
    let start = env.clock.now();
    let at = |minutes| Some(start + TimeDelta::minutes(minutes));
    // "Delivered" is the first report that arrives, so the message was sent at that time at the latest.
    for (minute, status, times) in [
        (0, MessageStatus::Queued, (None, None, None)),
        (1, MessageStatus::Delivered, (at(1), at(1), None)),
        (2, MessageStatus::Sent, (at(1), at(1), None)),
        (3, MessageStatus::Read, (at(1), at(1), at(3))),
        (4, MessageStatus::Read, (at(1), at(1), at(3))),
    ] {
        tx.messages_mut()
            .update_status(id, &reported(status, start + TimeDelta::minutes(minute)))
            .await
            .unwrap();
        let message = tx.messages().find(id).await.unwrap().unwrap();
        assert_eq!(message.status, status);
        assert_eq!((message.sent_at, message.delivered_at, message.read_at), times, "{status:?}");
    }
}

async fn a_failure_keeps_its_reason_until_a_retry(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let now = env.clock.now();
    let mut tx = company.begin().await;
    let id = store_message(&mut tx, &test_chat.outbound("Salom", now)).await;
    let why = Failure { code: "30003".into(), detail: Some("Unreachable destination handset".into()) };
    let failed = StatusChange {
        failure: Some(why.clone()),
        provider_id: Some("SM1".into()),
        ..reported(MessageStatus::Failed, now)
    };
    tx.messages_mut().update_status(id, &reported(MessageStatus::Sent, now)).await.unwrap();
    tx.messages_mut().update_status(id, &failed).await.unwrap();
    let message = tx.messages().find(id).await.unwrap().unwrap();
    assert_eq!((message.status, message.failure.as_ref()), (MessageStatus::Failed, Some(&why)));
    assert_eq!((message.callback_reference(), message.delivered_at), (format!("{id}.0"), None));

    tx.messages_mut().requeue(id).await.unwrap();
    let message = tx.messages().find(id).await.unwrap().unwrap();
    assert_eq!((message.status, message.failure.as_ref()), (MessageStatus::Queued, None));
    assert_eq!(message.sent_at, None);
    assert_eq!(
        message.callback_reference(),
        format!("{id}.1"),
        "reports of the first try are told from the second's"
    );
    assert_eq!(tx.messages().provider_id(id).await.unwrap(), None);
    assert!(tx.messages().by_provider_id(test_chat.channel, "SM1").await.unwrap().is_none());
}

async fn a_message_is_found_by_its_provider_id_within_its_channel(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let second = env.connect_account(&company, account(77)).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let now = env.clock.now();
    let mut tx = company.begin().await;
    let named = NewMessage { provider_id: Some("SM1".into()), ..test_chat.inbound("Salom", now) };
    let id = tx.messages_mut().create(&named, &[]).await.unwrap();
    let elsewhere = NewMessage { channel: second.channel.id, ..named.clone() };
    let other = tx.messages_mut().create(&elsewhere, &[]).await.unwrap();
    assert_eq!(tx.messages().by_provider_id(test_chat.channel, "SM1").await.unwrap().unwrap().id, id);
    assert_eq!(tx.messages().by_provider_id(second.channel.id, "SM1").await.unwrap().unwrap().id, other);
    assert!(tx.messages().by_provider_id(test_chat.channel, "SM2").await.unwrap().is_none());
    assert!(tx.messages().by_provider_id(ChannelId(Uuid::nil()), "SM1").await.unwrap().is_none());
    assert_eq!(tx.messages().provider_id(id).await.unwrap().as_deref(), Some("SM1"));

    // The first provider id stays, whatever is reported later.
    let renamed = StatusChange { provider_id: Some("SM9".into()), ..reported(MessageStatus::Received, now) };
    tx.messages_mut().update_status(id, &renamed).await.unwrap();
    assert_eq!(tx.messages().provider_id(id).await.unwrap().as_deref(), Some("SM1"));
    let twice = tx.messages_mut().create(&named, &[]).await.unwrap_err();
    assert!(matches!(twice, AppError::Conflict(_)), "{twice:?}");
}

async fn an_idempotency_key_is_unique_in_its_chat(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let other = env.chat_fixture(&company, &channel, "Bobur", "+998935550011").await;
    let now = env.clock.now();
    let keyed = |test_chat: &ChatFixture| NewMessage {
        idempotency_key: Some(idempotency_key("click-1")),
        ..test_chat.outbound("Salom", now)
    };
    let mut tx = company.begin().await;
    let first = tx.messages_mut().create(&keyed(&test_chat), &[]).await.unwrap();
    let elsewhere = tx.messages_mut().create(&keyed(&other), &[]).await.unwrap();
    for _ in 0..2 {
        tx.messages_mut().create(&test_chat.outbound("without a key", now), &[]).await.unwrap();
    }
    let by_key = tx.messages().by_idempotency_key(test_chat.chat, "click-1").await.unwrap().unwrap();
    assert_eq!(by_key.id, first);
    let by_key = tx.messages().by_idempotency_key(other.chat, "click-1").await.unwrap().unwrap();
    assert_eq!(by_key.id, elsewhere);
    assert!(tx.messages().by_idempotency_key(test_chat.chat, "click-2").await.unwrap().is_none());
    let twice = tx.messages_mut().create(&keyed(&test_chat), &[]).await.unwrap_err();
    assert!(matches!(twice, AppError::Conflict(_)), "{twice:?}");
}

async fn the_last_message_of_each_member_names_its_channel(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let second = env.connect_account(&company, account(77)).await.channel.id;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let now = env.clock.now();
    let mut tx = company.begin().await;
    let last = async |tx: &mut UnitOfWork, member| {
        let members = tx.chats().members(test_chat.chat).await.unwrap();
        let last = members.into_iter().find(|of| of.id == member).unwrap().last_message;
        last.map(|last| (last.id, last.channel, last.at))
    };
    assert_eq!(last(&mut tx, test_chat.member).await, None);
    let first = test_chat.inbound("by the first", now);
    store_message(&mut tx, &first).await;
    let newest = NewMessage { channel: second, ..test_chat.inbound("by the second", now) };
    let newest = store_message(&mut tx, &newest).await;
    let answer = store_message(&mut tx, &test_chat.outbound("by the first", now)).await;
    assert_eq!(last(&mut tx, test_chat.member).await, Some((newest, Some(second), now)));
    assert_eq!(last(&mut tx, test_chat.agent).await, Some((answer, Some(test_chat.channel), now)));
}

async fn several_messages_are_read_in_one_call(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let mut tx = company.begin().await;
    let mut ids = vec![MessageId(i64::MAX)];
    for number in 0..3 {
        let message = test_chat.inbound(&number.to_string(), env.clock.now());
        ids.push(tx.messages_mut().create(&message, &[picture(&format!("{number}.jpg"))]).await.unwrap());
    }
    let mut messages = tx.messages().by_ids(&ids[..3]).await.unwrap();
    messages.sort_by_key(|message| message.id);
    let told: Vec<_> = messages.iter().map(|m| (m.text.as_str(), m.attachments[0].name.as_str())).collect();
    assert_eq!(told, [("0", "0.jpg"), ("1", "1.jpg")]);
    assert!(tx.messages().by_ids(&[]).await.unwrap().is_empty());
}

async fn an_unknown_enum_value_degrades_only_its_message(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let mut tx = company.begin().await;
    for text in ["one", "two"] {
        store_message(&mut tx, &test_chat.inbound(text, env.clock.now())).await;
    }
    tx.commit().await.unwrap();
    let mut raw = env.raw().await;
    raw.run("UPDATE messages SET transport = 'pigeon', status = 'eaten' WHERE text = 'one'").await.unwrap();
    let (messages, _) = company.read().await.messages().before(test_chat.chat, None, 50).await.unwrap();
    assert_eq!((messages[0].transport, messages[0].status), (Transport::Other, MessageStatus::Unknown));
    assert_eq!((messages[1].text.as_str(), messages[1].transport), ("two", Transport::Sms));
}
