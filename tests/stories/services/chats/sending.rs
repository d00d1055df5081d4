//! Tests of sending: a message is queued together with its delivery, once per click, by a route that exists.

use aloqa::{
    domain::{
        Client, ClientId, ContactType, ContactValue, Country, Direction, Event, EventId, InboundMessage,
        MessageStatus, MessageText, Problem, Transport,
    },
    error::{AppError, Result},
    services::OutgoingMessage,
};
use chrono::TimeDelta;

use crate::support::{
    Company, TestEnv,
    chat_fixture::chat_page,
    concurrently,
    people::phone_of,
    providers::twilio::{TwilioAccount, account, sms},
};

on_both_engines![
    a_message_is_queued_together_with_its_delivery,
    an_idempotency_key_makes_one_message,
    a_different_or_missing_idempotency_key_makes_another_message,
    a_scheduled_message_is_not_sent_before_its_time,
    an_unreachable_client_is_reported_with_the_reason,
    the_route_last_used_by_the_client_is_selected,
    replies_leave_from_the_number_the_client_wrote_to,
    a_failed_send_queues_nothing,
    opening_a_chat_twice_creates_one,
    a_phone_opens_the_chat_of_the_client_with_that_phone,
    twenty_concurrent_opens_by_one_phone_create_one_chat,
    another_tenants_chat_is_not_found,
];

fn text(text: &str) -> OutgoingMessage {
    OutgoingMessage {
        text: MessageText::parse(text).unwrap(),
        transport: None,
        idempotency_key: None,
        ..OutgoingMessage::default()
    }
}

fn by(transport: Transport) -> OutgoingMessage {
    OutgoingMessage { transport: Some(transport), ..text("Salom") }
}

fn keyed(key: &str) -> OutgoingMessage {
    OutgoingMessage { idempotency_key: Some(key.into()), ..text("Salom") }
}

fn problem<T: std::fmt::Debug>(got: Result<T>, field: &'static str) -> Problem {
    match got {
        Err(AppError::Invalid(errors)) => {
            let (name, problem) = errors.iter().next().unwrap();
            assert_eq!(name, field);
            problem.clone()
        }
        other => panic!("not invalid: {other:?}"),
    }
}

async fn events(company: &Company) -> Vec<Event> {
    let (recorded, _) = company.read().await.events().after(EventId(0), 1_000).await.unwrap();
    recorded.into_iter().map(|recorded| recorded.event).collect()
}

async fn a_message_is_queued_together_with_its_delivery(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let (chat, _) = env.services.chats.open(&company.agent, aziza).await.unwrap();
    let message = env.services.chats.send(&company.agent, chat.id, text("Salom,\r\nAziza!")).await.unwrap();
    assert_eq!((message.text.as_str(), message.status), ("Salom,\nAziza!", MessageStatus::Queued));
    assert_eq!((message.direction, message.transport), (Direction::Outbound, Transport::Sms));
    assert_eq!((message.channel, message.sender_name.as_str()), (Some(channel.channel.id), "agent Karimov"));

    let mut raw = env.raw().await;
    let deliveries = raw
        .rows("SELECT recipient, CAST(message_id AS TEXT), CAST(attempts AS TEXT), CAST(leased_until AS TEXT) FROM deliveries")
        .await;
    let expected = [Some("+998901234567".to_owned()), Some(message.id.to_string()), Some("0".into()), None];
    assert_eq!(deliveries, [expected]);
    let sent = Event::MessageSent { chat_id: chat.id, message_id: message.id, client_id: aziza };
    assert_eq!(events(&company).await.last(), Some(&sent));
    let conversation = env.services.chats.get(&company.agent, chat.id).await.unwrap();
    assert_eq!(conversation.chat.last_message.unwrap().id, message.id);
    assert_eq!(conversation.chat.unread_count, 0, "one's own messages are not unread");
    assert!(env.simulator.requests().is_empty(), "no provider is called within a transaction");
}

