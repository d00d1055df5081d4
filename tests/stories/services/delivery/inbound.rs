//! Tests of inbound messages: each one is stored completely and once, or the webhook is not acknowledged.

use aloqa::{
    domain::{
        ClientId, ContactType, ContactValue, Country, Direction, Event, EventId, InboundMessage,
        MessageStatus, MessageText, SenderType, Transport,
    },
    persistence::{ChatFilter, ClientFilter, ClientSort, PageRequest, WakeUp},
    services::{ChannelContext, Received},
};
use chrono::TimeDelta;
use futures_util::FutureExt as _;
use serde_json::json;

use crate::support::{
    Company, TestEnv,
    chat_fixture::{chat_page, picture},
    concurrently,
    database::raw::Raw,
    providers::twilio::sms,
};

on_both_engines![
    an_unknown_number_creates_a_client_with_a_chat_and_a_member,
    a_sender_is_matched_by_phone_contact_and_whatsapp_number,
    a_contact_of_another_client_stays_with_that_client,
    an_unknown_sender_is_named_after_the_best_available_value,
    a_sender_without_a_phone_creates_a_client,
    twenty_concurrent_copies_are_stored_as_one_message,
    twenty_concurrent_messages_of_an_unknown_number_create_one_client_and_one_chat,
    twenty_concurrent_messages_of_a_sender_without_a_phone_create_one_client,
    a_repeated_webhook_changes_nothing,
    a_repeated_webhook_does_not_restore_a_deleted_message,
    a_failed_inbound_message_is_rolled_back_and_accepted_again,
    an_album_is_stored_as_one_message_with_all_its_pictures,
    a_message_of_any_length_is_stored,
    one_person_is_a_separate_client_in_each_tenant,
];

const FIRST: PageRequest = PageRequest { page: 1, limit: 25 };

/// Events recorded since the channel was connected.
async fn events(company: &Company) -> Vec<Event> {
    let (recorded, _) = company.read().await.events().after(EventId(0), 1_000).await.unwrap();
    let events = recorded.into_iter().map(|recorded| recorded.event);
    events.filter(|event| !matches!(event, Event::ChannelAdded { .. })).collect()
}

/// Numbers of clients, contacts, chats, client members and messages, and the number of unread messages.
async fn counts(raw: &mut Raw) -> [i64; 6] {
    let members = raw.count("members WHERE sender_type = 'client'").await;
    let unread = raw.number("SELECT CAST(COALESCE(SUM(unread_count), 0) AS BIGINT) FROM chats").await;
    [
        raw.count("clients").await,
        raw.count("contacts").await,
        raw.count("chats").await,
        members,
        raw.count("messages").await,
        unread,
    ]
}

async fn all_rows(raw: &mut Raw) -> Vec<String> {
    let mut all = Vec::new();
    for table in raw.tables().await {
        all.extend(raw.dump(&table, "1 = 1").await);
    }
    all
}

async fn receive(env: &TestEnv, by: &ChannelContext, message: &InboundMessage) -> Received {
    env.services.inbound.receive(by, message).await.unwrap()
}

/// The client to whose chat the message was added.
async fn client_of(company: &Company, received: Received) -> ClientId {
    let Received::Stored { chat, .. } = received else { panic!("a repeat") };
    company.read().await.chats().get(chat).await.unwrap().unwrap().client
}

