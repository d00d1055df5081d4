//! Tests of the chat list and the chat page: paging, fragments, links to messages, and outcomes that a user sets by
//! hand.

use std::time::Duration;

use aloqa::domain::PresenceState;
use serde_json::json;

use crate::support::{TestEnv, database::statements::count_statements, http::Visitor};

on_both_engines! {
    a_list_of_ten_thousand_chats_is_paged_without_duplicate_or_gap,
    an_invalid_cursor_is_rejected,
    a_link_to_a_message_shows_the_messages_around_it,
    a_fragment_contains_only_the_changed_elements,
    a_fragment_excludes_records_of_other_tenants,
    only_urls_in_a_text_become_links,
    each_outbound_message_shows_its_own_status,
    a_chat_is_marked_as_unread_for_all_users,
    a_new_chat_is_opened_by_phone_or_by_client,
    team_members_see_who_is_viewing_a_chat,
    the_list_names_the_author_of_the_last_message,
    a_chat_without_messages_has_no_transport,
    an_empty_workspace_offers_its_first_chat,
    an_unconfirmed_message_is_marked_in_the_list,
}

const AZIZA: &str = "+998901234567";

/// Fills the tenant with chats, two of the same time each; their clients are named by number.
async fn fill_with_chats(env: &TestEnv, tenant: i64, count: usize) {
    let mut raw = env.raw().await;
    let numbers =
        format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})");
    let at = "'2026-02-01T00:00:00+00:00'";
    raw.run(&format!(
        "INSERT INTO clients (tenant_id, first_name, sort_name, search, created_at, updated_at) {numbers}
         SELECT {tenant}, 'Client ' || i, 'client', 'client ' || i, {at}, {at} FROM n"
    ))
    .await
    .unwrap();
    // Two chats have the same time, so that the id decides their order.
    raw.run(&format!(
        "INSERT INTO chats (tenant_id, client_id, unread_count, active_at, created_at)
         SELECT tenant_id, id, id % 2, {moment}, {at} FROM clients
         WHERE tenant_id = {tenant} AND sort_name = 'client'",
        moment = match env.engine {
            crate::support::Engine::Sqlite =>
                "strftime('%Y-%m-%dT%H:%M:%S', 1767225600 + id / 2, 'unixepoch') || '+00:00'",
            crate::support::Engine::Postgres => "to_timestamp(1767225600 + id / 2)",
        },
    ))
    .await
    .unwrap();
}

async fn chat_with(program: &Visitor, phone: &str) -> i64 {
    let body = json!({ "phone": phone });
    program.post("/crm/chats").json_body(body).json().await.value()["id"].as_i64().unwrap()
}

async fn a_list_of_ten_thousand_chats_is_paged_without_duplicate_or_gap(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let program = env.api_client(&company.administrator).await;
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let browser = env.sign_in(&company.agent).await;
    let (_, few) = count_statements(browser.get("/crm/chats").html()).await;
    fill_with_chats(&env, company.id().0, 10_000).await;
    let (page, many) = count_statements(browser.get("/crm/chats").html()).await;
    assert_eq!(page.is(200).texts("#chat-list li").len(), 50);
    assert_eq!(many, few, "as many statements for ten thousand chats as for one");
    assert!(few <= 8, "{few}");

    let (mut seen, mut next) = (Vec::new(), "/crm/chats?unread=true".to_owned());
    for turn in 0..5 {
        let page = browser.get(&next).html().await.is(200);
        seen.extend(page.attributes("#chat-list li", "id"));
        next = page.attribute("#chats-next", "data-more").unwrap();
        // The order changes in the meantime: a chat from far below gets a message and moves to the top.
        let phone = format!("+99890111222{turn}");
        program.receive_sms(&channel, &format!("SM{phone}"), &phone, "Salom").await;
    }
    assert_eq!(seen.len(), 250);
    let mut once = seen.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), 250, "no double");
    let all = browser.get("/crm/chats?unread=true&page=3").html().await;
    assert!(all.attributes("#chat-list li", "id").iter().all(|id| seen.contains(id)), "no gap");
}

async fn an_invalid_cursor_is_rejected(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.agent).await;
    for place in
        ["x", "1", "1_x", "_1", "9223372036854775807_1", "-9223372036854775808_1", "1_99999999999999999999"]
    {
        browser.get(format!("/crm/chats?after={place}")).html().await.is(422);
    }
    browser.get("/crm/chats?after=1767225600000000_9223372036854775807").html().await.is(200);
    browser.get("/crm/chats?page=9223372036854775807").html().await.is(200);
}

