//! Tests of stored clients: reading, conflicts, search, lists and deletion.

use aloqa::{
    domain::{
        Client, ClientField, ClientFields, ClientId, ContactType, ContactValue, Country, Email, FieldValue,
        Passport, Pin, SearchTerms,
    },
    error::{AppError, Conflict},
    persistence::{ClientFilter, ClientSort, Page, PageRequest, TemplateSort},
};
use chrono::{NaiveDate, TimeDelta};

use crate::support::{
    Company, TestEnv,
    chat_fixture::{picture, store_message},
    people::phone_of,
};

on_both_engines![
    a_client_is_read_as_stored,
    every_optional_field_can_be_cleared,
    a_conflict_of_phone_or_pin_names_the_owner,
    one_person_may_be_a_client_of_two_tenants,
    a_client_is_found_in_any_script_case_and_notation,
    search_treats_wildcards_as_plain_characters,
    search_accepts_characters_that_cannot_be_stored,
    the_created_filter_includes_its_start_and_excludes_its_end,
    lists_are_sorted_by_the_requested_field,
    the_pages_together_contain_all_matching_clients_once,
    an_invalid_value_degrades_its_row_and_not_the_list,
    deleting_a_client_deletes_everything_that_belongs_to_it,
];

const FIRST: PageRequest = PageRequest { page: 1, limit: 25 };

fn aziza() -> ClientFields {
    Client::builder("Aziza")
        .last_name("Karimova")
        .with(ClientField::MiddleName, "Botirovna")
        .phone(phone_of("+998901234567"))
        .email(Email::parse("aziza@example.uz").unwrap())
        .with(ClientField::Address, "Samarkand,\nRegistan 1")
        .with(ClientField::DateOfBirth, "1990-02-28".parse::<NaiveDate>().unwrap())
        .with(ClientField::Gender, FieldValue::Choice("female".into()))
        .passport(Passport::stored(Some("AA".into()), Some("1234567".into())).unwrap())
        .pin(pin("31234567890123"))
        .with(ClientField::Comments, "Calls after lunch")
        .build()
        .unwrap()
}

fn client_named(name: &str) -> ClientFields {
    Client::builder(name).build().unwrap()
}

fn pin(digits: &str) -> Pin {
    Pin::parse(digits, Country::UZ).unwrap()
}