async fn an_unknown_number_creates_a_client_with_a_chat_and_a_member(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let mut followed = env.database.wake_ups().subscribe(company.id());
    let message = InboundMessage {
        sender_data: Some(json!({"wa_id": "998901234567"})),
        ..sms("SM1", "+998901234567", "Assalomu alaykum!")
    };
    let received = receive(&env, &channel, &message).await;
    let Received::Stored { chat, message } = received else { panic!("a repeat") };

    let page = chat_page(&env.services, &company.agent, chat, None).await.unwrap();
    let conversation = &page.details;
    let client = &conversation.client;
    assert_eq!(client.data().full_name(), "+998 90 123 45 67");
    assert_eq!(client.data().phone().unwrap().as_str(), "+998901234567");
    let contacts: Vec<_> = client.contacts.iter().map(|c| (c.kind, c.value.as_str())).collect();
    assert_eq!(contacts, [(ContactType::Phone, "+998901234567")]);
    let [stored] = &conversation.messages[..] else { panic!("one message") };
    assert_eq!((stored.id, stored.text.as_str()), (message, "Assalomu alaykum!"));
    assert_eq!((stored.direction, stored.status), (Direction::Inbound, MessageStatus::Received));
    assert_eq!((stored.transport, stored.channel), (Transport::Sms, Some(channel.channel.id)));
    assert_eq!((stored.created_at, stored.read_at), (env.clock.now(), None));
    let [member] = &conversation.members[..] else { panic!("one member") };
    assert_eq!((member.sender_type, member.sender_id), (SenderType::Client, Some(client.id.0)));
    let data = company.read().await.chats().member_data(member.id).await.unwrap();
    assert_eq!(data, json!({"wa_id": "998901234567"}));
    assert_eq!((conversation.chat.unread_count, conversation.has_more), (1, false));
    assert_eq!(conversation.reachability.routes[0].address, "+998901234567", "and can be answered");

    let (chat_id, client_id) = (chat, client.id);
    assert_eq!(
        events(&company).await,
        [
            Event::ClientCreated { client_id },
            Event::ChatCreated { chat_id, client_id },
            Event::MessageReceived { chat_id, message_id: message, client_id },
        ]
    );
    assert_eq!(page.list.frame.last_event, EventId(4));
    assert_eq!(followed.next().now_or_never(), Some(WakeUp::Changed));
}