async fn a_link_to_a_message_shows_the_messages_around_it(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let program = env.api_client(&company.administrator).await;
    for number in 0..120 {
        program.receive_sms(&channel, &format!("SM{number}"), AZIZA, &format!("number {number}")).await;
    }
    program.receive_sms(&channel, "SMother", "+998935550127", "elsewhere").await;
    let (chat, other) = (chat_with(&program, AZIZA).await, chat_with(&program, "+998935550127").await);
    let all = program.get(format!("/crm/chats/{chat}/messages?limit=100")).json().await.value();
    let target = all["items"][20]["id"].as_i64().unwrap();
    let browser = env.sign_in(&company.agent).await;
    let page = browser.get(format!("/crm/chats/{chat}?message={target}")).html().await.is(200);
    assert_eq!(page.texts("#log article").len(), 50);
    assert_eq!(page.attributes("#log article.target", "id"), [format!("m{target}")]);
    assert!(!page.has("#gone"));
    // Older and newer messages can be loaded until the chat ends.
    let older = browser.get(page.attribute("#older", "href").unwrap()).html().await.is(200);
    assert!(older.text_of("#log").contains("number 0 "), "{older:?}");
    let newer = browser.get(page.attribute("#newer", "href").unwrap()).html().await.is(200);
    let newest = browser.get(newer.attribute("#newer", "href").unwrap()).html().await.is(200);
    assert!(newest.text_of("#log").contains("number 119"));
    assert!(!newest.has("#newer"));
    let counts = [older, page, newer, newest].map(|part| part.texts("#log article").len());
    assert_eq!(counts, [15, 50, 50, 5]);

    let json = program.get(format!("/crm/chats/{chat}/messages?after={target}&limit=2")).json().await.value();
    assert_eq!(json["items"][0]["message"], "number 41");
    assert_eq!(json["has_more"], true);
    // A message that does not exist in the chat gives the newest messages and a note.
    let elsewhere =
        program.get(format!("/crm/chats/{other}")).json().await.value()["messages"][0]["id"].clone();
    for gone in
        [elsewhere.to_string(), "987654321".into(), "x".into(), "-1".into(), "9223372036854775807".into()]
    {
        let page = browser.get(format!("/crm/chats/{chat}?message={gone}")).html().await.is(200);
        assert!(page.has("#gone") && page.text_of("#log").contains("number 119"), "{gone}");
        assert!(!page.has("#newer") && !page.has(".target"));
    }
}

async fn a_fragment_contains_only_the_changed_elements(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let program = env.api_client(&company.administrator).await;
    for number in 0..60 {
        program.receive_sms(&channel, &format!("SM{number}"), AZIZA, &format!("number {number}")).await;
    }
    program.receive_sms(&channel, "SMother", "+998935550127", "elsewhere").await;
    let (chat, other) = (chat_with(&program, AZIZA).await, chat_with(&program, "+998935550127").await);
    let browser = env.sign_in(&company.agent).await;
    let (whole, statements) = count_statements(browser.get(format!("/crm/chats/{chat}")).html()).await;
    let shown = whole.attributes("#log article", "id");
    let from = shown[48][1..].to_owned();
    let ask = format!("/crm/chats/parts?rows={chat}&chat={chat}&from={from}");
    let (part, fewer) = count_statements(browser.get(&ask).html()).await;
    assert_eq!(part.attributes("#log article", "id"), shown[48..]);
    assert_eq!(part.attributes("#chat-list li", "id"), [format!("c{chat}")]);
    assert!(part.has("#nav .badge") && part.has("#mark-read") && part.has("#tab-unread"));
    assert!(part.text_of("title").starts_with("(2)"));
    assert!(fewer < statements, "{fewer} statements, {statements} for the whole page");
    // In the middle of the chat it is laid out as on the page: its neighbours decide where groups and days begin.
    let (from, to) = (&shown[10][1..], &shown[12][1..]);
    let part = browser.get(format!("/crm/chats/parts?chat={chat}&from={from}&to={to}")).html().await.is(200);
    assert_eq!(part.attributes("#log article", "id"), shown[10..=12]);
    assert_eq!(part.attributes("#log article", "class"), whole.attributes("#log article", "class")[10..=12]);
    assert!(!part.has("#log .day"));
    // A chat that no longer matches the filter is removed from the list.
    browser.put(format!("/crm/chats/{other}/messages/{}/read", 61)).json().await.is(200);
    let part = browser.get(format!("/crm/chats/parts?unread=true&rows={chat},{other}")).html().await.is(200);
    assert_eq!(part.attributes("#chat-list li", "id"), [format!("c{chat}")]);
    for odd in ["rows=x,,-1", "chat=x", "from=x&to=y", "", "rows=", "from=-1&to=9223372036854775807"] {
        browser.get(format!("/crm/chats/parts?chat={chat}&{odd}")).html().await.is(200);
    }
    browser.get("/crm/chats/parts?chat=4711").html().await.is(404);
}

