//! Stories of messages for later: seen, changed and cancelled until they go out, and never both cancelled and sent.

use aloqa::{
    domain::{Event, EventId, Message, MessageStatus, MessageText, Problem},
    error::{AppError, Result},
    persistence::{ClientFilter, ClientSort, PageRequest},
    services::Outgoing,
};
use chrono::TimeDelta;

use crate::support::{Company, World};

on_both_engines![
    what_waits_is_listed_and_the_chat_moves_when_it_goes_out,
    text_and_time_can_be_changed_until_it_goes_out,
    what_is_cancelled_leaves_nothing_but_the_event,
    a_race_with_the_worker_has_one_winner,
    one_that_waited_for_days_is_tried_again,
    only_who_may_write_in_this_company,
];

const FIRST: PageRequest = PageRequest { page: 1, limit: 100 };

async fn scheduled(world: &World, company: &Company, hours: i64) -> Message {
    let mut tx = company.read().await;
    let known = tx.clients().page(&ClientFilter::default(), ClientSort::Name, FIRST).await.unwrap();
    drop(tx);
    let aziza = match known.items.first() {
        Some(client) => client.id,
        None => company.client(world, "Aziza", "+998901234567").await,
    };
    let (chat, _) = world.services.chats.open(&company.agent, aziza).await.unwrap();
    let outgoing = Outgoing {
        text: MessageText::parse("Eslatma").unwrap(),
        scheduled_at: Some(world.clock.now() + TimeDelta::hours(hours)),
        ..Outgoing::default()
    };
    world.services.chats.send(&company.agent, chat.id, outgoing).await.unwrap()
}

fn is_late<T>(got: &Result<T>) -> bool {
    matches!(got, Err(AppError::Conflict(conflict)) if conflict.field == Some("scheduled_at"))
}

async fn what_waits_is_listed_and_the_chat_moves_when_it_goes_out(world: World) {
    let company = world.company("samarkand").await;
    world.connect(&company).await;
    let (second, first) = (scheduled(&world, &company, 48).await, scheduled(&world, &company, 1).await);
    let schedule = &world.services.schedule;
    let found = schedule.list(&company.read_only, FIRST).await.unwrap();
    assert_eq!(found.total, 2);
    assert_eq!(found.items.iter().map(|m| m.id).collect::<Vec<_>>(), [first.id, second.id]);
    assert_eq!(
        (found.items[0].client_name.as_str(), found.items[0].sender.as_str()),
        ("Aziza", "agent Karimov")
    );
    assert_eq!(schedule.of_chat(&company.agent, first.chat).await.unwrap().len(), 2);
    let chat = world.services.chats.find(&company.agent, first.chat).await.unwrap();
    assert!(chat.last_message.is_none(), "nothing was said yet");
    world.later(TimeDelta::hours(1));
    world.services.delivery.drain().await.unwrap();
    let chat = world.services.chats.find(&company.agent, first.chat).await.unwrap();
    let last = chat.last_message.unwrap();
    assert_eq!((last.id, last.status, last.at), (first.id, MessageStatus::Sent, world.clock.now()));
    assert_eq!(schedule.list(&company.agent, FIRST).await.unwrap().total, 1);
}

async fn text_and_time_can_be_changed_until_it_goes_out(world: World) {
    let company = world.company("samarkand").await;
    world.connect(&company).await;
    let message = scheduled(&world, &company, 1).await;
    let (chat, id, now) = (message.chat, message.id, world.clock.now());
    let change = async |text: Option<&str>, hours: Option<i64>| {
        let text = text.map(|text| MessageText::parse(text).unwrap());
        let at = hours.map(|hours| now + TimeDelta::hours(hours));
        world.services.schedule.change(&company.agent, chat, id, text, at).await
    };
    let changed = change(Some("Boshqa"), Some(5)).await.unwrap();
    assert_eq!((changed.text.as_str(), changed.scheduled_at), ("Boshqa", Some(now + TimeDelta::hours(5))));
    assert_eq!(change(None, Some(3)).await.unwrap().text, "Boshqa");
    let past = change(None, Some(-1)).await.unwrap_err();
    assert!(matches!(&past, AppError::Invalid(errors) if errors.iter().any(|e| *e.1 == Problem::TimePassed)));
    world.later(TimeDelta::hours(2));
    assert_eq!(world.services.delivery.drain().await.unwrap(), 0, "the old time means nothing any more");
    world.services.schedule.send_now(&company.agent, chat, id).await.unwrap();
    assert_eq!(world.services.delivery.drain().await.unwrap(), 1);
    assert_eq!(world.simulator.requests()[0].value("Body"), Some("Boshqa"));
    assert!(is_late(&change(Some("Kech"), None).await));
    assert!(is_late(&world.services.schedule.send_now(&company.agent, chat, id).await));
    assert!(is_late(&world.services.schedule.get(&company.agent, chat, id).await));
}

