//! Tests of contacts: their owner, finding a client by them, and their removal.

use aloqa::{
    domain::{
        Client, ClientField, ContactId, ContactType, ContactValue, Country, Email, SearchTerms, Sender,
        Transport,
    },
    persistence::{ClientFilter, ClientSort, PageRequest},
};
use chrono::TimeDelta;

use crate::support::{Company, TestEnv};

on_both_engines![
    contacts_keep_the_order_in_which_they_were_added,
    a_contact_value_belongs_to_one_client_per_type,
    a_sender_is_found_by_phone_before_contacts,
    removing_the_last_contact_keeps_the_messages,
    a_client_is_found_by_the_values_of_its_contacts,
];

fn contact(kind: ContactType, text: &str) -> ContactValue {
    ContactValue::parse(kind, text, Country::UZ).unwrap()
}

async fn contacts_keep_the_order_in_which_they_were_added(env: TestEnv) {
    let company = env.company("samarkand").await;
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let given = [
        contact(ContactType::Telegram, "@aziza"),
        contact(ContactType::Phone, "93 555 00 11"),
        contact(ContactType::Email, "Aziza@Example.uz"),
        contact(ContactType::Whatsapp, "+998935550011"),
        contact(ContactType::Other, "second door on the left"),
    ];
    let mut tx = company.begin().await;
    for value in &given {
        tx.clients_mut().add_contact(aziza, value, env.clock.now()).await.unwrap().unwrap();
        env.advance_clock(TimeDelta::seconds(1));
    }
    tx.commit().await.unwrap();

    let mut tx = company.read().await;
    let stored = tx.clients().contacts(aziza).await.unwrap();
    let client = tx.clients().get(aziza).await.unwrap().unwrap();
    for contacts in [&stored, &client.contacts] {
        let values: Vec<_> = contacts.iter().map(|c| (c.kind, c.value.as_str())).collect();
        assert_eq!(values, given.iter().map(|c| (c.kind(), c.value())).collect::<Vec<_>>());
    }
    assert_eq!(stored[4].created_at - stored[0].created_at, TimeDelta::seconds(4));
    let (owner, found) = tx.clients().find_contact(&given[2]).await.unwrap().unwrap();
    assert_eq!((owner, found.id, found.value.as_str()), (aziza, stored[2].id, "aziza@example.uz"));
    assert!(tx.clients().find_contact(&contact(ContactType::Other, "@aziza")).await.unwrap().is_none());
}

async fn a_contact_value_belongs_to_one_client_per_type(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    let aziza = samarkand.client(&env, "Aziza", "+998901234567").await;
    let bobur = samarkand.client(&env, "Bobur", "+998935550011").await;
    let stranger = bukhara.client(&env, "Aziza", "+998901234567").await;
    let (telegram, other) = (contact(ContactType::Telegram, "aziza"), contact(ContactType::Other, "aziza"));
    let now = env.clock.now();

    let mut tx = samarkand.begin().await;
    assert!(tx.clients_mut().add_contact(aziza, &telegram, now).await.unwrap().is_some());
    assert!(tx.clients_mut().add_contact(bobur, &telegram, now).await.unwrap().is_none(), "it is Aziza's");
    assert!(
        tx.clients_mut().add_contact(aziza, &telegram, now).await.unwrap().is_none(),
        "she has it already"
    );
    assert!(tx.clients_mut().add_contact(bobur, &other, now).await.unwrap().is_some(), "another type");
    tx.commit().await.unwrap();

    let mut tx = bukhara.begin().await;
    assert!(
        tx.clients_mut().add_contact(stranger, &telegram, now).await.unwrap().is_some(),
        "another company"
    );
}

