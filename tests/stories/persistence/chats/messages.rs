//! Stories of messages: kept as they were said, found by every id that they have, and told of in order.

use aloqa::{
    domain::{ChannelId, Direction, Failure, MessageId, MessageStatus, NewMessage, SenderType, Transport},
    error::AppError,
    persistence::StatusReport,
};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::support::{
    World,
    chat_fixture::{Talk, picture, say},
    providers::twilio::account,
};

on_both_engines![
    a_message_comes_back_as_it_was_said,
    history_is_read_backwards_in_pages,
    files_stay_with_their_message,
    each_time_is_set_once_by_the_first_report_that_implies_it,
    a_failure_says_why_until_someone_tries_again,
    a_provider_knows_a_message_by_its_own_id_in_its_own_channel,
    a_key_is_one_message_of_its_chat,
    a_chat_remembers_the_channel_of_each_transport,
    many_messages_are_read_at_once,
    a_word_that_is_not_known_degrades_its_message,
];

async fn a_message_comes_back_as_it_was_said(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let talk = world.talk(&company, &channel, "Aziza", "+998901234567").await;
    let (now, soon) = (world.clock.now(), world.clock.now() + TimeDelta::hours(1));
    let mut tx = company.begin().await;
    let scheduled = NewMessage {
        status: MessageStatus::Scheduled,
        scheduled_at: Some(soon),
        ..talk.outbound("Ertaga kutamiz!\n🌸", now)
    };
    let id = tx.messages().create(&scheduled, &[]).await.unwrap();
    let message = tx.messages().get(talk.chat, id).await.unwrap().unwrap();
    assert_eq!((message.id, message.chat, message.member), (id, talk.chat, talk.agent));
    assert_eq!((message.sender_type, message.sender_name.as_str()), (SenderType::User, "agent Karimov"));
    assert_eq!((message.direction, message.transport), (Direction::Outbound, Transport::Sms));
    assert_eq!((message.channel, message.text.as_str()), (Some(talk.channel), "Ertaga kutamiz!\n🌸"));
    assert_eq!((message.status, message.failure, message.retries), (MessageStatus::Scheduled, None, 0));
    assert_eq!((message.created_at, message.scheduled_at), (now, Some(soon)));
    assert_eq!(
        (message.sent_at, message.delivered_at, message.read_at, message.edited_at),
        (None, None, None, None)
    );

    let inbound = tx.messages().create(&talk.inbound("", now), &[]).await.unwrap();
    assert!(inbound > id, "ids grow");
    let inbound = tx.messages().find(inbound).await.unwrap().unwrap();
    assert_eq!((inbound.sender_type, inbound.sender_name.as_str()), (SenderType::Client, "Aziza"));
    assert_eq!(inbound.status, MessageStatus::Received);

    tx.commit().await.unwrap();
    let other = world.talk(&company, &channel, "Bobur", "+998935550011").await;
    let mut tx = company.read().await;
    assert!(tx.messages().get(other.chat, id).await.unwrap().is_none(), "it is not that chat's");
    assert!(tx.messages().find(MessageId(i64::MAX)).await.unwrap().is_none());
}

async fn history_is_read_backwards_in_pages(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let talk = world.talk(&company, &channel, "Aziza", "+998901234567").await;
    let other = world.talk(&company, &channel, "Bobur", "+998935550011").await;
    let mut tx = company.begin().await;
    for number in 1..=7 {
        say(&mut tx, &talk.inbound(&number.to_string(), world.clock.now())).await;
        say(&mut tx, &other.inbound("elsewhere", world.clock.now())).await;
    }
    let (mut before, mut seen) = (None, Vec::new());
    for (texts, more) in [("5 6 7", true), ("2 3 4", true), ("1", false)] {
        let (messages, has_more) = tx.messages().before(talk.chat, before, 3).await.unwrap();
        let told: Vec<_> = messages.iter().map(|m| m.text.as_str()).collect();
        assert_eq!((told.join(" ").as_str(), has_more), (texts, more));
        before = messages.first().map(|m| m.id);
        seen.extend(messages);
    }
    assert_eq!(tx.messages().before(talk.chat, before, 3).await.unwrap().0.len(), 0);
    let (all, has_more) = tx.messages().before(talk.chat, None, 7).await.unwrap();
    assert_eq!((all.len(), has_more), (7, false), "exactly a page has nothing after it");
}