async fn create(company: &Company, env: &TestEnv, new: &ClientFields) -> ClientId {
    let mut tx = company.begin().await;
    let id = tx.clients_mut().create(new, env.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn get(company: &Company, id: ClientId) -> Client {
    company.read().await.clients().get(id).await.unwrap().unwrap()
}

async fn page(
    company: &Company,
    filter: &ClientFilter,
    sort: ClientSort,
    request: PageRequest,
) -> Page<Client> {
    company.read().await.clients().page(filter, sort, request).await.unwrap()
}

fn searching(query: &str) -> ClientFilter {
    ClientFilter { terms: SearchTerms::parse(query), ..ClientFilter::default() }
}

fn first_names(page: &Page<Client>) -> Vec<&str> {
    page.items.iter().map(|client| client.data().first_name()).collect()
}

/// First names of the clients that are found.
async fn found(company: &Company, query: &str) -> Vec<String> {
    let page = page(company, &searching(query), ClientSort::Name, FIRST).await;
    assert_eq!(usize::try_from(page.total).unwrap(), page.items.len(), "the total of {query}");
    first_names(&page).into_iter().map(str::to_owned).collect()
}

async fn a_client_is_read_as_stored(env: TestEnv) {
    let company = env.company("samarkand").await;
    let id = create(&company, &env, &aziza()).await;
    let client = get(&company, id).await;
    assert_eq!(client.data(), &aziza());
    assert_eq!((client.created_at, client.updated_at), (env.clock.now(), env.clock.now()));
    assert!(client.contacts.is_empty());

    let bare = create(&company, &env, &client_named("Ўктам")).await;
    assert_eq!(get(&company, bare).await.data(), &client_named("Ўктам"));
    assert!(company.read().await.clients().get(ClientId(bare.0 + 1)).await.unwrap().is_none());
}

async fn every_optional_field_can_be_cleared(env: TestEnv) {
    let company = env.company("samarkand").await;
    let id = create(&company, &env, &aziza()).await;
    let client = get(&company, id).await;
    env.advance_clock(TimeDelta::hours(1));
    let mut bare = ClientField::ALL.iter().fold(client, |client, field| client.without(*field));
    bare.updated_at = env.clock.now();
    let mut tx = company.begin().await;
    tx.clients_mut().update(&bare).await.unwrap();
    tx.commit().await.unwrap();

    let stored = get(&company, id).await;
    assert_eq!(stored.data(), &client_named("Aziza"));
    assert_eq!(stored.updated_at - stored.created_at, TimeDelta::hours(1));
    for query in ["Karimova", "901234567", "aziza@"] {
        assert!(found(&company, query).await.is_empty(), "{query} is still found");
    }
    assert_eq!(found(&company, "aziza").await, ["Aziza"]);
    // Values that a client gives up can be used by others.
    create(&company, &env, &aziza()).await;
}

async fn a_conflict_of_phone_or_pin_names_the_owner(env: TestEnv) {
    let company = env.company("samarkand").await;
    let first = create(&company, &env, &aziza()).await;
    let taken = |field| Conflict { field: Some(field), client: Some(first) };
    let same_phone = Client::builder("Bobur").phone(phone_of("+998901234567")).build().unwrap();
    let same_pin = Client::builder("Bobur").pin(pin("31234567890123")).build().unwrap();

    for (new, expected) in [(&same_phone, taken("phone")), (&same_pin, taken("pin"))] {
        let mut tx = company.begin().await;
        let refused = tx.clients_mut().create(new, env.clock.now()).await.unwrap_err();
        assert!(matches!(&refused, AppError::Conflict(conflict) if *conflict == expected), "{refused:?}");
        // The transaction is still usable: the next query is answered.
        assert!(tx.clients().get(first).await.unwrap().is_some());
    }

    let second = create(&company, &env, &client_named("Bobur")).await;
    let bobur = get(&company, second).await;
    let with_phone = bobur.clone().with(ClientField::Phone, phone_of("+998901234567"));
    let with_pin = bobur.with(ClientField::Pin, "31234567890123").with(ClientField::CountryCode, Country::UZ);
    for (changed, expected) in [(&with_phone, taken("phone")), (&with_pin, taken("pin"))] {
        let mut tx = company.begin().await;
        let refused = tx.clients_mut().update(changed).await.unwrap_err();
        assert!(matches!(&refused, AppError::Conflict(conflict) if *conflict == expected), "{refused:?}");
        tx.commit().await.unwrap();
    }
    assert_eq!(get(&company, second).await.data(), &client_named("Bobur"));

    // A PIN is unique only within its country, and a client does not conflict with itself.
    let kazakh = Client::builder("Dana").pin(Pin::parse("31234567890123", "KZ".parse().unwrap()).unwrap());
    create(&company, &env, &kazakh.build().unwrap()).await;
    let aziza = get(&company, first).await;
    company.begin().await.clients_mut().update(&aziza).await.unwrap();
}

async fn one_person_may_be_a_client_of_two_tenants(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    let here = create(&samarkand, &env, &aziza()).await;
    let there = create(&bukhara, &env, &aziza()).await;
    assert_ne!(here, there);
    assert_eq!(found(&bukhara, "Karimova").await.len(), 1);
}

async fn a_client_is_found_in_any_script_case_and_notation(env: TestEnv) {
    let company = env.company("samarkand").await;
    create(&company, &env, &aziza()).await;
    let otkir = Client::builder("Ўткир").last_name("Ғуломов").phone(phone_of("+998935550011"));
    create(&company, &env, &otkir.build().unwrap()).await;

    for query in [
        "Aziza",
        "AZIZA",
        "азиза",
        "Каримова азиза",
        "karimova  aziza",
        "zi ri",
        "+998 90 123-45-67",
        "90 123 45 67",
        "(90) 123-45-67",
        "1234567",
        "AZIZA@EXAMPLE.UZ",
        "botirovna",
    ] {
        assert_eq!(found(&company, query).await, ["Aziza"], "{query}");
    }
    for query in ["O'tkir", "Oʻtkir", "otkir", "ЎТКИР", "g'ulomov", "Gʻulomov O‘tkir", "93 555-00-11"]
    {
        assert_eq!(found(&company, query).await, ["Ўткир"], "{query}");
    }
    let zuhra = Client::builder("Зухра").last_name("Qodirova");
    create(&company, &env, &zuhra.build().unwrap()).await;
    for query in ["zuhra", "Зуҳра", "Zuxra Кодирова", "қодирова"] {
        assert_eq!(found(&company, query).await, ["Зухра"], "{query}: letters that a keyboard lacks");
    }
    for query in ["Aziza Gulomov", "998900000000", "Registan", "lunch"] {
        assert!(found(&company, query).await.is_empty(), "{query}");
    }
    assert_eq!(found(&company, "").await.len(), 3);
    assert_eq!(found(&company, "  ").await.len(), 3);
}

async fn search_treats_wildcards_as_plain_characters(env: TestEnv) {
    let company = env.company("samarkand").await;
    for name in ["50% off", "50 x off", "a_b", "a-b", "back\\slash"] {
        create(&company, &env, &client_named(name)).await;
    }
    for (query, expected) in [
        ("50%", &["50% off"][..]),
        ("%", &["50% off"]),
        ("a_b", &["a_b"]),
        ("_", &["a_b"]),
        ("\\", &["back\\slash"]),
        ("'; DROP TABLE clients", &[]),
    ] {
        assert_eq!(found(&company, query).await, expected, "{query}");
    }
}

async fn search_accepts_characters_that_cannot_be_stored(env: TestEnv) {
    let company = env.company("samarkand").await;
    create(&company, &env, &aziza()).await;
    for query in ["\0", "Az\0iza", "Aziza \0", "\u{7f}\u{1b}"] {
        let list = company.read().await.clients().page(&searching(query), ClientSort::Name, FIRST).await;
        assert!(list.is_ok(), "{query:?}: {:?}", list.unwrap_err());
        let terms = SearchTerms::parse(query);
        assert!(
            company.read().await.templates().page(&terms, TemplateSort::Name, FIRST).await.is_ok(),
            "{query:?}"
        );
    }
}

async fn the_created_filter_includes_its_start_and_excludes_its_end(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut moments = Vec::new();
    for name in ["early", "noon", "late"] {
        create(&company, &env, &client_named(name)).await;
        moments.push(env.clock.now());
        // Half a microsecond more than whole seconds: the text of times must sort as the times do.
        env.advance_clock(TimeDelta::microseconds(876_544));
    }
    let list = async |from: Option<usize>, before: Option<usize>| {
        let filter = ClientFilter {
            terms: SearchTerms::default(),
            created_from: from.map(|i| moments[i]),
            created_before: before.map(|i| moments[i]),
        };
        let page = page(&company, &filter, ClientSort::Oldest, FIRST).await;
        assert_eq!(usize::try_from(page.total).unwrap(), page.items.len());
        first_names(&page).join(" ")
    };
    assert_eq!(list(None, None).await, "early noon late");
    assert_eq!(list(Some(1), None).await, "noon late");
    assert_eq!(list(None, Some(1)).await, "early");
    assert_eq!(list(Some(0), Some(2)).await, "early noon");
    assert_eq!(list(Some(1), Some(1)).await, "");
}

async fn lists_are_sorted_by_the_requested_field(env: TestEnv) {
    let company = env.company("samarkand").await;
    for name in ["bobur", "Азиза", "Ceren", "dilshod"] {
        create(&company, &env, &client_named(name)).await;
        env.advance_clock(TimeDelta::seconds(1));
    }
    // Two clients with the same time and name still have a fixed order.
    for _ in 0..2 {
        create(&company, &env, &client_named("Same")).await;
    }
    for (sort, expected) in [
        (ClientSort::Newest, ["Same", "Same", "dilshod", "Ceren", "Азиза", "bobur"]),
        (ClientSort::Oldest, ["bobur", "Азиза", "Ceren", "dilshod", "Same", "Same"]),
        (ClientSort::Name, ["Азиза", "bobur", "Ceren", "dilshod", "Same", "Same"]),
        (ClientSort::NameDescending, ["Same", "Same", "dilshod", "Ceren", "bobur", "Азиза"]),
    ] {
        let page = page(&company, &ClientFilter::default(), sort, FIRST).await;
        assert_eq!(first_names(&page), expected, "{sort:?}");
        let same: Vec<_> =
            page.items.iter().filter(|c| c.data().first_name() == "Same").map(|c| c.id).collect();
        let descending = matches!(sort, ClientSort::Newest | ClientSort::NameDescending);
        assert_eq!(same[0] > same[1], descending, "{sort:?}");
    }
}

async fn the_pages_together_contain_all_matching_clients_once(env: TestEnv) {
    let company = env.company("samarkand").await;
    for number in 0..7 {
        let id = create(&company, &env, &client_named(&format!("Match {number}"))).await;
        let mut tx = company.begin().await;
        for kind in [ContactType::Telegram, ContactType::Other] {
            let value = ContactValue::parse(kind, &format!("user{number}"), Country::UZ).unwrap();
            tx.clients_mut().add_contact(id, &value, env.clock.now()).await.unwrap().unwrap();
        }
        tx.commit().await.unwrap();
        create(&company, &env, &client_named(&format!("Other {number}"))).await;
    }
    let mut seen = Vec::new();
    for (number, items, has_more) in [(1, 3, true), (2, 3, true), (3, 1, false), (4, 0, false)] {
        let request = PageRequest { page: number, limit: 3 };
        let page = page(&company, &searching("match"), ClientSort::Name, request).await;
        assert_eq!((page.total, page.items.len(), page.has_more()), (7, items, has_more), "page {number}");
        for client in &page.items {
            let own = client.data().first_name().replace("Match ", "user");
            let values: Vec<_> = client.contacts.iter().map(|c| c.value.as_str()).collect();
            assert_eq!(values, [&own, &own], "a client comes with its own contacts");
        }
        seen.extend(page.items.into_iter().map(|client| client.id));
    }
    seen.dedup();
    assert_eq!(seen.len(), 7);
    let all_of_seven = PageRequest { page: 1, limit: 7 };
    assert!(!page(&company, &searching("match"), ClientSort::Name, all_of_seven).await.has_more());
}

async fn an_invalid_value_degrades_its_row_and_not_the_list(env: TestEnv) {
    let company = env.company("samarkand").await;
    let bad = create(&company, &env, &aziza()).await;
    create(&company, &env, &client_named("Bobur")).await;
    let mut raw = env.raw().await;
    let changed = raw
        .run(&format!(
            "UPDATE clients SET phone = 'soon', email = 'nowhere', gender = 'f', pin = '!', pin_country = 'Mars'
             WHERE id = {bad}"
        ))
        .await
        .unwrap();
    assert_eq!(changed, 1);

    let list = page(&company, &ClientFilter::default(), ClientSort::Name, FIRST).await;
    assert_eq!(first_names(&list), ["Aziza", "Bobur"]);
    let data = list.items[0].data();
    assert_eq!(
        (data.phone(), data.email(), data.get(ClientField::Gender), data.pin()),
        (None, None, None, None)
    );
    assert_eq!(data.text(ClientField::Comments).as_deref(), Some("Calls after lunch"), "what is sound stays");
    assert_eq!(get(&company, bad).await.data(), data);

    // PostgreSQL refuses a text that is no date; SQLite stores it.
    if raw.run(&format!("UPDATE clients SET date_of_birth = 'in spring' WHERE id = {bad}")).await.is_ok() {
        assert_eq!(get(&company, bad).await.data().date_of_birth(), None);
    }
    raw.run(&format!("UPDATE clients SET first_name = ' ' WHERE id = {bad}")).await.unwrap();
    assert_eq!(get(&company, bad).await.data().first_name(), "?");
}

async fn deleting_a_client_deletes_everything_that_belongs_to_it(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let now = env.clock.now();
    for (name, phone) in [("Aziza", "+998901234567"), ("Bobur", "+998935550011")] {
        let test_chat = env.chat_fixture(&company, &channel, name, phone).await;
        let mut tx = company.begin().await;
        let contact = ContactValue::from_provider(ContactType::Phone, phone).unwrap();
        tx.clients_mut().add_contact(test_chat.client, &contact, now).await.unwrap().unwrap();
        tx.messages_mut()
            .create(&test_chat.inbound("look", now), &[picture("a.jpg"), picture("b.jpg")])
            .await
            .unwrap();
        let answer = store_message(&mut tx, &test_chat.outbound("nice", now)).await;
        tx.deliveries_mut().enqueue(answer, test_chat.channel, phone, now, now).await.unwrap();
        tx.commit().await.unwrap();
    }
    let own = ["clients", "contacts", "chats", "members", "messages", "attachments", "deliveries"];
    let mut raw = env.raw().await;
    let mut before = Vec::new();
    for table in own {
        before.push(raw.count(table).await);
    }
    assert_eq!(before, [2, 2, 2, 4, 4, 4, 2]);

    let aziza = page(&company, &searching("Aziza"), ClientSort::Name, FIRST).await.items[0].id;
    let mut tx = company.begin().await;
    assert!(tx.clients_mut().delete(aziza).await.unwrap());
    assert!(!tx.clients_mut().delete(aziza).await.unwrap(), "there is nothing left to delete");
    tx.commit().await.unwrap();
    for (table, before) in own.into_iter().zip(before) {
        assert_eq!(raw.count(table).await, before / 2, "{table}");
    }
    assert_eq!(found(&company, "").await, ["Bobur"]);
}
