//! Tests of stored chats: one per client, with the last message and with members that are reused.

use aloqa::{
    domain::{
        Chat, ClientField, ClientId, ContactType, ContactValue, Direction, MessageStatus, MessageTerms,
        NewMessage, SearchTerms, Sender, SenderType, Transport,
    },
    persistence::{ChatFilter, Page, PageRequest},
};
use chrono::TimeDelta;
use serde_json::json;

use crate::support::{
    Company, TestEnv,
    chat_fixture::{chat_page, store_message},
    concurrently,
};

on_both_engines![
    a_client_has_one_chat_after_repeated_opens,
    twenty_concurrent_opens_create_one_chat,
    the_chat_shows_its_last_message_and_counts_inbound_messages_as_unread,
    marking_a_message_as_read_includes_earlier_ones_and_no_later_one,
    the_shown_status_is_that_of_the_last_message,
    the_chat_list_starts_with_the_newest_message,
    the_total_of_the_chat_list_agrees_with_search_and_filter,
    a_member_is_reused_and_keeps_the_name_from_its_transport,
    twenty_concurrent_messages_create_one_member,
    members_have_the_current_names_of_clients_and_users,
    the_route_used_last_is_the_first,
    an_unknown_enum_value_degrades_its_chat_and_not_the_list,
];

const FIRST: PageRequest = PageRequest { page: 1, limit: 25 };

async fn page(company: &Company, filter: &ChatFilter, request: PageRequest) -> Page<Chat> {
    company.read().await.chats().page(filter, request).await.unwrap()
}

async fn names(company: &Company, filter: &ChatFilter) -> Vec<String> {
    let page = page(company, filter, FIRST).await;
    assert_eq!(usize::try_from(page.total).unwrap(), page.items.len());
    page.items.into_iter().map(|chat| chat.client_name).collect()
}

async fn a_client_has_one_chat_after_repeated_opens(env: TestEnv) {
    let company = env.company("samarkand").await;
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let mut tx = company.begin().await;
    let (chat, made) = tx.chats_mut().find_or_create(aziza, env.clock.now()).await.unwrap();
    assert!(made);
    assert_eq!(tx.chats_mut().find_or_create(aziza, env.clock.now()).await.unwrap(), (chat, false));
    tx.commit().await.unwrap();

    let mut tx = company.read().await;
    let stored = tx.chats().get(chat).await.unwrap().unwrap();
    assert_eq!((stored.client, stored.client_name.as_str(), stored.unread_count), (aziza, "Aziza", 0));
    assert_eq!(stored.client_phone.unwrap().as_str(), "+998901234567");
    assert_eq!(stored.created_at, env.clock.now());
    assert!(stored.last_message.is_none());
    assert_eq!(tx.chats().of_client(aziza).await.unwrap().unwrap().id, chat);
    assert!(tx.chats().of_client(ClientId(aziza.0 + 1)).await.unwrap().is_none());
    drop(tx);
    let mut tx = company.begin().await;
    assert!(tx.chats_mut().lock_for_update(chat).await.unwrap());
    tx.clients_mut().delete(aziza).await.unwrap();
    assert!(!tx.chats_mut().lock_for_update(chat).await.unwrap(), "there is nothing to take any more");
}

async fn twenty_concurrent_opens_create_one_chat(env: TestEnv) {
    let company = env.company("samarkand").await;
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let now = env.clock.now();
    let answers = concurrently(20, |_| {
        let company = company.clone();
        async move {
            let mut tx = company.begin().await;
            let answer = tx.chats_mut().find_or_create(aziza, now).await.unwrap();
            tx.commit().await.unwrap();
            answer
        }
    });
    let answers = answers.await;
    assert!(answers.iter().all(|(chat, _)| *chat == answers[0].0), "{answers:?}");
    assert_eq!(answers.iter().filter(|(_, made)| *made).count(), 1);
    assert_eq!(page(&company, &ChatFilter::default(), FIRST).await.total, 1);
}