async fn files_stay_with_their_message(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let talk = world.talk(&company, &channel, "Aziza", "+998901234567").await;
    let now = world.clock.now();
    let mut tx = company.begin().await;
    let album = [picture("1.jpg"), picture("2.jpg"), picture("3.jpg")];
    tx.messages().create(&talk.inbound("", now), &album).await.unwrap();
    tx.messages().create(&talk.inbound("no picture", now), &[]).await.unwrap();
    tx.messages().create(&talk.inbound("one more", now), &album[..1]).await.unwrap();
    let (messages, _) = tx.messages().before(talk.chat, None, 50).await.unwrap();
    let names: Vec<Vec<_>> =
        messages.iter().map(|m| m.attachments.iter().map(|a| a.name.as_str()).collect()).collect();
    assert_eq!(names, [vec!["1.jpg", "2.jpg", "3.jpg"], vec![], vec!["1.jpg"]]);
    let first = &messages[0].attachments[0];
    assert_eq!((first.content_type.as_str(), first.size), ("image/jpeg", None));
    let alone = tx.messages().find(messages[0].id).await.unwrap().unwrap();
    assert_eq!(alone.attachments.len(), 3);
}

fn reported(status: MessageStatus, at: DateTime<Utc>) -> StatusReport {
    StatusReport { status, failure: None, provider_id: None, at }
}

async fn each_time_is_set_once_by_the_first_report_that_implies_it(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let talk = world.talk(&company, &channel, "Aziza", "+998901234567").await;
    let mut tx = company.begin().await;
    let id = say(&mut tx, &talk.outbound("Salom", world.clock.now())).await;
    let start = world.clock.now();
    let at = |minutes| Some(start + TimeDelta::minutes(minutes));
    // "Delivered" is the first that is heard: it was sent then too, at the latest.
    for (minute, status, times) in [
        (0, MessageStatus::Queued, (None, None, None)),
        (1, MessageStatus::Delivered, (at(1), at(1), None)),
        (2, MessageStatus::Sent, (at(1), at(1), None)),
        (3, MessageStatus::Read, (at(1), at(1), at(3))),
        (4, MessageStatus::Read, (at(1), at(1), at(3))),
    ] {
        tx.messages().report(id, &reported(status, start + TimeDelta::minutes(minute))).await.unwrap();
        let message = tx.messages().find(id).await.unwrap().unwrap();
        assert_eq!(message.status, status);
        assert_eq!((message.sent_at, message.delivered_at, message.read_at), times, "{status:?}");
    }
}

async fn a_failure_says_why_until_someone_tries_again(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let talk = world.talk(&company, &channel, "Aziza", "+998901234567").await;
    let now = world.clock.now();
    let mut tx = company.begin().await;
    let id = say(&mut tx, &talk.outbound("Salom", now)).await;
    let why = Failure { code: "30003".into(), detail: Some("Unreachable destination handset".into()) };
    let failed = StatusReport {
        failure: Some(why.clone()),
        provider_id: Some("SM1".into()),
        ..reported(MessageStatus::Failed, now)
    };
    tx.messages().report(id, &reported(MessageStatus::Sent, now)).await.unwrap();
    tx.messages().report(id, &failed).await.unwrap();
    let message = tx.messages().find(id).await.unwrap().unwrap();
    assert_eq!((message.status, message.failure.as_ref()), (MessageStatus::Failed, Some(&why)));
    assert_eq!((message.reference(), message.delivered_at), (format!("{id}.0"), None));

    tx.messages().requeue(id).await.unwrap();
    let message = tx.messages().find(id).await.unwrap().unwrap();
    assert_eq!((message.status, message.failure.as_ref()), (MessageStatus::Queued, None));
    assert_eq!(message.sent_at, None);
    assert_eq!(message.reference(), format!("{id}.1"), "reports of the first try are told from the second's");
    assert_eq!(tx.messages().provider_id(id).await.unwrap(), None);
    assert!(tx.messages().by_provider_id(talk.channel, "SM1").await.unwrap().is_none());
}

async fn a_provider_knows_a_message_by_its_own_id_in_its_own_channel(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let second = world.connect_account(&company, account(77)).await;
    let talk = world.talk(&company, &channel, "Aziza", "+998901234567").await;
    let now = world.clock.now();
    let mut tx = company.begin().await;
    let named = NewMessage { provider_id: Some("SM1".into()), ..talk.inbound("Salom", now) };
    let id = tx.messages().create(&named, &[]).await.unwrap();
    let elsewhere = NewMessage { channel: second.channel.id, ..named.clone() };
    let other = tx.messages().create(&elsewhere, &[]).await.unwrap();
    assert_eq!(tx.messages().by_provider_id(talk.channel, "SM1").await.unwrap().unwrap().id, id);
    assert_eq!(tx.messages().by_provider_id(second.channel.id, "SM1").await.unwrap().unwrap().id, other);
    assert!(tx.messages().by_provider_id(talk.channel, "SM2").await.unwrap().is_none());
    assert!(tx.messages().by_provider_id(ChannelId(Uuid::nil()), "SM1").await.unwrap().is_none());
    assert_eq!(tx.messages().provider_id(id).await.unwrap().as_deref(), Some("SM1"));

    // The first name stays, whatever is reported later.
    let renamed = StatusReport { provider_id: Some("SM9".into()), ..reported(MessageStatus::Received, now) };
    tx.messages().report(id, &renamed).await.unwrap();
    assert_eq!(tx.messages().provider_id(id).await.unwrap().as_deref(), Some("SM1"));
    let twice = tx.messages().create(&named, &[]).await.unwrap_err();
    assert!(matches!(twice, AppError::Conflict(_)), "{twice:?}");
}

