//! Tests of the spotlight over HTTP: its results for each role, and where they lead.

use aloqa::domain::{NewTemplate, TemplateText};
use chrono::TimeDelta;
use serde_json::Value;

use crate::support::{
    Company, TestEnv,
    chat_fixture::{ChatFixture, store_message},
    database::statements::count_statements,
    http::Visitor,
};

on_both_engines! {
    the_spotlight_finds_all_kinds_of_records,
    search_ignores_script_and_accents,
    each_role_finds_only_permitted_records,
    records_of_other_tenants_are_not_found,
    deleted_records_are_not_found,
    recent_items_are_listed_in_their_order,
    unusual_queries_are_answered,
    the_spotlight_works_without_scripts,
    a_link_leads_to_older_messages,
    a_long_chat_takes_no_more_statements,
}

/// A tenant with a chat about prices, and an API client of its agent.
async fn chat_about_prices(env: &TestEnv) -> (Company, ChatFixture, Visitor) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Азиза", "+998901234567").await;
    let now = env.clock.now();
    let mut tx = company.begin().await;
    store_message(&mut tx, &test_chat.inbound("Салом! Шёлковый платок 🧣 сколько стоит?", now)).await;
    store_message(&mut tx, &test_chat.outbound("Ipak roʻmol 90 000 soʻm", now)).await;
    let text = TemplateText::parse("Ipak — 90 000").unwrap();
    tx.templates_mut().create(&NewTemplate { name: "Narxlar".into(), text }, now).await.unwrap();
    tx.commit().await.unwrap();
    let program = env.api_client(&company.agent).await;
    (company, test_chat, program)
}

async fn search(visitor: &Visitor, query: &str) -> Vec<Value> {
    let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let answer = visitor.get(format!("/spotlight?q={query}")).json().await.is(200);
    answer.value()["items"].as_array().unwrap().clone()
}

fn text<'v>(item: &'v Value, key: &str) -> &'v str {
    item[key].as_str().unwrap_or_else(|| panic!("{key} in {item}"))
}

/// The only item of a kind.
#[track_caller]
fn only<'v>(items: &'v [Value], kind: &str) -> &'v Value {
    let of: Vec<_> = items.iter().filter(|item| item["kind"] == kind).collect();
    assert_eq!(of.len(), 1, "{kind}: {items:#?}");
    of[0]
}

/// A text with the matches in brackets.
fn marked(parts: &Value) -> String {
    let part = |part: &Value| {
        let text = text(part, "text");
        if part["mark"] == true { format!("[{text}]") } else { text.to_owned() }
    };
    parts.as_array().unwrap().iter().map(part).collect()
}

async fn the_spotlight_finds_all_kinds_of_records(env: TestEnv) {
    let (_, test_chat, program) = chat_about_prices(&env).await;
    let items = search(&program, "aziza").await;
    let client = only(&items, "client");
    assert_eq!(text(client, "title"), "Азиза");
    assert_eq!(text(client, "subtitle"), "+998 90 123 45 67");
    assert_eq!(text(client, "url"), format!("/crm/clients/{}", test_chat.client));
    assert_eq!(marked(&client["title_parts"]), "[Азиза]");
    assert_eq!(text(only(&items, "chat"), "url"), format!("/crm/chats/{}", test_chat.chat));

    let items = search(&program, "ipak").await;
    let template = only(&items, "template");
    assert_eq!((text(template, "title"), text(template, "url")), ("Narxlar", "/crm/instant-messages?q=ipak"));
    let message = only(&items, "message");
    assert_eq!(
        (text(message, "title"), text(message, "subtitle")),
        ("Азиза", "You: Ipak roʻmol 90 000 soʻm")
    );
    assert_eq!(marked(&message["subtitle_parts"]), "You: [Ipak] roʻmol 90 000 soʻm");
    let url = text(message, "url");
    assert!(url.starts_with(&format!("/crm/chats/{}?message=", test_chat.chat)), "{url}");
    program.get(url).html().await.is(200);

    // Pages and actions come first.
    let items = search(&program, "new c").await;
    let titles: Vec<_> = items.iter().map(|item| text(item, "title")).collect();
    assert_eq!(titles, ["New chat", "New client"]);
    assert_eq!(text(only(&search(&program, "clients").await, "page"), "url"), "/crm/clients");
    assert_eq!(only(&search(&program, "sign out").await, "action")["method"], "post");
    // The number is found in any notation.
    assert_eq!(search(&program, "90 123-45").await.len(), 2);
    assert!(search(&program, "nothing of the kind").await.is_empty());
}

