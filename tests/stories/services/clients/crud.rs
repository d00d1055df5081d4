//! Tests of creating, changing, finding and deleting clients.

use aloqa::{
    domain::{
        Client, ClientField, ClientPatch, ContactType, ContactValue, Country, Event, EventId, NewTemplate,
        Patch, SearchTerms, TemplateText,
    },
    error::{AppError, Conflict, Result},
    persistence::{ClientFilter, ClientSort, PageRequest, TemplateSort},
};
use chrono::TimeDelta;

use crate::support::{Company, TestEnv, concurrently, people::phone_of, providers::twilio::sms};

on_both_engines![
    client_changes_record_events,
    an_update_changes_only_the_fields_sent,
    concurrent_edits_of_different_fields_are_all_kept,
    a_phone_belongs_to_one_client_contacts_included,
    concurrent_creates_with_one_phone_create_one_client,
    a_contact_conflict_names_the_owner,
    a_client_is_found_by_its_current_contacts,
    deleting_a_client_leaves_only_the_audit_entry,
    today_follows_the_tenants_time_zone,
    another_tenants_client_is_not_found,
    template_changes_record_events,
];

const FIRST: PageRequest = PageRequest { page: 1, limit: 25 };

fn patch(sent: &[(&str, &str)]) -> ClientPatch {
    let today = "2026-03-02".parse().unwrap();
    let value = |field: ClientField| {
        let sent = sent.iter().find(|(name, _)| *name == field.name());
        Ok(match sent {
            None => Patch::Keep,
            Some((_, "")) => Patch::Clear,
            Some((_, value)) => Patch::Set((*value).to_owned()),
        })
    };
    ClientPatch::parse(value, Country::UZ, today).unwrap()
}

fn contact(kind: ContactType, value: &str) -> ContactValue {
    ContactValue::parse(kind, value, Country::UZ).unwrap()
}

fn conflict<T: std::fmt::Debug>(got: Result<T>) -> Conflict {
    match got {
        Err(AppError::Conflict(conflict)) => conflict,
        other => panic!("no conflict: {other:?}"),
    }
}

async fn events(company: &Company) -> Vec<Event> {
    let (recorded, _) = company.read().await.events().after(EventId(0), 1_000).await.unwrap();
    recorded.into_iter().map(|recorded| recorded.event).collect()
}

async fn found(env: &TestEnv, company: &Company, query: &str) -> i64 {
    let filter = ClientFilter { terms: SearchTerms::parse(query), ..ClientFilter::default() };
    env.services.clients.list(&company.agent, &filter, ClientSort::Name, FIRST).await.unwrap().content.total
}

async fn client_changes_record_events(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (clients, agent) = (&env.services.clients, &company.agent);
    let new = Client::builder("Aziza").build().unwrap();
    let client_id = clients.create(agent, &new).await.unwrap().id;
    clients.update(agent, client_id, patch(&[("last_name", "Karimova"), ("comments", "VIP")])).await.unwrap();
    let added =
        clients.add_contact(agent, client_id, &contact(ContactType::Telegram, "@aziza")).await.unwrap();
    clients.remove_contact(agent, client_id, added.id).await.unwrap();
    clients.delete(&company.manager, client_id).await.unwrap();
    let (recorded, _) = company.read().await.events().after(EventId(0), 10).await.unwrap();
    let told: Vec<_> = recorded.into_iter().map(|r| (r.event, r.actor)).collect();
    let (agent, manager) = (Some(agent.user.id), Some(company.manager.user.id));
    let updated = |names: &[&str]| {
        let changes = serde_json::from_value(serde_json::json!(names)).unwrap();
        Event::ClientUpdated { client_id, changes }
    };
    assert_eq!(
        told,
        [
            (Event::ClientCreated { client_id }, agent),
            (updated(&["last_name", "comments"]), agent),
            (updated(&["contacts"]), agent),
            (updated(&["contacts"]), agent),
            (Event::ClientDeleted { client_id }, manager),
        ]
    );
}

async fn an_update_changes_only_the_fields_sent(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (clients, agent) = (&env.services.clients, &company.agent);
    let new =
        Client::builder("Aziza").last_name("Karimova").with(ClientField::Comments, "VIP").build().unwrap();
    let made = clients.create(agent, &new).await.unwrap();
    env.advance_clock(TimeDelta::minutes(1));
    let unchanged = clients.update(agent, made.id, patch(&[("last_name", "Karimova")])).await.unwrap();
    assert_eq!(
        (unchanged.updated_at, events(&company).await.len()),
        (made.updated_at, 1),
        "nothing happened"
    );
    let changed =
        clients.update(agent, made.id, patch(&[("last_name", ""), ("email", "A@Example.uz")])).await.unwrap();
    let stored = clients.get(agent, made.id).await.unwrap();
    assert_eq!(stored.data(), changed.data());
    assert_eq!(stored.data().last_name(), None);
    assert_eq!(stored.data().text(ClientField::Comments).as_deref(), Some("VIP"));
    assert_eq!(stored.data().email().unwrap().as_str(), "a@example.uz");
    assert_eq!((stored.created_at, stored.updated_at), (made.created_at, env.clock.now()));
}