async fn an_idempotency_key_makes_one_message(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let (chat, _) = env.services.chats.open(&company.agent, aziza).await.unwrap();
    let messages = concurrently(20, |_| {
        let (chats, actor) = (env.services.chats.clone(), company.agent.clone());
        async move { chats.send(&actor, chat.id, keyed("click-1")).await.unwrap() }
    });
    let messages = messages.await;
    assert!(messages.iter().all(|message| message.id == messages[0].id));
    let mut raw = env.raw().await;
    assert_eq!((raw.count("messages").await, raw.count("deliveries").await), (1, 1));
    let sent = |event: &&Event| matches!(event, Event::MessageSent { .. });
    assert_eq!(events(&company).await.iter().filter(sent).count(), 1);

    // The same holds long after the message has been sent.
    env.services.delivery.drain().await.unwrap();
    let again = env.services.chats.send(&company.agent, chat.id, keyed("click-1")).await.unwrap();
    assert_eq!((again.id, again.status), (messages[0].id, MessageStatus::Sent));
    env.services.delivery.drain().await.unwrap();
    assert_eq!(env.simulator.requests().len(), 1);
}

async fn a_different_or_missing_idempotency_key_makes_another_message(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let mut ids = Vec::new();
    for (name, phone) in [("Aziza", "+998901234567"), ("Bobur", "+998935550011")] {
        let client = company.client(&env, name, phone).await;
        let (chat, _) = env.services.chats.open(&company.agent, client).await.unwrap();
        for outgoing in [keyed("one"), keyed("two"), text("Salom"), text("Salom")] {
            ids.push(env.services.chats.send(&company.agent, chat.id, outgoing).await.unwrap().id);
        }
    }
    ids.dedup();
    assert_eq!(ids.len(), 8);
}

async fn a_scheduled_message_is_not_sent_before_its_time(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let (chat, _) = env.services.chats.open(&company.agent, aziza).await.unwrap();
    let at = env.clock.now() + TimeDelta::hours(2);
    let outgoing = OutgoingMessage { scheduled_at: Some(at), ..text("Eslatma") };
    let message = env.services.chats.send(&company.agent, chat.id, outgoing).await.unwrap();
    assert_eq!((message.status, message.scheduled_at), (MessageStatus::Scheduled, Some(at)));
    env.advance_clock(TimeDelta::hours(2) - TimeDelta::microseconds(1));
    assert_eq!(env.services.delivery.drain().await.unwrap(), 0);
    env.advance_clock(TimeDelta::microseconds(1));
    assert_eq!(env.services.delivery.drain().await.unwrap(), 1);
    let stored = company.read().await.messages().find(message.id).await.unwrap().unwrap();
    assert_eq!((stored.status, stored.sent_at), (MessageStatus::Sent, Some(at)));

    let past = OutgoingMessage { scheduled_at: Some(at - TimeDelta::days(1)), ..text("Kech") };
    let refused = env.services.chats.send(&company.agent, chat.id, past).await;
    assert_eq!(problem(refused, "scheduled_at"), Problem::TimePassed);
}

