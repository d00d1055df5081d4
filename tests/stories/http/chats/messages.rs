//! Tests of messages over HTTP: a client writes, an agent reads and replies, and the reply is delivered or fails.

use aloqa::simulator::Behaviour;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{
    Company, TestEnv, concurrently,
    http::{Visitor, until},
    providers::webhook::status_form,
};

on_both_engines! {
    an_inbound_message_gets_a_reply,
    viewing_a_chat_does_not_mark_it_read,
    marking_a_message_as_read_includes_earlier_ones,
    the_simulator_posts_status_callbacks,
    an_undelivered_message_shows_the_reason_and_can_be_retried,
    a_rejected_message_shows_the_reason,
    a_repeated_click_sends_one_message,
    twenty_concurrent_clicks_send_one_message,
    only_connected_transports_send,
    a_long_chat_is_paged,
    a_chat_is_opened_by_client_and_by_phone,
    a_scheduled_message_is_sent_at_its_time,
    invalid_files_are_refused_without_sending,
    the_pages_show_the_chat,
    a_refused_form_keeps_the_entered_text,
    the_chat_list_can_be_limited_to_unread_chats,
}

const AZIZA: &str = "+998901234567";

/// The only chat that this visitor sees.
async fn only_chat(visitor: &Visitor) -> Value {
    let page = visitor.get("/crm/chats").json().await.is(200).value();
    assert_eq!(page["total"], 1, "{page}");
    page["items"][0].clone()
}

/// The path of the only chat.
async fn chat_path(visitor: &Visitor) -> String {
    format!("/crm/chats/{}", only_chat(visitor).await["id"])
}

/// A tenant whose client has written once, with an API client of its agent.
async fn chat_with_a_message(env: &TestEnv) -> (Company, aloqa::services::ChannelContext, Visitor, String) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let agent = env.api_client(&company.agent).await;
    agent.receive_sms(&channel, "SM1", AZIZA, "Salom!").await;
    let chat = chat_path(&agent).await;
    (company, channel, agent, chat)
}

async fn send(agent: &Visitor, chat: &str, text: &str) -> Value {
    let body = json!({ "message": text, "transport": "sms" });
    agent.post(format!("{chat}/messages")).json_body(body).json().await.is(201).value()
}

/// The current messages of a chat.
async fn messages(agent: &Visitor, chat: &str) -> Vec<Value> {
    agent.get(chat).json().await.is(200).value()["messages"].as_array().unwrap().clone()
}

async fn last_status(agent: &Visitor, chat: &str) -> String {
    let last = messages(agent, chat).await.pop().unwrap();
    last["status"].as_str().unwrap().to_owned()
}

async fn an_inbound_message_gets_a_reply(env: TestEnv) {
    let (_, channel, agent, path) = chat_with_a_message(&env).await;

    let chat = only_chat(&agent).await;
    assert_eq!(chat["unread_count"], 1);
    assert_eq!(chat["client"]["phone"], AZIZA);
    assert_eq!(chat["last_message"]["message"], "Salom!");
    assert_eq!(chat["last_message"]["status"], "received");

    let inbound = messages(&agent, &path).await.remove(0);
    let read = agent.put(format!("{path}/messages/{}/read", inbound["id"])).json().await.is(200).value();
    assert_eq!(read["id"], inbound["id"]);
    assert_eq!(read["read_at"], "2026-03-02T09:00:00.123456Z");
    assert_eq!(only_chat(&agent).await["unread_count"], 0);

    let sent = send(&agent, &path, "Assalomu alaykum!").await;
    assert_eq!(sent["status"], "queued");
    assert_eq!(sent["direction"], "outbound");
    assert_eq!(sent["sender"], json!({ "type": "user", "name": "agent Karimov" }));
    assert_eq!(sent["sent_at"], Value::Null);
    assert_eq!(only_chat(&agent).await["unread_count"], 0, "one's own words are not unread");

    env.advance_clock(TimeDelta::seconds(1));
    env.simulator.next(Behaviour::AcceptSilently);
    assert_eq!(env.services.delivery.drain().await.unwrap(), 1);
    let [request] = env.simulator.requests().try_into().unwrap();
    assert_eq!(request.value("Body"), Some("Assalomu alaykum!"));
    assert_eq!(request.value("To"), Some(AZIZA));
    assert_eq!(request.value("From"), channel.channel.address("sms_number"));
    let callback = request.value("StatusCallback").unwrap();
    assert!(callback.starts_with("https://crm.example.uz/crm/webhooks/twilio/status?"), "{callback}");
    let last = messages(&agent, &path).await.pop().unwrap();
    assert_eq!((&last["status"], &last["sent_at"]), (&json!("sent"), &json!("2026-03-02T09:00:01.123456Z")));

    env.advance_clock(TimeDelta::seconds(1));
    let path_and_query = callback.strip_prefix("https://crm.example.uz").unwrap();
    let report = status_form(&channel, &request.message_sid, "delivered");
    agent.post_twilio_webhook(&channel, path_and_query, &report).await.is(204);
    let last = messages(&agent, &path).await.pop().unwrap();
    assert_eq!(last["status"], "delivered");
    assert_eq!(last["delivered_at"], "2026-03-02T09:00:02.123456Z");
    assert_eq!(only_chat(&agent).await["last_message"]["status"], "delivered");
}

