//! Tests of scheduled messages: listed, changed and cancelled until they are sent, and never both cancelled and sent.

use aloqa::{
    domain::{Event, EventId, Message, MessageStatus, MessageText, Problem},
    error::{AppError, Result},
    persistence::{ClientFilter, ClientSort, PageRequest},
    services::OutgoingMessage,
};
use chrono::TimeDelta;

use crate::support::{Company, TestEnv};

on_both_engines![
    scheduled_messages_are_listed_and_bump_the_chat_when_sent,
    text_and_time_can_be_changed_until_the_message_is_sent,
    a_cancelled_message_leaves_only_its_events,
    a_message_is_either_cancelled_or_sent_when_both_happen_at_once,
    a_late_delivery_is_still_attempted,
    scheduling_requires_permission_in_the_same_tenant,
];

const FIRST: PageRequest = PageRequest { page: 1, limit: 100 };

async fn scheduled(env: &TestEnv, company: &Company, hours: i64) -> Message {
    let mut tx = company.read().await;
    let known = tx.clients().page(&ClientFilter::default(), ClientSort::Name, FIRST).await.unwrap();
    drop(tx);
    let aziza = match known.items.first() {
        Some(client) => client.id,
        None => company.client(env, "Aziza", "+998901234567").await,
    };
    let (chat, _) = env.services.chats.open(&company.agent, aziza).await.unwrap();
    let outgoing = OutgoingMessage {
        text: MessageText::parse("Eslatma").unwrap(),
        scheduled_at: Some(env.clock.now() + TimeDelta::hours(hours)),
        ..OutgoingMessage::default()
    };
    env.services.chats.send(&company.agent, chat.id, outgoing).await.unwrap()
}

fn is_late<T>(got: &Result<T>) -> bool {
    matches!(got, Err(AppError::Conflict(conflict)) if conflict.field == Some("scheduled_at"))
}

async fn scheduled_messages_are_listed_and_bump_the_chat_when_sent(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let (second, first) = (scheduled(&env, &company, 48).await, scheduled(&env, &company, 1).await);
    let schedule = &env.services.schedule;
    let found = schedule.list(&company.read_only, FIRST).await.unwrap().content;
    assert_eq!(found.total, 2);
    assert_eq!(found.items.iter().map(|m| m.id).collect::<Vec<_>>(), [first.id, second.id]);
    assert_eq!(
        (found.items[0].client_name.as_str(), found.items[0].sender.as_str()),
        ("Aziza", "agent Karimov")
    );
    assert_eq!(company.read().await.scheduled_messages().of_chat(first.chat, 20).await.unwrap().len(), 2);
    assert_eq!(env.services.events.page_frame(&company.agent).await.unwrap().scheduled_messages, 2);
    let chat = env.services.chats.find(&company.agent, first.chat).await.unwrap();
    assert!(chat.last_message.is_none(), "nothing was said yet");
    env.advance_clock(TimeDelta::hours(1));
    env.services.delivery.drain().await.unwrap();
    let chat = env.services.chats.find(&company.agent, first.chat).await.unwrap();
    let last = chat.last_message.unwrap();
    assert_eq!((last.id, last.status, last.at), (first.id, MessageStatus::Sent, env.clock.now()));
    assert_eq!(schedule.list(&company.agent, FIRST).await.unwrap().content.total, 1);
}

async fn text_and_time_can_be_changed_until_the_message_is_sent(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let message = scheduled(&env, &company, 1).await;
    let (chat, id, now) = (message.chat, message.id, env.clock.now());
    let change = async |text: Option<&str>, hours: Option<i64>| {
        let text = text.map(|text| MessageText::parse(text).unwrap());
        let at = hours.map(|hours| now + TimeDelta::hours(hours));
        env.services.schedule.change(&company.agent, chat, id, text, at).await
    };
    let changed = change(Some("Boshqa"), Some(5)).await.unwrap();
    assert_eq!((changed.text.as_str(), changed.scheduled_at), ("Boshqa", Some(now + TimeDelta::hours(5))));
    assert_eq!(change(None, Some(3)).await.unwrap().text, "Boshqa");
    let past = change(None, Some(-1)).await.unwrap_err();
    assert!(matches!(&past, AppError::Invalid(errors) if errors.iter().any(|e| *e.1 == Problem::TimePassed)));
    env.advance_clock(TimeDelta::hours(2));
    assert_eq!(env.services.delivery.drain().await.unwrap(), 0, "the old time means nothing any more");
    env.services.schedule.send_now(&company.agent, chat, id).await.unwrap();
    assert_eq!(env.services.delivery.drain().await.unwrap(), 1);
    assert_eq!(env.simulator.requests()[0].value("Body"), Some("Boshqa"));
    assert!(is_late(&change(Some("Kech"), None).await));
    assert!(is_late(&env.services.schedule.send_now(&company.agent, chat, id).await));
    assert!(is_late(&env.services.schedule.get(&company.agent, chat, id).await));
}