async fn the_chat_shows_its_last_message_and_counts_inbound_messages_as_unread(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let mut tx = company.begin().await;
    for text in ["Salom", "Are you\nthere?"] {
        store_message(&mut tx, &test_chat.inbound(text, env.clock.now())).await;
    }
    let head = tx.chats().get(test_chat.chat).await.unwrap().unwrap();
    let last = head.last_message.unwrap();
    assert_eq!(
        (head.unread_count, last.preview.as_str(), last.status),
        (2, "Are you there?", MessageStatus::Received)
    );

    env.advance_clock(TimeDelta::minutes(1));
    let answer = store_message(&mut tx, &test_chat.outbound("Yes!", env.clock.now())).await;
    let head = tx.chats().get(test_chat.chat).await.unwrap().unwrap();
    let last = head.last_message.unwrap();
    assert_eq!(head.unread_count, 2, "one's own messages are not unread");
    assert_eq!((last.id, last.at, last.preview.as_str()), (answer, env.clock.now(), "Yes!"));
    assert_eq!(
        (last.direction, last.transport, last.status),
        (Direction::Outbound, Transport::Sms, MessageStatus::Queued)
    );
    assert_eq!(tx.events().last_id_and_counts().await.unwrap().1, 1);
}

async fn marking_a_message_as_read_includes_earlier_ones_and_no_later_one(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let other = env.chat_fixture(&company, &channel, "Bobur", "+998935550011").await;
    let now = env.clock.now();
    let mut tx = company.begin().await;
    let elsewhere = store_message(&mut tx, &other.inbound("me too", now)).await;
    let first = store_message(&mut tx, &test_chat.inbound("one", now)).await;
    let answer = store_message(&mut tx, &test_chat.outbound("yes?", now)).await;
    let second = store_message(&mut tx, &test_chat.inbound("two", now)).await;
    let third = store_message(&mut tx, &test_chat.inbound("three", now)).await;
    tx.commit().await.unwrap();

    env.advance_clock(TimeDelta::minutes(5));
    let then = env.clock.now();
    let mut tx = company.begin().await;
    assert_eq!(tx.chats_mut().mark_read_up_to(test_chat.chat, second, then).await.unwrap(), 2);
    tx.commit().await.unwrap();
    env.advance_clock(TimeDelta::minutes(5));
    let mut tx = company.begin().await;
    assert_eq!(
        tx.chats_mut().mark_read_up_to(test_chat.chat, second, env.clock.now()).await.unwrap(),
        0,
        "nobody reads twice"
    );
    for (id, expected) in
        [(first, Some(then)), (second, Some(then)), (third, None), (answer, None), (elsewhere, None)]
    {
        let message = tx.messages().find(id).await.unwrap().unwrap();
        assert_eq!(message.read_at, expected, "{}", message.text);
    }
    assert_eq!(tx.chats().get(test_chat.chat).await.unwrap().unwrap().unread_count, 1);
    assert_eq!(tx.chats().get(other.chat).await.unwrap().unwrap().unread_count, 1);
    assert_eq!(tx.chats_mut().mark_read_up_to(test_chat.chat, third, then).await.unwrap(), 1);
    assert_eq!(tx.chats().get(test_chat.chat).await.unwrap().unwrap().unread_count, 0);
    assert_eq!(tx.events().last_id_and_counts().await.unwrap().1, 1);
}

async fn the_shown_status_is_that_of_the_last_message(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let now = env.clock.now();
    let mut tx = company.begin().await;
    let earlier = store_message(&mut tx, &test_chat.outbound("one", now)).await;
    let last = store_message(&mut tx, &test_chat.outbound("two", now)).await;
    tx.chats_mut().update_last_message_status(test_chat.chat, earlier, MessageStatus::Failed).await.unwrap();
    let head = tx.chats().get(test_chat.chat).await.unwrap().unwrap().last_message.unwrap();
    assert_eq!(head.status, MessageStatus::Queued);
    tx.chats_mut().update_last_message_status(test_chat.chat, last, MessageStatus::Sent).await.unwrap();
    let head = tx.chats().get(test_chat.chat).await.unwrap().unwrap().last_message.unwrap();
    assert_eq!((head.id, head.status), (last, MessageStatus::Sent));
}