async fn viewing_a_chat_does_not_mark_it_read(env: TestEnv) {
    let (company, _, program, path) = chat_with_a_message(&env).await;
    let browser = env.sign_in(&company.agent).await;
    let message = messages(&program, &path).await.remove(0);
    for _ in 0..2 {
        browser.get(&path).html().await.is(200);
        browser.get(format!("{path}/messages")).html().await.is(200);
        program.get(&path).json().await.is(200);
        program.get(format!("{path}/messages/{}/read", message["id"])).json().await.problem(405);
    }
    assert_eq!(only_chat(&program).await["unread_count"], 1);
    assert_eq!(messages(&program, &path).await[0]["read_at"], Value::Null);
}

async fn marking_a_message_as_read_includes_earlier_ones(env: TestEnv) {
    let (_, channel, agent, path) = chat_with_a_message(&env).await;
    agent.receive_sms(&channel, "SM2", AZIZA, "Kimdir bormi?").await;
    agent.receive_sms(&channel, "SM3", AZIZA, "?").await;
    assert_eq!(only_chat(&agent).await["unread_count"], 3);

    let second = messages(&agent, &path).await[1]["id"].clone();
    agent.put(format!("{path}/messages/{second}/read")).json().await.is(200);

    assert_eq!(only_chat(&agent).await["unread_count"], 1);
    let unread: Vec<_> = messages(&agent, &path).await.iter().map(|m| m["read_at"].is_null()).collect();
    assert_eq!(unread, [false, false, true]);
    agent.put(format!("{path}/messages/{second}/read")).json().await.is(200);
    assert_eq!(only_chat(&agent).await["unread_count"], 1, "a repeat changes nothing");
}

async fn the_simulator_posts_status_callbacks(env: TestEnv) {
    let (_, _, agent, path) = chat_with_a_message(&env).await;
    env.serve_on_callback_address();
    send(&agent, &path, "Assalomu alaykum!").await;
    env.services.delivery.drain().await.unwrap();
    until("the answer is delivered", async || last_status(&agent, &path).await == "delivered").await;
}

