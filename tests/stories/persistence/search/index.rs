//! Tests of the full-text index: its matches, its updates, and the indexing of older databases.

use std::time::Duration;

use aloqa::{
    domain::{
        ChatId, Client, ClientField, ClientId, ContactType, ContactValue, Country, Email, MessageId,
        MessageTerms, SearchTerms,
    },
    persistence::{ClientFilter, ClientSort, PageRequest},
};
use chrono::TimeDelta;

use crate::support::{
    Company, TestEnv, chat_fixture::store_message, database::raw::FULL_TEXT, people::phone_of,
};

on_both_engines![
    names_numbers_and_contacts_are_found_by_any_part,
    search_treats_the_query_syntax_of_the_engines_as_plain_text,
    changed_values_replace_the_former_ones_in_the_index,
    messages_are_found_newest_first_page_by_page,
    messages_are_found_by_words_in_any_script,
    the_scan_of_recent_messages_and_the_index_agree,
    deleted_clients_and_messages_leave_the_index,
    an_older_database_is_indexed_in_the_background,
    interrupted_indexing_resumes_and_keeps_newer_rows,
];

async fn found(company: &Company, query: &str) -> Vec<String> {
    let filter = ClientFilter { terms: SearchTerms::parse(query), ..ClientFilter::default() };
    let first = PageRequest { page: 1, limit: 25 };
    let page = company.read().await.clients().page(&filter, ClientSort::Name, first).await.unwrap();
    assert_eq!(usize::try_from(page.total).unwrap(), page.items.len(), "the total of {query:?}");
    page.items.iter().map(|client| client.data().first_name().to_owned()).collect()
}

async fn add_contact(company: &Company, env: &TestEnv, client: ClientId, kind: ContactType, value: &str) {
    let value = ContactValue::parse(kind, value, Country::UZ).unwrap();
    let mut tx = company.begin().await;
    tx.clients_mut().add_contact(client, &value, env.clock.now()).await.unwrap().unwrap();
    let stored = tx.clients().get(client).await.unwrap().unwrap();
    tx.clients_mut().refresh_search(&stored).await.unwrap();
    tx.commit().await.unwrap();
}