async fn the_chat_list_starts_with_the_newest_message(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let mut talks = Vec::new();
    for (name, phone) in [("Aziza", "+998901234567"), ("Bobur", "+998935550011"), ("Ceren", "+998977770022")]
    {
        talks.push(env.chat_fixture(&company, &channel, name, phone).await);
        env.advance_clock(TimeDelta::microseconds(500_000));
    }
    assert_eq!(names(&company, &ChatFilter::default()).await, ["Ceren", "Bobur", "Aziza"]);
    let mut tx = company.begin().await;
    store_message(&mut tx, &talks[0].inbound("Salom", env.clock.now())).await;
    tx.commit().await.unwrap();
    assert_eq!(names(&company, &ChatFilter::default()).await, ["Aziza", "Ceren", "Bobur"]);
    env.advance_clock(TimeDelta::microseconds(1));
    let mut tx = company.begin().await;
    store_message(&mut tx, &talks[1].outbound("Salom", env.clock.now())).await;
    tx.commit().await.unwrap();
    assert_eq!(names(&company, &ChatFilter::default()).await, ["Bobur", "Aziza", "Ceren"]);
}

async fn the_total_of_the_chat_list_agrees_with_search_and_filter(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    for (number, word) in ["bir", "ikki", "uch", "tort", "besh", "olti"].into_iter().enumerate() {
        let test_chat = env
            .chat_fixture(&company, &channel, &format!("Азиз {word}"), &format!("+99890123456{number}"))
            .await;
        let mut tx = company.begin().await;
        if number % 2 == 0 {
            store_message(&mut tx, &test_chat.inbound("Salom", env.clock.now())).await;
        } else {
            store_message(&mut tx, &test_chat.outbound("Salom", env.clock.now())).await;
        }
        tx.commit().await.unwrap();
        env.advance_clock(TimeDelta::seconds(1));
    }
    let filter = |query: &str, unread| ChatFilter {
        terms: SearchTerms::parse(query),
        text: MessageTerms::parse(query),
        unread,
    };
    assert_eq!(names(&company, &filter("", true)).await, ["Азиз besh", "Азиз uch", "Азиз bir"]);
    assert_eq!(names(&company, &filter("BESH aziz", false)).await, ["Азиз besh"]);
    assert_eq!(names(&company, &filter("90 123-45-63", false)).await, ["Азиз tort"]);
    assert!(names(&company, &filter("90 123-45-63", true)).await.is_empty(), "it has nothing unread");
    assert!(names(&company, &filter("%", false)).await.is_empty());
    assert_eq!(names(&company, &filter("\0", false)).await.len(), 6, "nothing to look for");

    let request = PageRequest { page: 2, limit: 2 };
    let second = page(&company, &filter("aziz", true), request).await;
    let shown: Vec<_> = second.items.iter().map(|chat| chat.client_name.as_str()).collect();
    assert_eq!((shown, second.total, second.has_more()), (vec!["Азиз bir"], 3, false));
}

async fn a_member_is_reused_and_keeps_the_name_from_its_transport(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let now = env.clock.now();
    let sender = Sender::Client { client: test_chat.client, contact: None, address: "+998901234567".into() };
    let profile = json!({"profile_name": "Азиза 🌸", "wa_id": "998901234567"});
    let mut tx = company.begin().await;
    let member = tx
        .chats_mut()
        .find_or_create_member(test_chat.chat, Transport::Whatsapp, &sender, Some(&profile), now)
        .await
        .unwrap();
    assert_ne!(member, test_chat.member, "a transport of its own is a member of its own");
    for _ in 0..3 {
        let again = tx
            .chats_mut()
            .find_or_create_member(test_chat.chat, Transport::Whatsapp, &sender, None, now)
            .await
            .unwrap();
        assert_eq!(again, member);
    }
    assert_eq!(tx.chats().member_data(member).await.unwrap(), profile, "saving without it erases nothing");
    let renamed = json!({"profile_name": "A."});
    tx.chats_mut()
        .find_or_create_member(test_chat.chat, Transport::Whatsapp, &sender, Some(&renamed), now)
        .await
        .unwrap();
    assert_eq!(tx.chats().member_data(member).await.unwrap(), renamed);
    assert_eq!(tx.chats().member_data(test_chat.member).await.unwrap(), json!({}));
    assert_eq!(tx.chats().members(test_chat.chat).await.unwrap().len(), 3);
}