async fn an_undelivered_message_shows_the_reason_and_can_be_retried(env: TestEnv) {
    let (company, _, agent, path) = chat_with_a_message(&env).await;
    env.serve_on_callback_address();
    env.simulator.next(Behaviour::Undeliver { code: 30003 });
    let sent = send(&agent, &path, "Assalomu alaykum!").await;
    env.services.delivery.drain().await.unwrap();
    until("it failed", async || last_status(&agent, &path).await == "failed").await;

    let failed = messages(&agent, &path).await.pop().unwrap();
    assert_eq!(failed["error_code"], "30003");
    assert_eq!(failed["error_message"], "The phone is switched off or out of reach.");
    let page = env.sign_in(&company.agent).await.get(&path).html().await.is(200);
    let reason = page.text_of("article.failed .reason");
    assert!(reason.contains("switched off") && reason.contains("30003"), "{reason}");
    let retry = format!("{path}/messages/{}/retry", sent["id"]);
    assert_eq!(page.attribute("article.failed form", "action"), Some(retry.clone()));

    let again = agent.post(&retry).json().await.is(202).value();
    assert_eq!((&again["id"], &again["status"]), (&sent["id"], &json!("queued")));
    assert_eq!(again["error_code"], Value::Null);
    agent.post(&retry).json().await.is(202);
    assert_eq!(env.services.delivery.drain().await.unwrap(), 1, "pressed twice, it is queued once");
    until("the retry is delivered", async || last_status(&agent, &path).await == "delivered").await;

    let problem = agent.post(&retry).json().await.problem(409);
    assert!(problem["detail"].as_str().unwrap().len() > 10);
    assert_eq!(env.simulator.requests().len(), 2);
}

async fn a_rejected_message_shows_the_reason(env: TestEnv) {
    let (_, _, agent, path) = chat_with_a_message(&env).await;
    env.simulator.opt_out(AZIZA);
    send(&agent, &path, "Assalomu alaykum!").await;
    env.services.delivery.drain().await.unwrap();
    let failed = messages(&agent, &path).await.pop().unwrap();
    assert_eq!((&failed["status"], &failed["error_code"]), (&json!("failed"), &json!("21610")));
    let sentence = failed["error_message"].as_str().unwrap();
    assert!(sentence.ends_with('.') && !sentence.contains("21610"), "a sentence of ours: {sentence}");
    assert_eq!(only_chat(&agent).await["last_message"]["status"], "failed");
}

async fn a_repeated_click_sends_one_message(env: TestEnv) {
    let (company, _, agent, path) = chat_with_a_message(&env).await;
    let click = |text: &'static str| {
        let body = json!({ "message": text, "transport": "sms" });
        agent.post(format!("{path}/messages")).json_body(body).header("idempotency-key", "a click").json()
    };
    let first = click("Assalomu alaykum!").await.is(201);
    let again = click("Assalomu alaykum!").await.is(201);
    assert_eq!(first.value(), again.value());
    assert_eq!(click("another text").await.invalid_fields(), ["idempotency_key"], "nobody would learn of it");
    assert_eq!(messages(&agent, &path).await.len(), 2);
    let manager = env.api_client(&company.manager).await;
    let body = json!({ "message": "Assalomu alaykum!", "transport": "sms" });
    let of_another = manager
        .post(format!("{path}/messages"))
        .json_body(body)
        .header("idempotency-key", "a click")
        .json()
        .await;
    assert_ne!(of_another.is(201).value()["id"], first.value()["id"], "users do not know the keys of others");
    let odd = |key: &'static [u8]| {
        let body = json!({ "message": "Assalomu alaykum!" });
        agent.post(format!("{path}/messages")).json_body(body).header("idempotency-key", key).json()
    };
    let first = odd("чертёж".as_bytes()).await.is(201).value();
    assert_eq!(odd("чертёж".as_bytes()).await.is(201).value(), first, "a key in any alphabet");
    assert_eq!(
        odd(b"\xff").await.invalid_fields(),
        ["idempotency_key"],
        "and none that is not understood is ignored"
    );
    assert_eq!(messages(&agent, &path).await.len(), 4);

    let browser = env.sign_in(&company.agent).await;
    let page = browser.get(&path).html().await;
    let key = page.attribute("input[name=idempotency_key]", "value").unwrap();
    for _ in 0..2 {
        let fields = [("message", "Ha"), ("transport", "sms"), ("idempotency_key", &key)];
        let answer = browser.post(format!("{path}/messages")).form(fields).html().await.is(303);
        assert_eq!(answer.location(), path);
    }
    assert_eq!(messages(&agent, &path).await.len(), 5);
    // The text was changed after a request whose answer got lost: the form explains, and sends the text with a new key.
    let fields = [("message", "Ha, albatta"), ("transport", "sms"), ("idempotency_key", &key)];
    let page = browser.post(format!("{path}/messages")).form(fields).html().await.is(422);
    assert!(page.text_of("#composer-error").contains("already"), "{page:?}");
    let new_key = page.attribute("input[name=idempotency_key]", "value").unwrap();
    let fields = [("message", "Ha, albatta"), ("transport", "sms"), ("idempotency_key", &new_key)];
    browser.post(format!("{path}/messages")).form(fields).html().await.is(303);
    assert_eq!(messages(&agent, &path).await.len(), 6);
    assert_ne!(browser.get(&path).html().await.attribute("input[name=idempotency_key]", "value"), Some(key));
}