async fn a_fragment_excludes_records_of_other_tenants(env: TestEnv) {
    let (ours, theirs) = env.two_companies().await;
    let channel = env.connect(&theirs).await;
    let them = env.api_client(&theirs.administrator).await;
    them.receive_sms(&channel, "SM1", AZIZA, "A secret").await;
    let chat = chat_with(&them, AZIZA).await;
    let browser = env.sign_in(&ours.administrator).await;
    let page = browser.get(format!("/crm/chats/parts?rows={chat}")).html().await.is(200);
    assert!(!page.text().contains("secret") && !page.has("#chat-list li"));
    browser.get(format!("/crm/chats/parts?chat={chat}&from=1")).html().await.is(404);
    browser.get(format!("/crm/chats/{chat}?message=1")).html().await.is(404);
    browser.get(format!("/crm/chats/{chat}/messages?after=0")).json().await.problem(404);
}

async fn only_urls_in_a_text_become_links(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let program = env.api_client(&company.administrator).await;
    let text = "<b>https://example.uz/?a=\"b\"&c</b> javascript:alert(1) مرحبا 😀 a@example.uz";
    program.receive_sms(&channel, "SM1", AZIZA, text).await;
    let chat = chat_with(&program, AZIZA).await;
    let page = env.sign_in(&company.agent).await.get(format!("/crm/chats/{chat}")).html().await.is(200);
    assert!(page.text_of("#log .bubble").contains(text), "{page:?}");
    let hrefs = page.attributes("#log .bubble a", "href");
    assert_eq!(hrefs.len(), 2, "{hrefs:?}");
    assert!(hrefs[0].starts_with("https://example.uz/") && hrefs[1] == "mailto:a@example.uz", "{hrefs:?}");
    assert!(page.attributes("#log .bubble a", "rel").iter().all(|rel| rel == "noopener nofollow noreferrer"));
    assert!(!page.has("#log .bubble b"));
    assert_eq!(page.attribute("#log .bubble p", "dir").as_deref(), Some("auto"));
}

async fn each_outbound_message_shows_its_own_status(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let program = env.api_client(&company.administrator).await;
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let chat = chat_with(&program, AZIZA).await;
    let mut ids = Vec::new();
    for text in ["One", "Two", "Three", "Four"] {
        let sent = program.post(format!("/crm/chats/{chat}/messages")).json_body(json!({ "message": text }));
        ids.push(sent.json().await.is(201).value()["id"].as_i64().unwrap());
    }
    let mut raw = env.raw().await;
    for (id, status) in ids.iter().zip(["delivered", "unknown", "sent", "sent"]) {
        let code = if status == "unknown" { ", error_code = 'unknown'" } else { "" };
        raw.run(&format!("UPDATE messages SET status = '{status}'{code} WHERE id = {id}")).await.unwrap();
    }
    let browser = env.sign_in(&company.agent).await;
    let page = browser.get(format!("/crm/chats/{chat}")).html().await.is(200);
    assert_eq!(page.texts("#log article.out .status"), ["Delivered", "Delivery unconfirmed", "Sent"]);
    // The status is unknown until a user sets it; the page warns before the message is sent again.
    let path = format!("/crm/chats/{chat}/messages/{}/arrived", ids[1]);
    assert!(page.has(&format!("form[action='{path}']")));
    assert!(page.text_of(".unknown details").contains("twice"));
    assert_eq!(browser.put(&path).json().await.is(200).value()["status"], "delivered");
    assert_eq!(browser.put(&path).json().await.is(200).value()["status"], "delivered", "twice is once");
    let page = browser.get(format!("/crm/chats/{chat}")).html().await;
    assert!(!page.has(".unknown"));
    // A status that the provider has reported stays.
    let sent = format!("/crm/chats/{chat}/messages/{}/arrived", ids[2]);
    assert_eq!(browser.put(sent).json().await.is(200).value()["status"], "sent");
    let inbound = format!("/crm/chats/{chat}/messages/{}/arrived", ids[0] - 1);
    browser.put(inbound).json().await.problem(409);
}