async fn concurrent_edits_of_different_fields_are_all_kept(env: TestEnv) {
    let company = env.company("samarkand").await;
    let new = Client::builder("Aziza").build().unwrap();
    let id = env.services.clients.create(&company.agent, &new).await.unwrap().id;
    for round in 0..5 {
        let value = format!("round{round}");
        concurrently(5, |number| {
            let (clients, actor) = (env.services.clients.clone(), company.agent.clone());
            let value = value.clone();
            async move {
                match ["last_name", "middle_name", "address", "comments"].get(number) {
                    Some(field) => clients.update(&actor, id, patch(&[(field, &value)])).await.map(drop),
                    None => clients
                        .add_contact(&actor, id, &contact(ContactType::Telegram, &format!("tg_{value}")))
                        .await
                        .map(drop),
                }
                .unwrap();
            }
        })
        .await;
        let client = env.services.clients.get(&company.agent, id).await.unwrap();
        let (data, value) = (client.data(), Some(value.as_str()));
        assert_eq!((data.last_name(), data.middle_name()), (value, value), "round {round}");
        for field in [ClientField::Address, ClientField::Comments] {
            assert_eq!(data.text(field).as_deref(), value, "round {round}");
        }
        for query in [format!("aziza round{round}"), format!("tg_round{round}")] {
            assert_eq!(found(&env, &company, &query).await, 1, "{query} is not found");
        }
    }
}

async fn a_phone_belongs_to_one_client_contacts_included(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (clients, agent) = (&env.services.clients, &company.agent);
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    clients.add_contact(agent, aziza, &contact(ContactType::Phone, "93 555 00 11")).await.unwrap();
    let taken = Conflict { field: Some("phone"), client: Some(aziza) };
    for phone in ["+998901234567", "+998935550011"] {
        let new = Client::builder("Bobur").phone(phone_of(phone)).build().unwrap();
        assert_eq!(conflict(clients.create(agent, &new).await), taken, "{phone}");
    }
    let bobur = company.client(&env, "Bobur", "+998977770022").await;
    for phone in ["+998901234567", "+998935550011"] {
        assert_eq!(
            conflict(clients.update(agent, bobur, patch(&[("phone", phone)])).await),
            taken,
            "{phone}"
        );
    }
    // A client's contact may become its own phone.
    clients.update(agent, aziza, patch(&[("phone", "93 555 00 11")])).await.unwrap();
    clients.update(agent, bobur, patch(&[("phone", "90 123 45 67")])).await.unwrap();
    assert_eq!(events(&company).await.len(), 3, "what is refused is not told");
}

async fn concurrent_creates_with_one_phone_create_one_client(env: TestEnv) {
    let company = env.company("samarkand").await;
    let made = concurrently(20, |number| {
        let (clients, actor) = (env.services.clients.clone(), company.agent.clone());
        let new =
            Client::builder(&format!("Aziza {number}")).phone(phone_of("+998901234567")).build().unwrap();
        async move { clients.create(&actor, &new).await }
    });
    let (made, refused): (Vec<_>, Vec<_>) = made.await.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 19));
    let id = made.into_iter().next().unwrap().unwrap().id;
    for refused in refused {
        assert_eq!(conflict(refused), Conflict { field: Some("phone"), client: Some(id) });
    }
    assert_eq!(events(&company).await, [Event::ClientCreated { client_id: id }]);
}

async fn a_contact_conflict_names_the_owner(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (clients, agent) = (&env.services.clients, &company.agent);
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let bobur = company.client(&env, "Bobur", "+998935550011").await;
    clients.add_contact(agent, aziza, &contact(ContactType::Telegram, "@aziza")).await.unwrap();
    clients.add_contact(agent, aziza, &contact(ContactType::Other, "neighbour")).await.unwrap();
    for (kind, value) in [
        (ContactType::Telegram, "aziza"),
        (ContactType::Phone, "+998901234567"),
        (ContactType::Whatsapp, "+998901234567"),
    ] {
        let refused = conflict(clients.add_contact(agent, bobur, &contact(kind, value)).await);
        assert_eq!(refused, Conflict { field: Some("value"), client: Some(aziza) }, "{kind:?} {value}");
    }
    let again = conflict(clients.add_contact(agent, aziza, &contact(ContactType::Telegram, "aziza")).await);
    assert_eq!(again.client, Some(aziza));
    let other = conflict(clients.add_contact(agent, bobur, &contact(ContactType::Other, "neighbour")).await);
    assert_eq!(other.client, Some(aziza), "unique per type, whoever asks");
    clients.add_contact(agent, aziza, &contact(ContactType::Phone, "+998901234567")).await.unwrap();
    assert_eq!(clients.get(agent, aziza).await.unwrap().contacts.len(), 3);
    assert!(clients.get(agent, bobur).await.unwrap().contacts.is_empty());
}