async fn twenty_concurrent_clicks_send_one_message(env: TestEnv) {
    let (_, _, agent, path) = chat_with_a_message(&env).await;
    let click = |_| {
        let body = json!({ "message": "Assalomu alaykum!" });
        let request =
            agent.post(format!("{path}/messages")).json_body(body).header("idempotency-key", "a click");
        async { request.json().await.is(201).value()["id"].clone() }
    };
    let ids = concurrently(20, click).await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(messages(&agent, &path).await.len(), 2);
    assert_eq!(env.services.delivery.drain().await.unwrap(), 1);
}

async fn only_connected_transports_send(env: TestEnv) {
    let (_, _, agent, path) = chat_with_a_message(&env).await;
    for transport in ["telegram", "email", "instagram", "phone", "website", "other", "pigeon"] {
        let body = json!({ "message": "Salom", "transport": transport });
        let answer = agent.post(format!("{path}/messages")).json_body(body).json().await;
        assert_eq!(answer.invalid_fields(), ["transport"], "{transport}");
    }
    for (body, field) in [
        (json!({}), "message"),
        (json!({ "message": " \n " }), "message"),
        (json!({ "message": "я".repeat(4_097) }), "message"),
        (json!({ "message": ["Salom"] }), "message"),
        (json!({ "message": "Salom", "scheduled_at": "tomorrow" }), "scheduled_at"),
    ] {
        let answer = agent.post(format!("{path}/messages")).json_body(body).json().await;
        assert_eq!(answer.invalid_fields(), [field]);
    }
    assert_eq!(messages(&agent, &path).await.len(), 1);
    let longest = json!({ "message": "я".repeat(1_600) });
    agent.post(format!("{path}/messages")).json_body(longest).json().await.is(201);
}

async fn a_long_chat_is_paged(env: TestEnv) {
    let (company, channel, agent, path) = chat_with_a_message(&env).await;
    for number in 2..=120 {
        agent.receive_sms(&channel, &format!("SM{number}"), AZIZA, &format!("{number}")).await;
    }
    let opened = agent.get(&path).json().await.value();
    let numbers = |list: &Value| -> Vec<i64> {
        let number = |m: &Value| m["message"].as_str().unwrap().parse().unwrap_or(1);
        list.as_array().unwrap().iter().map(number).collect()
    };
    assert_eq!(numbers(&opened["messages"]), (71..=120).collect::<Vec<_>>());
    let page = |query: String| agent.get(format!("{path}/messages{query}")).json();
    let newest = page(String::new()).await.is(200).value();
    assert_eq!((numbers(&newest["items"]), &newest["has_more"]), ((71..=120).collect(), &json!(true)));
    let older = page(format!("?before={}&limit=100", newest["items"][0]["id"])).await.value();
    assert_eq!((numbers(&older["items"]), &older["has_more"]), ((1..=70).collect(), &json!(false)));
    let few = page(format!("?before={}&limit=2", newest["items"][0]["id"])).await.value();
    assert_eq!((numbers(&few["items"]), &few["has_more"]), (vec![69, 70], &json!(true)));
    for bad in ["limit=0", "limit=101", "limit=x", "before=x", "before=99999999999999999999"] {
        page(format!("?{bad}")).await.problem(422);
    }

    let browser = env.sign_in(&company.agent).await;
    let shown = browser.get(&path).html().await;
    assert_eq!(shown.texts("article.message").len(), 50);
    let older = shown.attribute("a#older", "href").unwrap();
    let shown = browser.get(older).html().await.is(200);
    assert_eq!(shown.texts("article.message").len(), 50);
    let oldest = shown.attribute("a#older", "href").unwrap();
    let shown = browser.get(oldest).html().await.is(200);
    assert_eq!(shown.texts("article.message").len(), 20);
    assert!(!shown.has("a#older"));
}