async fn a_chat_is_marked_as_unread_for_all_users(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let program = env.api_client(&company.administrator).await;
    program.receive_sms(&channel, "SM1", AZIZA, "One").await;
    program.receive_sms(&channel, "SM2", AZIZA, "Two").await;
    let chat = chat_with(&program, AZIZA).await;
    let path = format!("/crm/chats/{chat}/unread");
    assert_eq!(program.put(&path).json().await.is(200).value()["unread_count"], 2, "as it was");
    let browser = env.sign_in(&company.agent).await;
    let page = browser.get(format!("/crm/chats/{chat}")).html().await;
    assert!(page.has("#mark-read") && !page.has("#mark-unread"));
    browser.put(page.attribute("#mark-read", "action").unwrap()).json().await.is(200);
    assert_eq!(program.get(format!("/crm/chats/{chat}")).json().await.value()["unread_count"], 0);
    let page = browser.get(format!("/crm/chats/{chat}")).html().await;
    let form = [("_method", "PUT")];
    let answer =
        browser.post(page.attribute("#mark-unread", "action").unwrap()).form(form).html().await.is(303);
    assert_eq!(answer.location(), "/crm/chats", "looking at it would read it again");
    let list = env.sign_in(&company.manager).await.get("/crm/chats").html().await;
    assert!(list.text_of("title").starts_with("(1)") && list.text_of("#chat-list .badge").starts_with('1'));
    let page = browser.get(format!("/crm/chats/{chat}")).html().await;
    assert_eq!(page.texts("#log article[data-unread]").len(), 1, "from the newest on");
    let mut stream = program.get("/crm/events?after=5").listen().await;
    assert_eq!(stream.names(3).await, ["SignedIn", "MessageRead", "MessageUnread"]);

    // A chat without inbound messages can't be marked as unread.
    let silent = chat_with(&program, "+998935550127").await;
    let answer = program.put(format!("/crm/chats/{silent}/unread")).json().await.is(200);
    assert_eq!(answer.value()["unread_count"], 0);
}

async fn a_new_chat_is_opened_by_phone_or_by_client(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.agent).await;
    let aziza = company.client(&env, "Aziza Karimova", AZIZA).await;
    company.client(&env, "Botir", "+998935550127").await;
    let page = browser.get("/crm/chats/new?q=karim").html().await.is(200);
    assert_eq!(page.attributes("#found-clients input[name=client_id]", "value"), [aziza.to_string()]);
    let nobody = browser.get("/crm/chats/new?q=zzz").html().await.is(200);
    assert!(nobody.has("#found-clients .quiet"));
    let chosen = browser.post("/crm/chats").form([("client_id", aziza.to_string())]).html().await.is(303);
    // The same number in another notation opens the same chat.
    for phone in ["90 123-45-67", "+998901234567", "998 90 1234567"] {
        let opened = browser.post("/crm/chats").form([("phone", phone), ("name", "Another")]).html().await;
        assert_eq!(opened.is(303).location(), chosen.location(), "{phone}");
    }
    let form = [("phone", "+998 97 777 00 22"), ("name", " Gulnora ")];
    let made = browser.post("/crm/chats").form(form).html().await.is(303);
    assert!(browser.get(made.location()).html().await.texts("h2").contains(&"Gulnora".to_owned()));
    let long = "ж".repeat(256);
    for form in [[("phone", "12"), ("name", "")], [("phone", "+998977770033"), ("name", &long)]] {
        let page = browser.post("/crm/chats").form(form).html().await.is(422);
        assert!(page.has(".field.wrong .error"));
        assert_eq!(page.attribute("input[name=phone]", "value").as_deref(), Some(form[0].1));
    }
}