async fn what_is_cancelled_leaves_nothing_but_the_event(world: World) {
    let company = world.company("samarkand").await;
    world.connect(&company).await;
    let message = scheduled(&world, &company, 1).await;
    world.services.schedule.cancel(&company.agent, message.chat, message.id).await.unwrap();
    let mut raw = world.raw().await;
    assert_eq!((raw.count("messages").await, raw.count("deliveries").await), (0, 0));
    world.later(TimeDelta::hours(2));
    assert_eq!(world.services.delivery.drain().await.unwrap(), 0);
    let (events, _) = company.read().await.events().after(EventId(0), 100).await.unwrap();
    let last = events.last().unwrap();
    assert!(matches!(last.event, Event::ScheduleCancelled { message_id, .. } if message_id == message.id));
    assert_eq!(last.actor, Some(company.agent.user.id));
    let again = world.services.schedule.cancel(&company.agent, message.chat, message.id).await;
    assert!(matches!(again, Err(AppError::NotFound)), "{again:?}");
}

async fn a_race_with_the_worker_has_one_winner(world: World) {
    let company = world.company("samarkand").await;
    world.connect(&company).await;
    let (mut sent, mut cancelled) = (0, 0);
    for _ in 0..8 {
        let message = scheduled(&world, &company, 1).await;
        world.later(TimeDelta::hours(1));
        let (delivery, schedule) = (world.services.delivery.clone(), world.services.schedule.clone());
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
    assert_eq!((sent + cancelled, world.simulator.requests().len()), (8, sent));

    // A worker that holds it and has not called yet wins as well.
    let message = scheduled(&world, &company, 1).await;
    world.later(TimeDelta::hours(1));
    assert_eq!(world.services.delivery.claim(10).await.unwrap().len(), 1);
    assert!(is_late(&world.services.schedule.cancel(&company.agent, message.chat, message.id).await));
    assert!(is_late(&world.services.schedule.send_now(&company.agent, message.chat, message.id).await));
}

async fn one_that_waited_for_days_is_tried_again(world: World) {
    let company = world.company("samarkand").await;
    world.connect(&company).await;
    let message = scheduled(&world, &company, 72).await;
    world.later(TimeDelta::hours(72));
    world.simulator.next(aloqa::simulator::Behaviour::Answer {
        status: 503,
        headers: Vec::new(),
        body: String::new(),
    });
    world.services.delivery.drain().await.unwrap();
    let status = async || company.read().await.messages().find(message.id).await.unwrap().unwrap().status;
    assert_eq!(status().await, MessageStatus::Scheduled, "it is not given up at the first failure");
    world.later(TimeDelta::minutes(2));
    world.services.delivery.drain().await.unwrap();
    assert_eq!(status().await, MessageStatus::Sent);
}

async fn only_who_may_write_in_this_company(world: World) {
    let (mine, other) = world.two_companies().await;
    world.connect(&mine).await;
    let message = scheduled(&world, &mine, 1).await;
    let schedule = &world.services.schedule;
    let looks_on = schedule.cancel(&mine.read_only, message.chat, message.id).await;
    assert!(matches!(looks_on, Err(AppError::Forbidden(_))), "{looks_on:?}");
    let stranger = schedule.cancel(&other.administrator, message.chat, message.id).await;
    assert!(matches!(stranger, Err(AppError::NotFound)), "{stranger:?}");
    assert_eq!(schedule.list(&other.administrator, FIRST).await.unwrap().total, 0);
    assert_eq!(schedule.list(&mine.agent, FIRST).await.unwrap().total, 1);
}