async fn twenty_concurrent_messages_create_one_member(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let now = env.clock.now();
    let members = concurrently(20, |_| {
        let company = company.clone();
        async move {
            let mut tx = company.begin().await;
            let sender = Sender::Client { client: test_chat.client, contact: None, address: "new".into() };
            let id = tx
                .chats_mut()
                .find_or_create_member(test_chat.chat, Transport::Whatsapp, &sender, None, now)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            id
        }
    });
    let members = members.await;
    assert!(members.iter().all(|id| *id == members[0]));
    assert_eq!(company.read().await.chats().members(test_chat.chat).await.unwrap().len(), 3);
}

async fn members_have_the_current_names_of_clients_and_users(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    env.advance_clock(TimeDelta::seconds(1));
    let mut tx = company.begin().await;
    tx.chats_mut()
        .find_or_create_member(test_chat.chat, Transport::Sms, &Sender::System, None, env.clock.now())
        .await
        .unwrap();
    let client = tx.clients().get(test_chat.client).await.unwrap().unwrap();
    let client = client.with(ClientField::MiddleName, "Botirovna").with(ClientField::LastName, "Karimova");
    tx.clients_mut().update(&client).await.unwrap();
    tx.commit().await.unwrap();

    let members = company.read().await.chats().members(test_chat.chat).await.unwrap();
    let told: Vec<_> = members.iter().map(|m| (m.sender_type, m.sender_id, m.name.as_str())).collect();
    assert_eq!(
        told,
        [
            (SenderType::Client, Some(test_chat.client.0), "Aziza Botirovna Karimova"),
            (SenderType::User, Some(company.agent.user.id.0), "agent Karimov"),
            (SenderType::System, None, ""),
        ]
    );
}

async fn the_route_used_last_is_the_first(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let now = env.clock.now();
    let mut tx = company.begin().await;
    let sender =
        Sender::Client { client: test_chat.client, contact: None, address: "UZ.13491208655302741918".into() };
    let whatsapp = tx
        .chats_mut()
        .find_or_create_member(test_chat.chat, Transport::Whatsapp, &sender, None, now)
        .await
        .unwrap();
    let user_id = ContactValue::from_provider(ContactType::Whatsapp, "UZ.13491208655302741918").unwrap();
    tx.clients_mut().add_contact(test_chat.client, &user_id, now).await.unwrap();
    tx.commit().await.unwrap();
    let by_whatsapp = NewMessage {
        member: whatsapp,
        transport: Transport::Whatsapp,
        ..test_chat.inbound("by WhatsApp", now)
    };
    // A message from a user does not change the route that the client used last.
    for (message, expected) in [
        (test_chat.inbound("by SMS", now), [Transport::Sms, Transport::Whatsapp]),
        (by_whatsapp, [Transport::Whatsapp, Transport::Sms]),
        (test_chat.outbound("answer", now), [Transport::Whatsapp, Transport::Sms]),
    ] {
        let mut tx = company.begin().await;
        store_message(&mut tx, &message).await;
        tx.commit().await.unwrap();
        let page = chat_page(&env.services, &company.agent, test_chat.chat, None).await.unwrap();
        let routes = page.details.reachability.routes;
        let transports: Vec<_> = routes.iter().map(|route| route.transport).collect();
        assert_eq!(transports, expected);
    }
}

async fn an_unknown_enum_value_degrades_its_chat_and_not_the_list(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    for (name, phone) in [("Aziza", "+998901234567"), ("Bobur", "+998935550011")] {
        let test_chat = env.chat_fixture(&company, &channel, name, phone).await;
        let mut tx = company.begin().await;
        store_message(&mut tx, &test_chat.inbound("Salom", env.clock.now())).await;
        tx.commit().await.unwrap();
        env.advance_clock(TimeDelta::seconds(1));
    }
    let mut raw = env.raw().await;
    raw.run(
        "UPDATE chats SET last_message_transport = 'pigeon', last_message_status = 'eaten' WHERE client_id =
             (SELECT id FROM clients WHERE first_name = 'Aziza')",
    )
    .await
    .unwrap();
    raw.run("UPDATE clients SET phone = 'soon' WHERE first_name = 'Aziza'").await.unwrap();
    let chats = page(&company, &ChatFilter::default(), FIRST).await.items;
    let last = chats[1].last_message.as_ref().unwrap();
    assert_eq!((last.transport, last.status), (Transport::Other, MessageStatus::Unknown));
    assert_eq!(chats[1].client_phone, None);
    assert_eq!(chats[0].client_name, "Bobur");
}