async fn search_ignores_script_and_accents(env: TestEnv) {
    let (company, _, program) = chat_about_prices(&env).await;
    for (name, phone) in
        [("Oʻtkir", "+998901112233"), ("José", "+998901112244"), ("Азизбек", "+998901112255")]
    {
        company.client(&env, name, phone).await;
    }
    for (query, name) in [("ўткир", "Oʻtkir"), ("otki", "Oʻtkir"), ("jose", "José"), ("JOSÉ", "José")]
    {
        assert_eq!(text(only(&search(&program, query).await, "client"), "title"), name, "{query}");
    }
    // Of equal matches, the newest is first.
    let items = search(&program, "aziz").await;
    let clients: Vec<_> =
        items.iter().filter(|item| item["kind"] == "client").map(|item| text(item, "title")).collect();
    assert_eq!(clients, ["Азизбек", "Азиза"]);
    for (query, shown) in
        [("шёлк", "[Шёлковый]"), ("shyolk", "[Шёлковый]"), ("🧣", "[🧣]"), ("salom", "[Салом]!")]
    {
        let items = search(&program, query).await;
        let found = marked(&only(&items, "message")["subtitle_parts"]);
        assert!(found.contains(shown), "{query}: {found}");
    }
    // A page is found by its name in any of the languages.
    assert_eq!(text(only(&search(&program, "клиенты").await, "page"), "title"), "Clients");
}

async fn each_role_finds_only_permitted_records(env: TestEnv) {
    let (company, _, _) = chat_about_prices(&env).await;
    for (user, actions) in [
        (&company.read_only, &["Sign out"][..]),
        (&company.agent, &["New chat", "New client", "Sign out"]),
        (&company.manager, &["New chat", "New client", "New quick reply", "Sign out"]),
    ] {
        let program = env.api_client(user).await;
        let offered = search(&program, "").await;
        let named =
            |action: &str| offered.iter().any(|item| item["kind"] == "action" && item["title"] == action);
        for action in ["New chat", "New client", "New quick reply", "Sign out"] {
            assert_eq!(named(action), actions.contains(&action), "{action}: {offered:#?}");
        }
        for item in &offered {
            if item["method"].is_null() {
                program.get(text(item, "url")).html().await.is(200);
            }
        }
        for item in search(&program, "new").await.iter().chain(&search(&program, "ipak").await) {
            program.get(text(item, "url")).html().await.is(200);
        }
    }
    let reader = env.api_client(&company.read_only).await;
    assert!(search(&reader, "new client").await.is_empty());
    env.anonymous_visitor().get("/spotlight?q=aziza").json().await.problem(401);
}

async fn records_of_other_tenants_are_not_found(env: TestEnv) {
    let (_, test_chat, _) = chat_about_prices(&env).await;
    let thief = env.company("bukhara").await;
    let program = env.api_client(&thief.administrator).await;
    for query in ["aziza", "a", "ipak", "салом", "901234567", "narx", "\"1:aziza\"", "1:aziza", ":aziza"]
    {
        let items = search(&program, query).await;
        assert!(items.iter().all(|item| ["page", "action"].contains(&text(item, "kind"))), "{items:#?}");
    }
    let recent = format!("/spotlight?recent=client-{},chat-{}", test_chat.client, test_chat.chat);
    let page = program.get(recent).html().await.is(200);
    assert!(!page.text().contains("Азиза"), "{page:?}");
}

async fn deleted_records_are_not_found(env: TestEnv) {
    let (company, test_chat, program) = chat_about_prices(&env).await;
    let recent = format!("/spotlight?recent=client-{},chat-{}", test_chat.client, test_chat.chat);
    let before = program.get(&recent).json().await.is(200).value();
    assert_eq!(before["items"].as_array().unwrap().iter().filter(|i| i["group"] == "Recent").count(), 2);
    let manager = env.api_client(&company.manager).await;
    manager.delete(format!("/crm/clients/{}", test_chat.client)).json().await.is(204);
    for query in ["aziza", "salom", "901234567", "roʻmol"] {
        assert!(search(&program, query).await.is_empty(), "{query}");
    }
    let after = program.get(&recent).json().await.is(200);
    assert!(!after.text().contains("Азиза") && !after.text().contains("Recent"), "{after:?}");
}

async fn recent_items_are_listed_in_their_order(env: TestEnv) {
    let (company, test_chat, program) = chat_about_prices(&env).await;
    let botir = company.client(&env, "Botir", "+998901112233").await;
    let recent = async |list: String| {
        let answer = program.get(format!("/spotlight?recent={list}")).json().await.is(200).value();
        let items = answer["items"].as_array().unwrap().clone();
        let of = items.iter().filter(|item| item["group"] == "Recent");
        of.map(|item| format!("{} {}", text(item, "kind"), text(item, "title"))).collect::<Vec<_>>()
    };
    let list = format!("client-{botir},chat-{},client-{}", test_chat.chat, test_chat.client);
    assert_eq!(recent(list).await, ["client Botir", "chat Азиза", "client Азиза"]);
    let odd = format!("client-{botir},,client-,chat-x,message-1,page-1,client-99999999999999999999,{botir}");
    assert_eq!(recent(odd).await, ["client Botir"]);
}