async fn a_chat_is_opened_by_client_and_by_phone(env: TestEnv) {
    let company = env.company("samarkand").await;
    let agent = env.api_client(&company.agent).await;
    let aziza = company.client(&env, "Aziza", AZIZA).await;
    let open = |body: Value| agent.post("/crm/chats").json_body(body).json();

    let made = open(json!({ "client_id": aziza.0 })).await.is(201);
    assert_eq!(made.location(), format!("/crm/chats/{}", made.value()["id"]));
    assert_eq!(made.value()["last_message"], Value::Null);
    let known = open(json!({ "phone": "90 123 45 67" })).await.is(200);
    assert_eq!(known.value()["id"], made.value()["id"]);
    assert_eq!(open(json!({ "client_id": aziza.0 })).await.is(200).value(), known.value());

    let stranger = open(json!({ "phone": "+998 93 555 01 27" })).await.is(201).value();
    assert_eq!(stranger["client"]["phone"], "+998935550127");
    assert_eq!(open(json!({ "phone": "+998935550127" })).await.is(200).value(), stranger);
    assert_eq!(agent.get("/crm/clients").json().await.value()["total"], 2);

    assert_eq!(open(json!({})).await.invalid_fields(), ["phone"]);
    assert_eq!(open(json!({ "phone": "12" })).await.invalid_fields(), ["phone"]);
    assert_eq!(open(json!({ "client_id": 4711 })).await.invalid_fields(), ["client_id"]);
    assert_eq!(open(json!({ "client_id": "me" })).await.invalid_fields(), ["client_id"]);
}

async fn a_scheduled_message_is_sent_at_its_time(env: TestEnv) {
    let (_, _, agent, path) = chat_with_a_message(&env).await;
    let body = json!({ "message": "Ertalab", "scheduled_at": "2026-03-02T16:00:00+05:00" });
    let sent = agent.post(format!("{path}/messages")).json_body(body).json().await.is(201).value();
    assert_eq!(
        (&sent["status"], &sent["scheduled_at"]),
        (&json!("scheduled"), &json!("2026-03-02T11:00:00Z"))
    );
    assert_eq!(env.services.delivery.drain().await.unwrap(), 0);
    env.advance_clock(TimeDelta::hours(2));
    assert_eq!(env.services.delivery.drain().await.unwrap(), 1);
}

async fn invalid_files_are_refused_without_sending(env: TestEnv) {
    let (_, _, agent, path) = chat_with_a_message(&env).await;
    let with = |name: &'static str, file: &'static [u8]| {
        let parts = [("message", None, "Mana".as_bytes()), ("attachments", Some(name), file)];
        agent.post(format!("{path}/messages")).multipart(&parts).json()
    };
    assert_eq!(with("a.jpg", b"<html>").await.invalid_fields(), ["attachments"]);
    assert_eq!(messages(&agent, &path).await.len(), 1);
    let text = [("message", "Mana"), ("attachments", "a.jpg")];
    let answer = agent.post(format!("{path}/messages")).form(text).json().await;
    assert_eq!(answer.invalid_fields(), ["attachments"], "a name is no file");
    let sent = with("", b"").await.is(201).value();
    assert_eq!(sent["attachments"], json!([]), "a browser's input in which nothing was chosen");
}