async fn a_sender_is_found_by_phone_before_contacts(env: TestEnv) {
    let company = env.company("samarkand").await;
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let bobur = company.client(&env, "Bobur", "+998935550011").await;
    let dilshod =
        Client::builder("Dilshod").email(Email::parse("dilshod@example.uz").unwrap()).build().unwrap();
    let mut tx = company.begin().await;
    let dilshod = tx.clients_mut().create(&dilshod, env.clock.now()).await.unwrap();
    for (client, kind, value) in [
        // Bobur also has Aziza's number as a contact; it stays her phone.
        (bobur, ContactType::Phone, "+998901234567"),
        (bobur, ContactType::Whatsapp, "+998977770022"),
        (aziza, ContactType::Phone, "+998977770033"),
        (dilshod, ContactType::Telegram, "dilshod"),
    ] {
        tx.clients_mut().add_contact(client, &contact(kind, value), env.clock.now()).await.unwrap().unwrap();
    }
    tx.commit().await.unwrap();

    let mut tx = company.read().await;
    for (kind, value, expected) in [
        (ContactType::Phone, "+998901234567", Some(aziza)),
        (ContactType::Whatsapp, "+998901234567", Some(aziza)),
        (ContactType::Whatsapp, "+998977770022", Some(bobur)),
        (ContactType::Phone, "+998977770022", Some(bobur)),
        (ContactType::Whatsapp, "+998977770033", Some(aziza)),
        (ContactType::Telegram, "dilshod", Some(dilshod)),
        (ContactType::Email, "dilshod@example.uz", Some(dilshod)),
        (ContactType::Email, "aziza@example.uz", None),
        (ContactType::Phone, "+998977770044", None),
        (ContactType::Other, "dilshod", None),
    ] {
        let found = tx.clients().find_by_address(&contact(kind, value)).await.unwrap();
        assert_eq!(found, expected, "{kind:?} {value}");
    }
}

async fn removing_the_last_contact_keeps_the_messages(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let now = env.clock.now();
    let mut tx = company.begin().await;
    let value = contact(ContactType::Phone, "+998901234567");
    let id = tx.clients_mut().add_contact(test_chat.client, &value, now).await.unwrap().unwrap();
    let sender =
        Sender::Client { client: test_chat.client, contact: Some(id), address: "+998901234567".into() };
    let member = tx
        .chats_mut()
        .find_or_create_member(test_chat.chat, Transport::Sms, &sender, None, now)
        .await
        .unwrap();
    assert_eq!(member, test_chat.member);
    let message = tx.messages_mut().create(&test_chat.inbound("Salom", now), &[]).await.unwrap();
    tx.commit().await.unwrap();
    let other = company.client(&env, "Bobur", "+998935550011").await;

    let mut tx = company.begin().await;
    assert!(!tx.clients_mut().remove_contact(other, id).await.unwrap(), "it is not the other's to remove");
    assert!(!tx.clients_mut().remove_contact(test_chat.client, ContactId(id.0 + 1)).await.unwrap());
    assert!(tx.clients_mut().remove_contact(test_chat.client, id).await.unwrap());
    assert!(!tx.clients_mut().remove_contact(test_chat.client, id).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = company.read().await;
    assert!(tx.clients().contacts(test_chat.client).await.unwrap().is_empty());
    assert_eq!(tx.messages().find(message).await.unwrap().unwrap().text, "Salom");
    assert_eq!(
        tx.chats().members(test_chat.chat).await.unwrap().iter().filter(|m| m.address.is_some()).count(),
        1,
        "the answer still finds its way"
    );
}

async fn a_client_is_found_by_the_values_of_its_contacts(env: TestEnv) {
    let company = env.company("samarkand").await;
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let mut tx = company.begin().await;
    let mut ids = Vec::new();
    for (kind, value) in [(ContactType::Other, "Азиза_k"), (ContactType::Phone, "+998935550011")] {
        let id = tx.clients_mut().add_contact(aziza, &contact(kind, value), env.clock.now()).await.unwrap();
        ids.push(id.unwrap());
    }
    let client = tx.clients().get(aziza).await.unwrap().unwrap();
    tx.clients_mut().refresh_search(&client).await.unwrap();
    tx.commit().await.unwrap();
    for query in ["aziza_k", "93 555-00-11", "90 123-45-67"] {
        assert_eq!(found(&company, query).await, 1, "{query}");
    }

    let mut tx = company.begin().await;
    tx.clients_mut().remove_contact(aziza, ids[1]).await.unwrap();
    tx.clients_mut().refresh_search(&client).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&company, "93 555-00-11").await, 0);
    assert_eq!(found(&company, "aziza_k").await, 1);

    // Updating the client's own fields keeps the contacts in the search index.
    let mut tx = company.begin().await;
    tx.clients_mut().update(&client.with(ClientField::LastName, "Karimova")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&company, "Karimova aziza_k").await, 1);
}

async fn found(company: &Company, query: &str) -> i64 {
    let filter = ClientFilter { terms: SearchTerms::parse(query), ..ClientFilter::default() };
    let request = PageRequest { page: 1, limit: 25 };
    company.read().await.clients().page(&filter, ClientSort::Name, request).await.unwrap().total
}
