//! Tests of the order of search results: the best match first, in clients, chats and the spotlight alike.

use aloqa::domain::{ContactType, ContactValue, Country};
use serde_json::Value;

use crate::support::{TestEnv, chat_fixture::store_message, http::Visitor};

on_both_engines! {
    the_best_match_is_first_everywhere,
    pages_of_a_search_follow_each_other_both_ways,
    names_phones_and_usernames_are_found_as_they_are_written,
}

fn encoded(query: &str) -> String {
    form_urlencoded::byte_serialize(query.as_bytes()).collect()
}

async fn items(program: &Visitor, path: String) -> Vec<Value> {
    program.get(path).json().await.is(200).value()["items"].as_array().unwrap().clone()
}

fn texts(items: &[Value], pointer: &str) -> Vec<String> {
    items.iter().filter_map(|item| Some(item.pointer(pointer)?.as_str()?.to_owned())).collect()
}

/// The names of the clients, chats and spotlight items that a query finds.
async fn found(program: &Visitor, query: &str) -> [Vec<String>; 4] {
    let query = encoded(query);
    let clients = items(program, format!("/crm/clients?q={query}")).await;
    let chats = items(program, format!("/crm/chats?q={query}")).await;
    let spotlight = items(program, format!("/spotlight?q={query}")).await;
    let of = |kind: &str| -> Vec<Value> {
        spotlight.iter().filter(|item| item["kind"] == kind).cloned().collect()
    };
    [
        texts(&clients, "/full_name"),
        texts(&chats, "/client/full_name"),
        texts(&of("client"), "/title"),
        texts(&of("chat"), "/title"),
    ]
}

async fn the_best_match_is_first_everywhere(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    // The best matches are the oldest ones; of equal matches, the newest is first.
    let names = ["Алим", "Alim Karimov", "Olim Alim oʻgʻli", "Алимов Тимур", "Alimjon", "Shalimov", "Nodira"];
    for (number, name) in names.iter().enumerate() {
        let chat = env.chat_fixture(&company, &channel, name, &format!("+99890123456{number}")).await;
        let mut tx = company.begin().await;
        store_message(&mut tx, &chat.inbound("Salom", env.clock.now())).await;
        if *name == "Nodira" {
            store_message(&mut tx, &chat.inbound("Alim aka bormi?", env.clock.now())).await;
        }
        tx.commit().await.unwrap();
        env.advance_clock(chrono::TimeDelta::minutes(1));
    }
    let other = env.company("bukhara").await;
    other.client(&env, "Alim", "+998901234560").await;
    let program = env.api_client(&company.agent).await;
    let ranked = ["Алим", "Olim Alim oʻgʻli", "Alim Karimov", "Alimjon", "Алимов Тимур", "Shalimov"];
    let [clients, chats, spotlight_clients, spotlight_chats] = found(&program, "alim").await;
    assert_eq!(clients, ranked);
    // A chat that only says it is after those of clients with the name.
    assert_eq!(chats, [&ranked[..], &["Nodira"]].concat());
    assert_eq!(spotlight_clients, ranked[..5]);
    assert_eq!(spotlight_chats, ranked[..5]);
    // The whole name is first in any order of its words.
    for query in ["Karimov Alim", "alim karimov", "каримов алим"] {
        assert_eq!(found(&program, query).await[0][0], "Alim Karimov", "{query}");
    }
    // Another order that is chosen remains.
    let by_name = items(&program, "/crm/clients?q=alim&sort=-created_at".into()).await;
    assert_eq!(texts(&by_name, "/full_name")[0], "Shalimov");
    let browser = env.sign_in(&company.agent).await;
    let page = browser.get("/crm/clients?q=aliyim").html().await.is(200);
    assert!(page.has("select[name=sort] option[value='']"));
    let page = browser.get("/crm/clients?q=alim").html().await.is(200);
    assert!(page.has("select[name=sort] option[value=''][selected]"));
    let list = browser.get("/crm/chats?q=alim").html().await.is(200);
    let names = list.texts("#chat-list .name");
    assert_eq!(names.len(), 7, "{names:?}");
    // What matched is marked, in the spelling of the name.
    assert_eq!(list.texts("#chat-list .name mark")[..3], ["Алим", "Alim", "Alim"]);
    assert_eq!(page.texts("#clients td mark")[..3], ["Алим", "Alim", "Alim"]);
    let page = browser.get("/crm/clients?q=1234563").html().await.is(200);
    assert_eq!(page.texts("#clients td mark"), ["123 45 63"]);
}