async fn names_numbers_and_contacts_are_found_by_any_part(env: TestEnv) {
    let (company, stranger) = env.two_companies().await;
    let email = Email::parse("nozima.aziz@mail-box.example").unwrap();
    let new = Client::builder("Нозима").last_name("Аъзамова").phone(phone_of("+77011234567")).email(email);
    let mut tx = company.begin().await;
    let id = tx.clients_mut().create(&new.build().unwrap(), env.clock.now()).await.unwrap();
    tx.clients_mut().create(&Client::builder("Zulfiya").build().unwrap(), env.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    add_contact(&company, &env, id, ContactType::Telegram, "@Nozi_77").await;
    add_contact(&company, &env, id, ContactType::Whatsapp, "+998 93 555 00 11").await;
    add_contact(&company, &env, id, ContactType::Other, "Viber: \"quyosh\" ☀").await;

    for query in [
        "n",
        "noz",
        "zima",
        "azamova nozima",
        "am",
        "аъзам",
        "7011234567",
        "8 701 123 45 67",
        "+7 (701) 123-45-67",
        "4567",
        "123-45-67",
        "nozima.aziz@mail-box.example",
        "aziz@",
        "ziz@mail",
        "mail-box",
        "box",
        "_77",
        "nozi_",
        "93 555 00 11",
        "998935550011",
        "5500",
        "quyosh\"",
        "\"quy",
        "viber:",
        "☀",
    ] {
        assert_eq!(found(&company, query).await, ["Нозима"], "{query}");
        assert!(found(&stranger, query).await.is_empty(), "{query} finds another company's client");
    }
    for query in ["o", "nozimaa", "ail-box", "nozima zulfiya", "7011234568", "quyosh☀"] {
        assert!(found(&company, query).await.is_empty(), "{query}");
    }
    assert_eq!(found(&company, "z").await, ["Zulfiya"], "one letter finds what begins with it");
}

async fn search_treats_the_query_syntax_of_the_engines_as_plain_text(env: TestEnv) {
    let company = env.company("samarkand").await;
    let names = ["a* OR b", "NOT c", "d:e", "'f' & !g", "h\\:*", "(i | j)", "^k -l", "{m} NEAR(n)", "🌸 p"];
    for name in names {
        let mut tx = company.begin().await;
        tx.clients_mut().create(&Client::builder(name).build().unwrap(), env.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }
    for name in names {
        assert_eq!(found(&company, name).await, [name], "{name}");
    }
    let own = company.id();
    let long = "x".repeat(100_000);
    let words = "w ".repeat(10_000);
    for query in [
        "\"",
        "*",
        "NOT",
        "a OR",
        "'",
        "''",
        "\\",
        ":*",
        "a:*",
        "& |",
        "!",
        "<->",
        "(",
        "{a}:",
        "-",
        "^",
        "+",
        "clients:a",
        "\0",
        "a\0",
        "\u{feff}",
        "🏴‍☠️",
        "%",
        &format!("{own}:a"),
        &format!("{own}^a"),
        &long,
        &words,
    ] {
        let _ = found(&company, query).await;
        let terms = MessageTerms::parse(query);
        assert!(company.read().await.messages().search(&terms, None, None, 5).await.unwrap().is_empty());
    }
    assert!(found(&company, "a* b").await == ["a* OR b"] && found(&company, "c*").await.is_empty());
}

async fn changed_values_replace_the_former_ones_in_the_index(env: TestEnv) {
    let company = env.company("samarkand").await;
    let id = company.client(&env, "Aziza", "+998901234567").await;
    add_contact(&company, &env, id, ContactType::Telegram, "aziza_k").await;
    let mut tx = company.begin().await;
    let client = tx.clients().get(id).await.unwrap().unwrap();
    let changed = client.with(ClientField::LastName, "Karimova").without(ClientField::Phone);
    tx.clients_mut().update(&changed).await.unwrap();
    assert_eq!(tx.clients().contacts(id).await.unwrap().len(), 1);
    drop(tx);
    assert!(found(&company, "karimova").await.is_empty(), "what is not committed is not found");

    let mut tx = company.begin().await;
    tx.clients_mut().update(&changed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&company, "karimova aziza_k").await, ["Aziza"]);
    assert!(found(&company, "1234567").await.is_empty());

    let mut tx = company.begin().await;
    let contact = changed.contacts[0].id;
    assert!(tx.clients_mut().remove_contact(id, contact).await.unwrap());
    tx.clients_mut().refresh_search(&changed).await.unwrap();
    tx.commit().await.unwrap();
    assert!(found(&company, "aziza_k").await.is_empty());
}

async fn ids(company: &Company, query: &str, chat: Option<ChatId>) -> Vec<MessageId> {
    let terms = MessageTerms::parse(query);
    company.read().await.messages().search(&terms, chat, None, 50).await.unwrap()
}

async fn messages_are_found_newest_first_page_by_page(env: TestEnv) {
    let (company, stranger) = env.two_companies().await;
    let channel = env.connect(&company).await;
    let aziza = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let bobur = env.chat_fixture(&company, &channel, "Bobur", "+998901234568").await;
    let mut said = Vec::new();
    let mut tx = company.begin().await;
    for number in 0..30 {
        let test_chat = if number % 3 == 0 { bobur } else { aziza };
        env.advance_clock(TimeDelta::seconds(1));
        let text = format!("Buyurtma {number}, iltimos");
        said.push(store_message(&mut tx, &test_chat.inbound(&text, env.clock.now())).await);
        store_message(&mut tx, &test_chat.outbound("Xoʻp", env.clock.now())).await;
    }
    tx.commit().await.unwrap();
    said.reverse();

    let terms = MessageTerms::parse("ILTIMOS buyur");
    let (mut pages, mut before) = (Vec::new(), None);
    loop {
        let page = company.read().await.messages().search(&terms, None, before, 7).await.unwrap();
        before = page.last().copied().or(before);
        pages.extend_from_slice(&page);
        if page.len() < 7 {
            break;
        }
    }
    assert_eq!(pages, said);
    let of_bobur: Vec<_> = said.iter().rev().step_by(3).rev().copied().collect();
    assert_eq!(ids(&company, "buyurtma", Some(bobur.chat)).await, of_bobur);
    assert_eq!(ids(&company, "buyurtma 29", None).await, [said[0]]);
    assert!(ids(&company, "buyurtma 29", Some(bobur.chat)).await.is_empty());
    assert!(ids(&stranger, "buyurtma", None).await.is_empty());
    assert!(ids(&stranger, "buyurtma", Some(bobur.chat)).await.is_empty());
}

async fn messages_are_found_by_words_in_any_script(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let now = env.clock.now();
    let mut tx = company.begin().await;
    let goods = store_message(
        &mut tx,
        &test_chat.inbound("Заказал «Ғижжак» — 2 шт. 🎻! https://example.uz/a_b", now),
    )
    .await;
    let picture = store_message(&mut tx, &test_chat.inbound("🎻👍🏽", now)).await;
    let hebrew = store_message(&mut tx, &test_chat.inbound("שלום, מתי המשלוח?", now)).await;
    tx.commit().await.unwrap();

    for query in ["заказ", "zakazal g'ijjak", "ГИЖ зак", "2 sht", "\"example.uz\"", "b example", "-заказал*"]
    {
        assert_eq!(ids(&company, query, None).await, [goods], "{query}");
    }
    assert_eq!(ids(&company, "🎻", None).await, [picture, goods]);
    assert_eq!(ids(&company, "👍", None).await, [picture]);
    assert_eq!(ids(&company, "משלוח", None).await, []);
    assert_eq!(ids(&company, "שלום המשלוח", None).await, [hebrew]);
    for query in ["", "…", "заказал NOT", "акезал", "za", "2 шт 3"] {
        assert!(ids(&company, query, None).await.is_empty(), "{query}");
    }
}

async fn deleted_clients_and_messages_leave_the_index(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    for (name, phone) in [("Aziza", "+998901234567"), ("Bobur", "+998901234568")] {
        let test_chat = env.chat_fixture(&company, &channel, name, phone).await;
        let mut tx = company.begin().await;
        store_message(&mut tx, &test_chat.inbound("salom", env.clock.now())).await;
        tx.commit().await.unwrap();
    }
    let mut raw = env.raw().await;
    for table in FULL_TEXT {
        assert_eq!(raw.count(table).await, 2, "{table}");
    }
    let aziza = company
        .read()
        .await
        .clients()
        .find_by_address(&crate::support::populated_tenant::contact_value())
        .await;
    let mut tx = company.begin().await;
    assert!(tx.clients_mut().delete(aziza.unwrap().unwrap()).await.unwrap());
    tx.commit().await.unwrap();
    for table in FULL_TEXT {
        assert_eq!(raw.count(table).await, 1, "{table}");
    }
    assert!(found(&company, "aziza").await.is_empty());
    assert_eq!(ids(&company, "salom", None).await.len(), 1);
}

/// Puts the database into the state after the migration of one that had no index.
async fn clear_the_index(env: &TestEnv) {
    let mut raw = env.raw().await;
    for table in FULL_TEXT {
        raw.run(&format!("DELETE FROM {table}")).await.unwrap();
    }
    let mut cross_tenant = env.database.begin_cross_tenant().await.unwrap();
    cross_tenant.mark_all_unindexed().await.unwrap();
    cross_tenant.commit().await.unwrap();
}

async fn an_older_database_is_indexed_in_the_background(env: TestEnv) {
    let (mine, other) = (env.populated_tenant("samarkand").await, env.populated_tenant("bukhara").await);
    clear_the_index(&env).await;
    assert!(found(&mine.company, "aziza").await.is_empty());
    // A new row is indexed at once, without the background indexer.
    mine.company.client(&env, "Bobur", "+998901234560").await;
    assert_eq!(found(&mine.company, "bobur").await, ["Bobur"]);

    assert!(env.services.search_indexer.index_pending(Duration::ZERO).await.unwrap() >= 4);
    for company in [&mine.company, &other.company] {
        assert_eq!(found(company, "aziza").await, ["Aziza"]);
        assert_eq!(ids(company, "salom", None).await.len(), 1);
    }
    assert_eq!(
        env.services.search_indexer.index_pending(Duration::ZERO).await.unwrap(),
        0,
        "nothing is left"
    );
}

async fn interrupted_indexing_resumes_and_keeps_newer_rows(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut tx = company.begin().await;
    for number in 0..450 {
        let new = Client::builder(&format!("Name{number}")).build().unwrap();
        tx.clients_mut().create(&new, env.clock.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    clear_the_index(&env).await;

    let mut tx = company.begin().await;
    tx.search_index_mut().index_older_clients().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&company, "name449").await, ["Name449"], "the newest come first");
    assert!(found(&company, "name0").await.is_empty());
    // A batch that is not committed is indexed again.
    company.begin().await.search_index_mut().index_older_clients().await.unwrap();

    let mut tx = company.begin().await;
    let first = tx
        .clients()
        .page(&ClientFilter::default(), ClientSort::Name, PageRequest { page: 1, limit: 1 })
        .await;
    let renamed = first.unwrap().items.remove(0).with(ClientField::LastName, "Renamed");
    tx.clients_mut().update(&renamed).await.unwrap();
    tx.commit().await.unwrap();

    env.services.search_indexer.index_pending(Duration::ZERO).await.unwrap();
    assert_eq!(found(&company, "name0 renamed").await, ["Name0"]);
    assert_eq!(env.raw().await.count("client_search").await, 450);
}

async fn the_scan_of_recent_messages_and_the_index_agree(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let texts =
        ["Салом, гилам борми?", "Gilamlar 🧶 qancha", "ok 🧶", "Oʻtkir aka 50% (chegirma)", "Straße café"];
    let mut tx = company.begin().await;
    for number in 0..700 {
        let rare = if number == 3 { " noyob" } else { "" };
        let text = format!("{}{rare} {number}", texts[number % texts.len()]);
        store_message(&mut tx, &test_chat.inbound(&text, env.clock.now())).await;
    }
    tx.commit().await.unwrap();
    let mut tx = company.read().await;
    for query in
        ["гилам", "gi", "🧶", "o", "50%", "strasse cafe", "gilam qancha", "noyob", "69", "\"gilam\" OR ok"]
    {
        let terms = MessageTerms::parse(query);
        for (chat, before, limit) in [(None, None, 6), (Some(test_chat.chat), Some(MessageId(650)), 130)] {
            let by_index = tx.messages().search(&terms, chat, before, limit).await.unwrap();
            assert_eq!(
                tx.messages().containing(&terms, chat, before, limit).await.unwrap(),
                by_index,
                "{query}"
            );
        }
    }
    let noyob = MessageTerms::parse("noyob");
    assert_eq!(tx.messages().containing(&noyob, None, None, 6).await.unwrap().len(), 1, "beyond the newest");
}