async fn a_cancelled_message_leaves_only_its_events(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let message = scheduled(&env, &company, 1).await;
    env.services.schedule.cancel(&company.agent, message.chat, message.id).await.unwrap();
    let mut raw = env.raw().await;
    assert_eq!((raw.count("messages").await, raw.count("deliveries").await), (0, 0));
    env.advance_clock(TimeDelta::hours(2));
    assert_eq!(env.services.delivery.drain().await.unwrap(), 0);
    let (events, _) = company.read().await.events().after(EventId(0), 100).await.unwrap();
    let last = events.last().unwrap();
    assert!(matches!(last.event, Event::ScheduleCancelled { message_id, .. } if message_id == message.id));
    assert_eq!(last.actor, Some(company.agent.user.id));
    let again = env.services.schedule.cancel(&company.agent, message.chat, message.id).await;
    assert!(matches!(again, Err(AppError::NotFound)), "{again:?}");
}

async fn a_message_is_either_cancelled_or_sent_when_both_happen_at_once(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let (mut sent, mut cancelled) = (0, 0);
    for _ in 0..8 {
        let message = scheduled(&env, &company, 1).await;
        env.advance_clock(TimeDelta::hours(1));
        let (delivery, schedule) = (env.services.delivery.clone(), env.services.schedule.clone());
        let actor = company.agent.clone();
        let worker = tokio::spawn(async move { delivery.drain().await.unwrap() });
        let person = tokio::spawn(async move { schedule.cancel(&actor, message.chat, message.id).await });
        let (delivered, cancelling) = (worker.await.unwrap(), person.await.unwrap());
        if cancelling.is_ok() {
            cancelled += 1;
            assert_eq!(delivered, 0);
            assert!(company.read().await.messages().find(message.id).await.unwrap().is_none());
        } else {
            sent += 1;
            assert!(is_late(&cancelling), "{cancelling:?}");
            let stored = company.read().await.messages().find(message.id).await.unwrap().unwrap();
            assert_eq!((delivered, stored.status), (1, MessageStatus::Sent));
        }
    }
    assert_eq!((sent + cancelled, env.simulator.requests().len()), (8, sent));

    // A worker that has leased the delivery and has not called the provider yet wins as well.
    let message = scheduled(&env, &company, 1).await;
    env.advance_clock(TimeDelta::hours(1));
    assert_eq!(env.services.delivery.lease(10).await.unwrap().len(), 1);
    assert!(is_late(&env.services.schedule.cancel(&company.agent, message.chat, message.id).await));
    assert!(is_late(&env.services.schedule.send_now(&company.agent, message.chat, message.id).await));
}

async fn a_late_delivery_is_still_attempted(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let message = scheduled(&env, &company, 72).await;
    env.advance_clock(TimeDelta::hours(72));
    env.simulator.next(aloqa::simulator::Behaviour::Answer {
        status: 503,
        headers: Vec::new(),
        body: String::new(),
    });
    env.services.delivery.drain().await.unwrap();
    let status = async || company.read().await.messages().find(message.id).await.unwrap().unwrap().status;
    assert_eq!(status().await, MessageStatus::Scheduled, "it is not given up at the first failure");
    env.advance_clock(TimeDelta::minutes(2));
    env.services.delivery.drain().await.unwrap();
    assert_eq!(status().await, MessageStatus::Sent);
}

async fn scheduling_requires_permission_in_the_same_tenant(env: TestEnv) {
    let (mine, other) = env.two_companies().await;
    env.connect(&mine).await;
    let message = scheduled(&env, &mine, 1).await;
    let schedule = &env.services.schedule;
    let looks_on = schedule.cancel(&mine.read_only, message.chat, message.id).await;
    assert!(matches!(looks_on, Err(AppError::Forbidden(_))), "{looks_on:?}");
    let stranger = schedule.cancel(&other.administrator, message.chat, message.id).await;
    assert!(matches!(stranger, Err(AppError::NotFound)), "{stranger:?}");
    assert_eq!(schedule.list(&other.administrator, FIRST).await.unwrap().content.total, 0);
    assert_eq!(schedule.list(&mine.agent, FIRST).await.unwrap().content.total, 1);
}