async fn pages_of_a_search_follow_each_other_both_ways(env: TestEnv) {
    let company = env.company("samarkand").await;
    for number in 0..30 {
        // Of each rank a few, mixed.
        let name = match number % 4 {
            0 => "Anvar".to_owned(),
            1 => format!("Anvar Karimov{number}"),
            2 => format!("Anvarjon{number}"),
            _ => format!("Janvarov{number}"),
        };
        company.client(&env, &name, &format!("+9989011122{number:02}")).await;
    }
    let program = env.api_client(&company.agent).await;
    let whole = items(&program, "/crm/clients?q=anvar&limit=100".into()).await;
    let ids = |items: &[Value]| items.iter().map(|item| item["id"].as_i64().unwrap()).collect::<Vec<_>>();
    let whole = ids(&whole);
    assert_eq!(whole.len(), 30);
    let browser = env.sign_in(&company.agent).await;
    let mut links = vec!["/crm/clients?q=anvar&limit=7".to_owned()];
    let mut forwards = Vec::new();
    let mut path = links[0].clone();
    loop {
        forwards.extend(ids(&items(&program, path.clone()).await));
        let page = browser.get(&path).html().await.is(200);
        let Some(next) = page.attribute("a[rel=next]", "href") else { break };
        links.push(next.clone());
        path = next;
    }
    assert_eq!(forwards, whole);
    assert_eq!(links.len(), 5);
    // Backwards from the last page, by the links of the pages.
    let mut backwards = ids(&items(&program, path.clone()).await);
    while let Some(previous) = browser.get(&path).html().await.is(200).attribute("a[rel=prev]", "href") {
        let mut before = ids(&items(&program, previous.clone()).await);
        before.retain(|id| !backwards.contains(id));
        before.extend(backwards);
        backwards = before;
        path = previous;
    }
    assert_eq!(backwards, whole);
    // Numbered pages are the same rows.
    let mut numbered = Vec::new();
    for page in 1..=5 {
        numbered.extend(ids(&items(&program, format!("/crm/clients?q=anvar&limit=7&page={page}")).await));
    }
    assert_eq!(numbered, whole);
}

async fn names_phones_and_usernames_are_found_as_they_are_written(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let _ = env.chat_fixture(&company, &channel, "Jürgen", "+491761234567").await;
    let londoner = company.client(&env, "William", "+442071234567").await;
    let mut tx = company.begin().await;
    let value = ContactValue::parse(ContactType::Telegram, "@william_k", Country::UZ).unwrap();
    tx.clients_mut().add_contact(londoner, &value, env.clock.now()).await.unwrap();
    let stored = tx.clients().get(londoner).await.unwrap().unwrap();
    tx.clients_mut().refresh_search(&stored).await.unwrap();
    tx.commit().await.unwrap();
    for (name, phone) in
        [("Гулиев Юлий", "+998901110001"), ("Хашимов", "+998901110002"), ("Ғулом", "+998901110003")]
    {
        env.chat_fixture(&company, &channel, name, phone).await;
    }
    let program = env.api_client(&company.agent).await;
    let berlin = [
        "+49 (0) 176 1234567",
        "\u{202a}+49 176 1234567\u{202c}",
        "\u{2068}0176\u{200e} 1234567\u{2069}",
        "011 49 176 1234567",
        "tel:+49-176-1234567",
        "https://wa.me/491761234567",
    ];
    let queries = berlin.map(|query| (query, "Jürgen")).into_iter().chain([
        ("+44 (0)20 7123 4567", "William"),
        ("@william_k", "William"),
        ("t.me/william_k?text=hi", "William"),
        ("guliyev", "Гулиев Юлий"),
        ("Yulii", "Гулиев Юлий"),
        ("hoshimov", "Хашимов"),
        ("g\u{b4}ulom", "Ғулом"),
        ("g\u{2032}ulom", "Ғулом"),
        ("g\u{201b}ulom", "Ғулом"),
        ("gulom", "Ғулом"),
    ]);
    for (query, name) in queries {
        let [clients, chats, spotlight, _] = found(&program, query).await;
        assert_eq!(clients, [name], "{query}");
        assert_eq!(spotlight, [name], "{query}");
        if name != "William" {
            assert_eq!(chats, [name], "{query}");
        }
    }
    assert_eq!(found(&program, "0201234567").await[0], Vec::<String>::new());
    let spotlight = items(&program, format!("/spotlight?q={}", encoded("guliyev"))).await;
    let parts = &spotlight.iter().find(|item| item["kind"] == "client").unwrap()["title_parts"];
    assert_eq!(parts[0], serde_json::json!({ "text": "Гулиев", "mark": true }));
}