async fn an_unreachable_client_is_reported_with_the_reason(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (chats, agent) = (&env.services.chats, &company.agent);
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let (chat, _) = chats.open(agent, aziza).await.unwrap();
    assert_eq!(problem(chats.send(agent, chat.id, text("Salom")).await, "transport"), Problem::NoProvider);

    let only_sms = TwilioAccount { whatsapp_number: None, ..account(7) };
    env.connect_account(&company, only_sms).await;
    for transport in Transport::ALL.iter().filter(|transport| **transport != Transport::Sms) {
        let refused = chats.send(agent, chat.id, by(*transport)).await;
        assert_eq!(problem(refused, "transport"), Problem::NoProvider, "{transport:?}");
    }
    assert!(chats.send(agent, chat.id, by(Transport::Sms)).await.is_ok());

    let without_phone = Client::builder("Bobur").build().unwrap();
    let bobur = env.services.clients.create(agent, &without_phone).await.unwrap();
    let (chat, _) = chats.open(agent, bobur.id).await.unwrap();
    for outgoing in [by(Transport::Sms), text("Salom")] {
        assert_eq!(problem(chats.send(agent, chat.id, outgoing).await, "transport"), Problem::Unreachable);
    }
    let mut raw = env.raw().await;
    assert_eq!((raw.count("messages").await, raw.count("deliveries").await), (1, 1));

    let contact = ContactValue::parse(ContactType::Phone, "93 555 00 11", Country::UZ).unwrap();
    env.services.clients.add_contact(agent, bobur.id, &contact).await.unwrap();
    assert!(chats.send(agent, chat.id, text("Salom")).await.is_ok(), "a contact is a way");
}

async fn the_route_last_used_by_the_client_is_selected(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let (chat, _) = env.receive(&channel, &sms("SM1", "+998901234567", "by SMS")).await;
    let answer =
        async || env.services.chats.send(&company.agent, chat, text("Salom")).await.unwrap().transport;
    assert_eq!(answer().await, Transport::Sms);
    let whatsapp =
        InboundMessage { transport: Transport::Whatsapp, ..sms("SM2", "+998901234567", "by WhatsApp") };
    env.receive(&channel, &whatsapp).await;
    assert_eq!(answer().await, Transport::Whatsapp);
    let chosen = env.services.chats.send(&company.agent, chat, by(Transport::Sms)).await.unwrap();
    assert_eq!(chosen.transport, Transport::Sms);
    assert_eq!(answer().await, Transport::Whatsapp, "what staff chose once is not the client's way");
    let shown = chat_page(&env.services, &company.agent, chat, None).await.unwrap().details;
    let ways: Vec<_> =
        shown.reachability.routes.iter().map(|way| (way.transport, way.address.as_str())).collect();
    assert_eq!(ways, [(Transport::Whatsapp, "+998901234567"), (Transport::Sms, "+998901234567")]);
}

async fn replies_leave_from_the_number_the_client_wrote_to(env: TestEnv) {
    let company = env.company("samarkand").await;
    let first = env.connect_account(&company, account(1)).await;
    env.advance_clock(TimeDelta::seconds(1));
    let second = env.connect_account(&company, account(2)).await;
    let (chat, _) = env.receive(&second, &sms("SM1", "+998901234567", "Salom")).await;
    let message = env.services.chats.send(&company.agent, chat, text("Alik")).await.unwrap();
    assert_eq!(message.channel, Some(second.channel.id));
    env.services.delivery.drain().await.unwrap();
    let request = &env.simulator.requests()[0];
    assert_eq!((request.value("From"), request.value("To")), (Some("+998712000002"), Some("+998901234567")));

    let aziza = company.client(&env, "Aziza", "+998935550011").await;
    let (chat, _) = env.services.chats.open(&company.agent, aziza).await.unwrap();
    let message = env.services.chats.send(&company.agent, chat.id, text("Salom")).await.unwrap();
    assert_eq!(message.channel, Some(first.channel.id), "who never wrote hears from the first");
}

async fn a_failed_send_queues_nothing(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let (chat, _) = env.services.chats.open(&company.agent, aziza).await.unwrap();
    let mut raw = env.raw().await;
    for table in ["deliveries", "events"] {
        raw.run(&format!("ALTER TABLE {table} RENAME TO {table}_away")).await.unwrap();
        let failed = env.services.chats.send(&company.agent, chat.id, keyed("click-1")).await;
        assert!(failed.is_err(), "without {table}");
        raw.run(&format!("ALTER TABLE {table}_away RENAME TO {table}")).await.unwrap();
        assert_eq!((raw.count("messages").await, raw.count("deliveries").await), (0, 0), "without {table}");
    }
    env.services.chats.send(&company.agent, chat.id, keyed("click-1")).await.unwrap();
    assert_eq!((raw.count("messages").await, raw.count("deliveries").await), (1, 1));
}