async fn team_members_see_who_is_viewing_a_chat(env: TestEnv) {
    let (company, others) = env.two_companies().await;
    let channel = env.connect(&company).await;
    let agent = env.api_client(&company.agent).await;
    agent.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let chat = chat_with(&agent, AZIZA).await;
    // On PostgreSQL, the state is sent to the other processes as well.
    let (relayed, stop) = (env.database.clone(), tokio_util::sync::CancellationToken::new());
    let until = stop.clone();
    tokio::spawn(async move { relayed.relay_wake_ups(until).await });
    let manager = env.api_client(&company.manager).await;
    let mut stream = manager.get("/crm/events").listen().await;
    let mut own = agent.get("/crm/events").listen().await;
    let mut stranger = env.api_client(&others.administrator).await.get("/crm/events").listen().await;
    for visitor in [&mut stream, &mut own, &mut stranger] {
        assert!(visitor.is_silent().await, "the streams are open");
    }
    let mut raw = env.raw().await;
    let events = raw.number("SELECT COUNT(*) FROM events").await;
    let path = format!("/crm/chats/{chat}/presence");
    for doing in ["looking", "typing", "gone"] {
        // Nothing is received until the relay listens.
        let heard = loop {
            agent.put(&path).json_body(json!({ "doing": doing })).json().await.is(204);
            if let Ok(heard) = tokio::time::timeout(Duration::from_millis(300), stream.next()).await {
                break heard.unwrap();
            }
        };
        assert_eq!((heard.name.as_str(), &heard.data["doing"]), ("Presence", &json!(doing)));
        assert_eq!(heard.data["chat_id"], chat);
        assert_eq!(heard.data["user"]["name"], company.agent.user.name.full());
        while !stream.is_silent().await {}
    }
    assert!(own.is_silent().await, "nobody is told of oneself");
    assert!(stranger.is_silent().await, "nor of other companies");
    assert_eq!(raw.number("SELECT COUNT(*) FROM events").await, events, "none of it is kept");
    agent.put(&path).json_body(json!({ "doing": "dancing" })).json().await.problem(422);
    let stranger = env.api_client(&others.agent).await;
    stranger
        .put(&path)
        .json_body(json!({ "doing": PresenceState::Typing.as_str() }))
        .json()
        .await
        .problem(404);
    // Recorded events are still received after that.
    agent.receive_sms(&channel, "SM2", AZIZA, "Yana").await;
    assert_eq!(stream.names(1).await, ["MessageReceived"]);
    stop.cancel();
}

async fn the_list_names_the_author_of_the_last_message(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let program = env.api_client(&company.manager).await;
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let (agent, manager) = (env.sign_in(&company.agent).await, env.sign_in(&company.manager).await);
    let preview =
        async |visitor: &Visitor| visitor.get("/crm/chats").html().await.text_of("#chat-list .preview");
    assert_eq!(preview(&agent).await, "Salom");
    let body = json!({ "message": "Ofisimiz ochiq", "transport": "sms" });
    program.post("/crm/chats/1/messages").json_body(body).json().await.is(201);
    assert_eq!(preview(&manager).await, "You: Ofisimiz ochiq");
    assert_eq!(preview(&agent).await, "manager: Ofisimiz ochiq");
    // So do the updates of an open page, and the search.
    let part = agent.get("/crm/chats/parts?rows=1").html().await.is(200);
    assert_eq!(part.text_of("#chat-list .preview"), "manager: Ofisimiz ochiq");
    let found = async |visitor: &Visitor| {
        let found = visitor.get("/spotlight?q=ofisimiz").json().await.is(200).value();
        let items = found["items"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["kind"] == "message").unwrap()["subtitle"].to_string()
    };
    assert!(found(&agent).await.contains("manager: Ofisimiz"), "{}", found(&agent).await);
    assert!(found(&manager).await.contains("You: Ofisimiz"));
}

async fn a_chat_without_messages_has_no_transport(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let program = env.api_client(&company.agent).await;
    let chat = chat_with(&program, AZIZA).await;
    let browser = env.sign_in(&company.agent).await;
    for path in ["/crm/chats".to_owned(), format!("/crm/chats/{chat}")] {
        let page = browser.get(path).html().await.is(200);
        assert!(!page.has("#chat-list .via") && !page.has(".conversation .via"));
        assert!(!page.text_of("#chat-list").contains("Other"), "{page:?}");
    }
}

async fn an_empty_workspace_offers_its_first_chat(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let browser = env.sign_in(&company.agent).await;
    let hint = async |path: &str| browser.get(path).html().await.is(200).text_of(".conversation-empty");
    assert!(hint("/crm/chats").await.starts_with("No chats yet"));
    assert!(hint("/crm/chats?q=nobody").await.starts_with("Choose a chat"));
    env.api_client(&company.agent).await.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    assert!(hint("/crm/chats").await.starts_with("Choose a chat"));
}

async fn an_unconfirmed_message_is_marked_in_the_list(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let fixture = env.chat_fixture(&company, &channel, "Aziza", AZIZA).await;
    let mut message = fixture.outbound("Alik", env.clock.now());
    message.status = aloqa::domain::MessageStatus::Unknown;
    let mut tx = company.begin().await;
    crate::support::chat_fixture::store_message(&mut tx, &message).await;
    tx.commit().await.unwrap();
    let page = env.sign_in(&company.agent).await.get("/crm/chats").html().await.is(200);
    assert_eq!(page.text_of("#chat-list .unconfirmed .mark"), "Delivery unconfirmed");
}