async fn the_pages_show_the_chat(env: TestEnv) {
    let (company, _, program, path) = chat_with_a_message(&env).await;
    let browser = env.sign_in(&company.agent).await;

    let list = browser.get("/").html().await.is(303);
    let list = browser.get(list.location()).html().await.is(200);
    assert_eq!(list.texts("#chat-list .name"), ["+998 90 123 45 67"]);
    assert_eq!(list.texts("#chat-list .preview"), ["Salom!"]);
    assert_eq!(list.texts("#chat-list .badge [aria-hidden]"), ["1"]);
    assert_eq!(list.attribute("#chat-list a", "href"), Some(path.clone()));
    assert!(list.text_of("title").starts_with("(1)"));

    let page = browser.get(&path).html().await.is(200);
    assert_eq!(page.texts("article.message p"), ["Salom!"]);
    assert_eq!(page.texts("article time"), ["14:00"], "in Tashkent");
    assert_eq!(
        page.texts("select#transport option:not([disabled])"),
        ["SMS · +998 90 123 45 67", "WhatsApp · +998 90 123 45 67"]
    );
    let read = page.attribute("form[data-read]", "action").unwrap();
    let answer = browser.post(read).form([("_method", "PUT")]).html().await.is(303);
    assert_eq!(answer.location(), path);
    assert_eq!(only_chat(&program).await["unread_count"], 0);

    let action = page.attribute("form[data-composer]", "action").unwrap();
    let fields = [("message", "Alik <b>&amp;"), ("transport", "sms")];
    browser.post(action).form(fields).html().await.is(303);
    let page = browser.get(&path).html().await.is(200);
    assert_eq!(page.texts("article.out p"), ["Alik <b>&amp;"], "as it was typed");
    assert!(page.has("article.out .status.queued"));
    assert!(!page.has("form[data-read]"), "nothing is left to read");
    assert_eq!(browser.get("/crm/chats").html().await.texts("#chat-list .preview"), ["You: Alik <b>&amp;"]);
}

async fn a_refused_form_keeps_the_entered_text(env: TestEnv) {
    let (company, _, _, path) = chat_with_a_message(&env).await;
    let browser = env.sign_in(&company.agent).await;
    let text = "я".repeat(4_097);
    let fields = [("message", text.as_str()), ("transport", "whatsapp")];
    let page = browser.post(format!("{path}/messages")).form(fields).html().await.is(422);
    assert_eq!(page.text_of("textarea#message"), text);
    assert_eq!(page.attributes("select#transport option[selected]", "value"), ["whatsapp"]);
    assert!(
        page.text_of("#composer-error").contains("4,096") || page.text_of("#composer-error").contains("4096")
    );

    let page = browser.post("/crm/chats").form([("phone", "12 <3")]).html().await.is(422);
    assert_eq!(page.attributes("input[name=phone]", "value"), ["12 <3"]);
    assert_eq!(page.texts(".error").len(), 1);
}

async fn the_chat_list_can_be_limited_to_unread_chats(env: TestEnv) {
    let (_, channel, agent, path) = chat_with_a_message(&env).await;
    env.advance_clock(TimeDelta::seconds(1));
    agent.receive_sms(&channel, "SM2", "+998935550127", "Bormi?").await;
    let list = |query: &str| agent.get(format!("/crm/chats{query}")).json();
    let names = |page: &Value| -> Vec<String> {
        let name = |chat: &Value| chat["client"]["phone"].as_str().unwrap().to_owned();
        page["items"].as_array().unwrap().iter().map(name).collect()
    };
    assert_eq!(names(&list("").await.value()), ["+998935550127", AZIZA], "the newest message first");
    let message = messages(&agent, &path).await.remove(0);
    agent.put(format!("{path}/messages/{}/read", message["id"])).json().await.is(200);
    let unread = list("?unread=true").await.value();
    assert_eq!((names(&unread), &unread["total"]), (vec!["+998935550127".to_owned()], &json!(1)));
    assert_eq!(names(&list("?q=901234567").await.value()), [AZIZA]);
    assert_eq!(names(&list("?limit=1&page=2").await.value()), [AZIZA]);
    list("?unread=perhaps").await.problem(422);
}