async fn a_client_is_found_by_its_current_contacts(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (clients, agent) = (&env.services.clients, &company.agent);
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let telegram =
        clients.add_contact(agent, aziza, &contact(ContactType::Telegram, "@Lola_2000")).await.unwrap();
    assert_eq!(found(&env, &company, "lola_2000").await, 1);
    clients.update(agent, aziza, patch(&[("first_name", "Lola"), ("phone", "")])).await.unwrap();
    assert_eq!(found(&env, &company, "lola_2000").await, 1);
    assert_eq!((found(&env, &company, "aziza").await, found(&env, &company, "90 123").await), (0, 0));
    clients.remove_contact(agent, aziza, telegram.id).await.unwrap();
    assert_eq!((found(&env, &company, "lola_2000").await, found(&env, &company, "lola").await), (0, 1));

    let channel = env.connect(&company).await;
    env.receive(&channel, &sms("SM1", "+998977770022", "Salom")).await;
    assert_eq!(found(&env, &company, "97 777-00-22").await, 1);
}

async fn deleting_a_client_leaves_only_the_audit_entry(env: TestEnv) {
    let mine = env.populated_tenant("samarkand").await;
    let (company, client) = (&mine.company, mine.test_chat.client);
    env.services.clients.delete(&company.manager, client).await.unwrap();
    let mut raw = env.raw().await;
    assert_eq!(raw.count("clients").await, 1, "the other one is there");
    for table in [
        "contacts",
        "chats",
        "members",
        "messages",
        "attachments",
        "deliveries",
        "match_keys",
        "duplicates",
        "merges",
        "merge_messages",
    ] {
        assert_eq!(raw.count(table).await, 0, "{table}");
    }
    assert_eq!(events(company).await.last(), Some(&Event::ClientDeleted { client_id: client }));
    for text in ["Salom, Aziza", "+998901234567", "Alik"] {
        let events = raw.dump("events", "1 = 1").await.concat();
        assert!(!events.contains(text), "the entry holds ids and no content");
    }
    let gone = env.services.clients.delete(&company.manager, client).await.unwrap_err();
    assert!(matches!(gone, AppError::NotFound), "{gone:?}");
    assert!(matches!(env.services.clients.get(&company.agent, client).await, Err(AppError::NotFound)));
}

async fn today_follows_the_tenants_time_zone(env: TestEnv) {
    let company = env.company("samarkand").await;
    let today = || env.services.clients.today(&company.agent).to_string();
    assert_eq!(today(), "2026-03-02");
    env.advance_clock(TimeDelta::hours(10));
    assert_eq!(today(), "2026-03-03", "midnight in Tashkent is at 19:00 UTC");
}

async fn another_tenants_client_is_not_found(env: TestEnv) {
    let mine = env.populated_tenant("samarkand").await;
    let thief = env.company("bukhara").await.administrator;
    let (clients, id) = (&env.services.clients, mine.test_chat.client);
    let not_found = |result: Result<()>| assert!(matches!(result, Err(AppError::NotFound)), "{result:?}");
    not_found(clients.get(&thief, id).await.map(drop));
    not_found(clients.update(&thief, id, patch(&[("last_name", "x")])).await.map(drop));
    not_found(clients.delete(&thief, id).await);
    not_found(clients.add_contact(&thief, id, &contact(ContactType::Telegram, "xavier")).await.map(drop));
    not_found(clients.remove_contact(&thief, id, mine.contact).await);
    let templates = &env.services.templates;
    let new = NewTemplate { name: "x".into(), text: TemplateText::parse("x").unwrap() };
    not_found(templates.get(&thief, mine.template).await.map(drop));
    not_found(templates.update(&thief, mine.template, &new, |_| Ok(())).await.map(drop));
    not_found(templates.delete(&thief, mine.template).await);
    // The phone is taken in the other tenant and free in this one.
    let same = Client::builder("Aziza").phone(phone_of("+998901234567")).build().unwrap();
    assert!(clients.create(&thief, &same).await.is_ok());
}

async fn template_changes_record_events(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (templates, manager) = (&env.services.templates, &company.manager);
    let new = |text| NewTemplate { name: "Salom".into(), text: TemplateText::parse(text).unwrap() };
    let made = templates.create(manager, &new("Salom!")).await.unwrap();
    let changed =
        templates.update(manager, made.id, &new("Salom, {{client.first_name}}!"), |_| Ok(())).await.unwrap();
    assert_eq!((changed.id, changed.text.as_str()), (made.id, "Salom, {{client.first_name}}!"));
    let list = templates
        .list(&company.read_only, &SearchTerms::parse("first"), TemplateSort::Name, FIRST)
        .await
        .unwrap();
    assert_eq!(list.content.total, 1);
    templates.delete(manager, made.id).await.unwrap();
    let template_id = made.id;
    assert_eq!(
        events(&company).await,
        [
            Event::TemplateCreated { template_id },
            Event::TemplateUpdated { template_id },
            Event::TemplateDeleted { template_id },
        ]
    );
}