async fn unusual_queries_are_answered(env: TestEnv) {
    let (_, _, program) = chat_about_prices(&env).await;
    let long = "я".repeat(5_000);
    for query in [
        "\"",
        "'",
        "*",
        "a*",
        "NEAR(a b)",
        "a AND",
        "NOT",
        "words:a",
        "-a",
        "^a",
        "(",
        "&",
        "|",
        "!",
        "a & !b",
        "\\",
        ":*",
        "%",
        "_",
        "\0",
        "a\0b",
        "🧣🧣",
        " ",
        "\u{202e}",
        "$1",
        "; DROP TABLE clients",
        &long,
    ] {
        search(&program, query).await;
        let value: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        program.get(format!("/spotlight?q={value}")).html().await.is(200);
    }
    assert_eq!(program.get("/spotlight?q=a&kind=salary").json().await.invalid_fields(), ["kind"]);
    assert_eq!(program.get("/spotlight?q=a&kind=message&before=x").json().await.invalid_fields(), ["before"]);
    program.get("/spotlight?q=a&kind=message&before=-1").json().await.is(200);
}

async fn the_spotlight_works_without_scripts(env: TestEnv) {
    let (company, test_chat, _) = chat_about_prices(&env).await;
    let browser = env.sign_in(&company.agent).await;
    let chats = browser.get("/crm/chats").html().await.is(200);
    assert_eq!(chats.attribute("nav a[data-spotlight]", "href").unwrap(), "/spotlight");
    let page = browser.get("/spotlight?q=ipak+%3Cb%3E").html().await.is(200);
    assert_eq!(page.attribute("main input[name=q]", "value").unwrap(), "ipak <b>");
    let page = browser.get("/spotlight?q=ipak").html().await.is(200);
    assert_eq!(page.texts("#results-message mark"), ["Ipak"]);
    let href = page.attribute("#results-message a.result", "href").unwrap();
    assert!(href.starts_with(&format!("/crm/chats/{}?message=", test_chat.chat)), "{href}");
    let page = browser.get("/spotlight?q=sign+out").html().await.is(200);
    assert_eq!(page.attribute("main form[method=post]", "action").unwrap(), "/logout");
    assert!(browser.get("/spotlight?q=zzzz").html().await.is(200).has("#results-none"));
    assert!(browser.get("/spotlight").html().await.is(200).has("#results-page a[href='/crm/clients']"));
}

async fn a_link_leads_to_older_messages(env: TestEnv) {
    let (company, test_chat, _) = chat_about_prices(&env).await;
    let mut tx = company.begin().await;
    for number in 0..70 {
        let at = env.clock.now() + TimeDelta::seconds(number);
        store_message(&mut tx, &test_chat.inbound(&format!("kanop number {number}"), at)).await;
    }
    tx.commit().await.unwrap();
    let browser = env.sign_in(&company.agent).await;
    let mut page = browser.get("/spotlight?q=kanop").html().await.is(200);
    let mut seen = page.texts("#results-message .result > span");
    assert_eq!(seen.len(), 10);
    while let Some(more) = page.attribute("#results-message .more a", "href") {
        page = browser.get(more).html().await.is(200);
        seen.extend(page.texts("#results-message .result > span"));
        assert!(!page.has("#results-client"));
    }
    let expected: Vec<_> = (0..70).rev().map(|number| format!("kanop number {number}")).collect();
    assert_eq!(seen, expected, "each once, the newest first");
}

async fn a_long_chat_takes_no_more_statements(env: TestEnv) {
    let (company, test_chat, program) = chat_about_prices(&env).await;
    let few = count_statements(search(&program, "salom")).await.1;
    let mut tx = company.begin().await;
    for number in 0..300 {
        store_message(&mut tx, &test_chat.inbound(&format!("Salom {number}"), env.clock.now())).await;
    }
    tx.commit().await.unwrap();
    for number in 0..60 {
        company.client(&env, &format!("Salom {number}"), &format!("+9989011122{number:02}")).await;
    }
    let (items, many) = count_statements(search(&program, "salom")).await;
    assert_eq!(items.len(), 10, "five clients and five messages: {items:#?}");
    assert_eq!(many, few);
    assert!((5..=20).contains(&many), "{many}");
}