async fn a_key_is_one_message_of_its_chat(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let talk = world.talk(&company, &channel, "Aziza", "+998901234567").await;
    let other = world.talk(&company, &channel, "Bobur", "+998935550011").await;
    let now = world.clock.now();
    let keyed =
        |talk: &Talk| NewMessage { idempotency_key: Some("click-1".into()), ..talk.outbound("Salom", now) };
    let mut tx = company.begin().await;
    let first = tx.messages().create(&keyed(&talk), &[]).await.unwrap();
    let elsewhere = tx.messages().create(&keyed(&other), &[]).await.unwrap();
    for _ in 0..2 {
        tx.messages().create(&talk.outbound("without a key", now), &[]).await.unwrap();
    }
    let by_key = tx.messages().by_idempotency_key(talk.chat, "click-1").await.unwrap().unwrap();
    assert_eq!(by_key.id, first);
    let by_key = tx.messages().by_idempotency_key(other.chat, "click-1").await.unwrap().unwrap();
    assert_eq!(by_key.id, elsewhere);
    assert!(tx.messages().by_idempotency_key(talk.chat, "click-2").await.unwrap().is_none());
    let twice = tx.messages().create(&keyed(&talk), &[]).await.unwrap_err();
    assert!(matches!(twice, AppError::Conflict(_)), "{twice:?}");
}

async fn a_chat_remembers_the_channel_of_each_transport(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let second = world.connect_account(&company, account(77)).await.channel.id;
    let talk = world.talk(&company, &channel, "Aziza", "+998901234567").await;
    let now = world.clock.now();
    let mut tx = company.begin().await;
    assert_eq!(tx.messages().last_channel(talk.chat, Transport::Sms).await.unwrap(), None);
    say(&mut tx, &NewMessage { channel: second, ..talk.inbound("by the second", now) }).await;
    let whatsapp = NewMessage { transport: Transport::Whatsapp, ..talk.inbound("by the first", now) };
    say(&mut tx, &whatsapp).await;
    assert_eq!(tx.messages().last_channel(talk.chat, Transport::Sms).await.unwrap(), Some(second));
    assert_eq!(tx.messages().last_channel(talk.chat, Transport::Whatsapp).await.unwrap(), Some(talk.channel));
    say(&mut tx, &talk.outbound("by the first", now)).await;
    assert_eq!(tx.messages().last_channel(talk.chat, Transport::Sms).await.unwrap(), Some(talk.channel));
}

async fn many_messages_are_read_at_once(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let talk = world.talk(&company, &channel, "Aziza", "+998901234567").await;
    let mut tx = company.begin().await;
    let mut ids = vec![MessageId(i64::MAX)];
    for number in 0..3 {
        let message = talk.inbound(&number.to_string(), world.clock.now());
        ids.push(tx.messages().create(&message, &[picture(&format!("{number}.jpg"))]).await.unwrap());
    }
    let mut messages = tx.messages().many(&ids[..3]).await.unwrap();
    messages.sort_by_key(|message| message.id);
    let told: Vec<_> = messages.iter().map(|m| (m.text.as_str(), m.attachments[0].name.as_str())).collect();
    assert_eq!(told, [("0", "0.jpg"), ("1", "1.jpg")]);
    assert!(tx.messages().many(&[]).await.unwrap().is_empty());
}

async fn a_word_that_is_not_known_degrades_its_message(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let talk = world.talk(&company, &channel, "Aziza", "+998901234567").await;
    let mut tx = company.begin().await;
    for text in ["one", "two"] {
        say(&mut tx, &talk.inbound(text, world.clock.now())).await;
    }
    tx.commit().await.unwrap();
    let mut raw = world.raw().await;
    raw.run("UPDATE messages SET transport = 'pigeon', status = 'eaten' WHERE text = 'one'").await.unwrap();
    let (messages, _) = company.read().await.messages().before(talk.chat, None, 50).await.unwrap();
    assert_eq!((messages[0].transport, messages[0].status), (Transport::Other, MessageStatus::Unknown));
    assert_eq!((messages[1].text.as_str(), messages[1].transport), ("two", Transport::Sms));
}