async fn a_sender_is_matched_by_phone_contact_and_whatsapp_number(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let bobur = company.client(&env, "Bobur", "+998935550011").await;
    let mut tx = company.begin().await;
    for (client, kind, value) in
        [(bobur, ContactType::Phone, "+998977770022"), (aziza, ContactType::Whatsapp, "+998977770033")]
    {
        let contact = ContactValue::parse(kind, value, Country::UZ).unwrap();
        tx.clients_mut().add_contact(client, &contact, env.clock.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    for (id, transport, from, expected) in [
        ("SM1", Transport::Sms, "+998901234567", aziza),
        ("SM2", Transport::Whatsapp, "+998901234567", aziza),
        ("SM3", Transport::Sms, "+998977770022", bobur),
        ("SM4", Transport::Whatsapp, "+998977770022", bobur),
        ("SM5", Transport::Whatsapp, "+998977770033", aziza),
        ("SM6", Transport::Sms, "+998977770033", aziza),
    ] {
        let message = InboundMessage { transport, ..sms(id, from, "Salom") };
        let received = receive(&env, &channel, &message).await;
        assert_eq!(client_of(&company, received).await, expected, "{transport:?} from {from}");
    }
    let mut raw = env.raw().await;
    assert_eq!(counts(&mut raw).await, [2, 6, 2, 6, 6, 6]);
    // A client that a user created is found by its first SMS, is not created again, and keeps its
    // name.
    assert!(!events(&company).await.iter().any(|event| matches!(event, Event::ClientCreated { .. })));
}

async fn a_contact_of_another_client_stays_with_that_client(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let bobur = company.client(&env, "Bobur", "+998935550011").await;
    // Aziza's number is one of Bobur's contacts, from the time when they shared a phone.
    let contact = ContactValue::parse(ContactType::Phone, "+998901234567", Country::UZ).unwrap();
    let mut tx = company.begin().await;
    tx.clients_mut().add_contact(bobur, &contact, env.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let received = receive(&env, &channel, &sms("SM1", "+998901234567", "Salom")).await;
    assert_eq!(client_of(&company, received).await, aziza);
    let mut tx = company.read().await;
    assert_eq!(tx.clients().contacts(bobur).await.unwrap().len(), 1);
    assert!(tx.clients().contacts(aziza).await.unwrap().is_empty());
}

async fn an_unknown_sender_is_named_after_the_best_available_value(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let long = "я".repeat(300);
    for (id, from, profile_name, expected) in [
        ("SM1", "+998901234567", Some("Азиза 🌸"), "Азиза 🌸"),
        ("SM2", "+998935550011", Some(" \u{7}\n"), "+998 93 555 00 11"),
        ("SM3", "+998977770022", Some("Bobur\u{0}\u{8}!"), "Bobur  !"),
        ("SM4", "+998977770033", Some(long.as_str()), &long[..255 * "я".len()]),
        ("SM5", "+998977770044", None, "+998 97 777 00 44"),
        ("SM6", "+998977770055", Some("\u{200b}\u{2060}\u{3164}"), "+998 97 777 00 55"),
    ] {
        let message = InboundMessage { profile_name: profile_name.map(Into::into), ..sms(id, from, "Salom") };
        let client = client_of(&company, receive(&env, &channel, &message).await).await;
        let client = company.read().await.clients().get(client).await.unwrap().unwrap();
        assert_eq!(client.data().first_name(), expected, "{id}");
    }
}

async fn a_sender_without_a_phone_creates_a_client(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    for (id, transport, from) in [
        ("SM1", Transport::Sms, "7070"),
        ("SM2", Transport::Sms, "UZINFOCOM"),
        ("SM3", Transport::Whatsapp, "UZ.13491208655302741918"),
    ] {
        let message = InboundMessage { transport, ..sms(id, from, "Salom") };
        let first = client_of(&company, receive(&env, &channel, &message).await).await;
        let again = InboundMessage { provider_id: format!("{id}-2"), ..message };
        assert_eq!(client_of(&company, receive(&env, &channel, &again).await).await, first, "{from}");
        let client = company.read().await.clients().get(first).await.unwrap().unwrap();
        assert_eq!((client.data().first_name(), client.data().phone()), (from, None));
    }
    // An empty address would put messages of different strangers into one chat.
    let nobody = sms("SM9", "", "Salom");
    assert!(env.services.inbound.receive(&channel, &nobody).await.is_err());
}

async fn receive_concurrently(
    env: &TestEnv,
    by: &ChannelContext,
    message: impl Fn(usize) -> InboundMessage,
) -> Vec<Received> {
    concurrently(20, |number| {
        let (inbound, by, message) = (env.services.inbound.clone(), by.clone(), message(number));
        async move { inbound.receive(&by, &message).await.unwrap() }
    })
    .await
}

async fn twenty_concurrent_copies_are_stored_as_one_message(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let received = receive_concurrently(&env, &channel, |_| sms("SM1", "+998901234567", "Salom")).await;
    assert_eq!(received.iter().filter(|r| matches!(r, Received::Stored { .. })).count(), 1);
    assert_eq!(counts(&mut env.raw().await).await, [1, 1, 1, 1, 1, 1]);
    assert_eq!(events(&company).await.len(), 3);
}

async fn twenty_concurrent_messages_of_an_unknown_number_create_one_client_and_one_chat(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    receive_concurrently(&env, &channel, |number| {
        sms(&format!("SM{number}"), "+998901234567", &number.to_string())
    })
    .await;
    assert_eq!(counts(&mut env.raw().await).await, [1, 1, 1, 1, 20, 20]);
    assert_eq!(events(&company).await.len(), 22);
    let (chats, _) = env.services.chats.list(&company.agent, &ChatFilter::default(), FIRST).await.unwrap();
    let (messages, _) = company.read().await.messages().before(chats.items[0].id, None, 50).await.unwrap();
    let last = chats.items[0].last_message.as_ref().unwrap();
    assert_eq!(Some(last.id), messages.last().map(|message| message.id), "the head is the newest");
}

async fn twenty_concurrent_messages_of_a_sender_without_a_phone_create_one_client(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    receive_concurrently(&env, &channel, |number| InboundMessage {
        transport: Transport::Whatsapp,
        ..sms(&format!("SM{number}"), "UZ.13491208655302741918", "Salom")
    })
    .await;
    assert_eq!(counts(&mut env.raw().await).await, [1, 1, 1, 1, 20, 20]);
    let created = |event: &&Event| matches!(event, Event::ClientCreated { .. } | Event::ChatCreated { .. });
    assert_eq!(
        events(&company).await.iter().filter(created).count(),
        2,
        "nobody is announced who is not there"
    );
}

async fn a_repeated_webhook_changes_nothing(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    receive(&env, &channel, &sms("SM1", "+998901234567", "Salom")).await;
    let mut raw = env.raw().await;
    let before = all_rows(&mut raw).await;
    env.advance_clock(TimeDelta::minutes(1));
    for text in ["Salom", "another text", ""] {
        assert_eq!(receive(&env, &channel, &sms("SM1", "+998901234567", text)).await, Received::Duplicate);
    }
    assert_eq!(all_rows(&mut raw).await, before);
}

async fn a_repeated_webhook_does_not_restore_a_deleted_message(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let message = sms("SM1", "+998901234567", "Salom");
    let client = client_of(&company, receive(&env, &channel, &message).await).await;
    env.services.clients.delete(&company.manager, client).await.unwrap();
    assert_eq!(receive(&env, &channel, &message).await, Received::Duplicate);
    assert_eq!(counts(&mut env.raw().await).await, [0, 0, 0, 0, 0, 0]);
}

async fn a_failed_inbound_message_is_rolled_back_and_accepted_again(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let mut raw = env.raw().await;
    let before = all_rows(&mut raw).await;
    let message = sms("SM1", "+998901234567", "Salom");
    // The first of these tables is needed early in the transaction, the last at its commit.
    for table in ["contacts", "messages", "events"] {
        raw.run(&format!("ALTER TABLE {table} RENAME TO {table}_away")).await.unwrap();
        assert!(env.services.inbound.receive(&channel, &message).await.is_err(), "without {table}");
        raw.run(&format!("ALTER TABLE {table}_away RENAME TO {table}")).await.unwrap();
        assert_eq!(all_rows(&mut raw).await, before, "without {table}");
    }
    assert!(matches!(receive(&env, &channel, &message).await, Received::Stored { .. }), "not a repeat");
    assert_eq!(counts(&mut raw).await, [1, 1, 1, 1, 1, 1]);
}

async fn an_album_is_stored_as_one_message_with_all_its_pictures(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let media: Vec<_> = (0..10).map(|number| picture(&format!("{number}.jpg"))).collect();
    let message = InboundMessage { media, ..sms("SM1", "+998901234567", "") };
    let Received::Stored { chat, .. } = receive(&env, &channel, &message).await else { panic!("a repeat") };
    let conversation = env.services.chats.get(&company.agent, chat).await.unwrap();
    let names: Vec<_> = conversation.messages[0].attachments.iter().map(|file| file.name.clone()).collect();
    assert_eq!(names, (0..10).map(|number| format!("{number}.jpg")).collect::<Vec<_>>());
    assert_eq!(conversation.chat.last_message.unwrap().preview, "");
}

async fn a_message_of_any_length_is_stored(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let long = format!("{}\u{0}end", "ў".repeat(10_000));
    let message =
        InboundMessage { text: MessageText::from_provider(&long), ..sms("SM1", "+998901234567", "") };
    let Received::Stored { chat, message } = receive(&env, &channel, &message).await else {
        panic!("a repeat")
    };
    let stored = company.read().await.messages().get(chat, message).await.unwrap().unwrap();
    assert_eq!(stored.text, format!("{}end", "ў".repeat(10_000)));
}

async fn one_person_is_a_separate_client_in_each_tenant(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    for company in [&samarkand, &bukhara] {
        let channel = env.connect(company).await;
        let received = receive(&env, &channel, &sms("SM1", "+998901234567", "Salom")).await;
        assert!(matches!(received, Received::Stored { .. }), "an id is a channel's own");
    }
    for company in [&samarkand, &bukhara] {
        let filter = ClientFilter::default();
        let list = env
            .services
            .clients
            .list(&company.agent, &filter, ClientSort::Name, FIRST)
            .await
            .unwrap()
            .content;
        assert_eq!(list.total, 1);
        assert_eq!(events(company).await.len(), 3);
    }
}