async fn opening_a_chat_twice_creates_one(env: TestEnv) {
    let company = env.company("samarkand").await;
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let (chat, made) = env.services.chats.open(&company.agent, aziza).await.unwrap();
    let (again, made_again) = env.services.chats.open(&company.manager, aziza).await.unwrap();
    assert_eq!((chat.id, made, made_again), (again.id, true, false));
    assert_eq!(events(&company).await, [Event::ChatCreated { chat_id: chat.id, client_id: aziza }]);
    let nobody = env.services.chats.open(&company.agent, ClientId(aziza.0 + 1)).await;
    assert_eq!(problem(nobody, "client_id"), Problem::NotFound);
}

async fn a_phone_opens_the_chat_of_the_client_with_that_phone(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (chats, agent) = (&env.services.chats, &company.agent);
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let contact = ContactValue::parse(ContactType::Whatsapp, "+998977770022", Country::UZ).unwrap();
    env.services.clients.add_contact(agent, aziza, &contact).await.unwrap();
    let (chat, made) = chats.open_by_phone(agent, &phone_of("+998901234567"), None).await.unwrap();
    assert_eq!((chat.client, made), (aziza, true));
    let (same, made) = chats.open_by_phone(agent, &phone_of("+998977770022"), None).await.unwrap();
    assert_eq!((same.id, made), (chat.id, false));

    let (new, made) = chats.open_by_phone(agent, &phone_of("+998935550011"), None).await.unwrap();
    assert!(made && new.client != aziza);
    assert_eq!(new.client_name, "+998 93 555 00 11");
    assert_eq!(new.client_phone.unwrap().as_str(), "+998935550011");
    assert!(events(&company).await.contains(&Event::ClientCreated { client_id: new.client }));
}

async fn twenty_concurrent_opens_by_one_phone_create_one_chat(env: TestEnv) {
    let company = env.company("samarkand").await;
    let opened = concurrently(20, |_| {
        let (chats, actor) = (env.services.chats.clone(), company.agent.clone());
        async move { chats.open_by_phone(&actor, &phone_of("+998901234567"), None).await }
    });
    let opened: Vec<_> = opened.await.into_iter().map(|opened| opened.unwrap()).collect();
    assert!(opened.iter().all(|(chat, _)| chat.id == opened[0].0.id));
    assert_eq!(opened.iter().filter(|(_, made)| *made).count(), 1);
    let mut raw = env.raw().await;
    assert_eq!((raw.count("clients").await, raw.count("chats").await), (1, 1));
}

async fn another_tenants_chat_is_not_found(env: TestEnv) {
    let mine = env.populated_tenant("samarkand").await;
    let thief = env.company("bukhara").await.administrator;
    let (chats, chat) = (&env.services.chats, mine.test_chat.chat);
    let not_found = |result: Result<()>| assert!(matches!(result, Err(AppError::NotFound)), "{result:?}");
    not_found(chats.get(&thief, chat).await.map(drop));
    not_found(chats.find(&thief, chat).await.map(drop));
    not_found(chats.messages_before(&thief, chat, None, 50).await.map(drop));
    not_found(chats.send(&thief, chat, text("Salom")).await.map(drop));
    not_found(chats.mark_read(&thief, chat, mine.inbound).await.map(drop));
    not_found(chats.retry(&thief, chat, mine.outbound).await.map(drop));
    assert_eq!(problem(chats.open(&thief, mine.test_chat.client).await, "client_id"), Problem::NotFound);
    let own = mine.company.read().await.chats().get(chat).await.unwrap().unwrap();
    let stolen = chats.last_messages(&thief, &[own]).await.unwrap();
    assert!(stolen.is_empty(), "{stolen:?}");
}
