//! Tests of the simulator's page, which plays the phones of clients by real webhooks for one tenant.

use aloqa::domain::MessageText;
use aloqa::services::OutgoingMessage;
use axum::http::Method;
use chrono::TimeDelta;
use serde_json::Value;

use crate::support::{
    Company, TestEnv,
    http::{Visitor, until},
};

on_both_engines! {
    a_production_server_has_no_simulator_page,
    only_administrators_use_the_simulator_and_only_by_its_forms,
    the_spotlight_and_the_navigation_find_the_phones,
    a_simulated_client_writes_by_each_transport,
    a_sent_message_arrives_and_can_be_reported_in_any_order,
    a_simulated_provider_shows_the_chosen_behaviour,
    phones_of_another_tenant_are_not_found,
    invalid_input_is_reported,
    a_file_is_fetched_from_the_simulated_provider,
}

const PAGE: &str = "/crm/simulator";
const ROUTES: [(&str, &[(&str, &str)]); 3] = [
    ("/crm/simulator/messages", &[("transport", "sms"), ("from", "+998901234567"), ("message", "Salom")]),
    ("/crm/simulator/orders", &[("transport", "sms"), ("from", "+998901234567"), ("play", "hold")]),
    (
        "/crm/simulator/reports",
        &[("transport", "sms"), ("from", "+998901234567"), ("message_id", "SM1"), ("status", "read")],
    ),
];

/// An environment in which the providers are simulated, as in the demo.
fn with_simulator(mut env: TestEnv) -> TestEnv {
    env.services = env.services.clone().with_simulators(env.simulator.clone(), env.bots.clone());
    env
}

async fn simulator_tenant(env: TestEnv) -> (TestEnv, Company, Visitor) {
    let env = with_simulator(env);
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    env.connect_bot(&company).await;
    let administrator = env.sign_in(&company.administrator).await;
    env.serve_on_callback_address();
    (env, company, administrator)
}

async fn the_spotlight_and_the_navigation_find_the_phones(env: TestEnv) {
    let company = env.company("bukhara").await;
    let administrator = env.sign_in(&company.administrator).await;
    let found = administrator.get("/spotlight?q=simulator").json().await.is(200).value().to_string();
    assert!(!found.contains(PAGE), "a real server has no phones: {found}");
    let (env, company, administrator) = simulator_tenant(env).await;
    let found = administrator.get("/spotlight?q=simulator").json().await.is(200).value().to_string();
    assert!(found.contains(PAGE), "{found}");
    let chats = administrator.get("/crm/chats").html().await.is(200);
    assert!(chats.has(&format!("#nav a[href='{PAGE}']")), "the navigation leads there");
    let agent = env.sign_in(&company.agent).await;
    let found = agent.get("/spotlight?q=simulator").json().await.is(200).value().to_string();
    assert!(!found.contains(PAGE), "only administrators play: {found}");
}

async fn send_from(by: &Visitor, transport: &str, from: &str, text: &str) {
    let fields = [("transport", transport), ("from", from), ("message", text)];
    let answer = by.post("/crm/simulator/messages").form(fields).json().await.is(200);
    assert_eq!(answer.value()["status"], 200, "the webhook was taken");
}

async fn phone(by: &Visitor, transport: &str, from: &str) -> Value {
    let from = from.replace('+', "%2B");
    by.get(format!("{PAGE}?transport={transport}&from={from}")).json().await.is(200).value()
}

/// The agent replies in the only chat, and the worker delivers the message.
async fn reply(env: &TestEnv, company: &Company, text: &str) {
    let program = env.api_client(&company.agent).await;
    let chats = program.get("/crm/chats").json().await.is(200).value();
    let chat = chats["items"][0]["id"].as_i64().unwrap();
    let outgoing = OutgoingMessage { text: MessageText::parse(text).unwrap(), ..OutgoingMessage::default() };
    env.services.chats.send(&company.agent, aloqa::domain::ChatId(chat), outgoing).await.unwrap();
    env.services.delivery.drain().await.unwrap();
}

async fn statuses(env: &TestEnv, company: &Company) -> Vec<String> {
    let program = env.api_client(&company.agent).await;
    let chats = program.get("/crm/chats").json().await.is(200).value();
    let chat = program.get(format!("/crm/chats/{}", chats["items"][0]["id"])).json().await.is(200).value();
    let sent = chat["messages"].as_array().unwrap().iter().filter(|m| m["direction"] == "outbound");
    sent.map(|message| message["status"].as_str().unwrap().to_owned()).collect()
}

async fn a_production_server_has_no_simulator_page(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let administrator = env.sign_in(&company.administrator).await;
    administrator.get(PAGE).html().await.is(404);
    for (path, fields) in ROUTES {
        administrator.post(path).form(fields.to_vec()).json().await.problem(404);
    }
    let page = administrator.get("/crm/chats").html().await.is(200);
    assert!(!page.has(&format!("a[href='{PAGE}']")));
}

async fn only_administrators_use_the_simulator_and_only_by_its_forms(env: TestEnv) {
    let (env, company, administrator) = simulator_tenant(env).await;
    let page = administrator.get(PAGE).html().await.is(200);
    assert!(page.has(&format!("nav a[href='{PAGE}'][aria-current=page]")));
    env.anonymous_visitor().get(PAGE).html().await.is(303);
    for user in [&company.manager, &company.agent, &company.read_only] {
        let visitor = env.sign_in(user).await;
        visitor.get(PAGE).html().await.is(403);
        assert!(!visitor.get("/crm/chats").html().await.is(200).has(&format!("a[href='{PAGE}']")));
        for (path, fields) in ROUTES {
            visitor.post(path).form(fields.to_vec()).json().await.problem(403);
        }
    }
    for (path, fields) in ROUTES {
        administrator.post(path).without_token().form(fields.to_vec()).json().await.problem(403);
        let elsewhere =
            administrator.post(path).form(fields.to_vec()).header("origin", "https://evil.example");
        elsewhere.json().await.problem(403);
        env.anonymous_visitor().post(path).form(fields.to_vec()).json().await.problem(401);
        administrator.ask(Method::GET, path).json().await.problem(405);
    }
    assert_eq!(env.raw().await.count("messages").await, 0);
}

async fn a_simulated_client_writes_by_each_transport(env: TestEnv) {
    let (_, _, administrator) = simulator_tenant(env).await;
    for (transport, from, shown) in [
        ("sms", "90 123 45 67", "+998901234567"),
        ("whatsapp", "+998901234568", "+998901234568"),
        ("telegram", "@Aziza_K", "aziza_k"),
    ] {
        let text = format!("Salom, by {transport} <b>&amp;");
        // A form without scripts: the response leads back to the phone.
        let fields = [("transport", transport), ("from", from), ("message", &text)];
        let back = administrator.post("/crm/simulator/messages").form(fields).html().await.is(303);
        let page = administrator.get(back.location()).html().await.is(200);
        assert_eq!(page.text_of("#phone-log .wrote .bubble"), text);
        assert!(!page.has("[role=alert]"), "{page:?}");
        assert_eq!(page.attribute("#f-from", "value").as_deref(), Some(shown));
        assert!(page.has("#phone-people a[aria-current]"), "who writes has become a client");
        let chats = administrator.get("/crm/chats").json().await.is(200).value();
        assert_eq!(chats["items"][0]["last_message"]["message"], text);
        assert_eq!(chats["items"][0]["last_message"]["transport"], transport);
    }
    assert_eq!(administrator.get("/crm/chats").json().await.value()["total"], 3);
    let page = administrator.get(PAGE).html().await.is(200);
    assert_eq!(page.texts("nav.tabs a"), ["SMS", "WhatsApp", "Telegram"]);
}

async fn a_sent_message_arrives_and_can_be_reported_in_any_order(env: TestEnv) {
    let (env, company, administrator) = simulator_tenant(env).await;
    let from = "+998901234567";
    send_from(&administrator, "sms", from, "Salom").await;
    let orders = [("transport", "sms"), ("from", from), ("play", "hold")];
    administrator.post("/crm/simulator/orders").form(orders).json().await.is(204);
    reply(&env, &company, "Vaalaykum").await;
    let got = phone(&administrator, "sms", from).await["entries"][1].clone();
    assert_eq!((&got["kind"], &got["text"]), (&"got".into(), &"Vaalaykum".into()));
    assert_eq!((&got["status"], statuses(&env, &company).await), (&Value::Null, vec!["sent".to_owned()]));

    let id = got["id"].as_str().unwrap();
    for (reported, status) in [("read", "read"), ("sent", "read"), ("failed", "read"), ("delivered", "read")]
    {
        let fields = [("transport", "sms"), ("from", from), ("message_id", id), ("status", reported)];
        let back = administrator.post("/crm/simulator/reports").form(fields).html().await.is(303);
        assert_eq!(statuses(&env, &company).await, [status], "after a late {reported}");
        let page = administrator.get(back.location()).html().await.is(200);
        assert!(!page.has(".phone > [role=alert]"), "it was taken: {page:?}");
        assert!(page.text_of("#phone-log .got .meta").ends_with(reported));
    }
}

async fn a_simulated_provider_shows_the_chosen_behaviour(env: TestEnv) {
    let (env, company, administrator) = simulator_tenant(env).await;
    let from = "+998901234567";
    send_from(&administrator, "sms", from, "Salom").await;
    let told = async |play: &str, once: &str| {
        let fields = [("transport", "sms"), ("from", from), ("play", play), ("once", once), ("seconds", "0")];
        let back = administrator.post("/crm/simulator/orders").form(fields).html().await.is(303);
        let page = administrator.get(back.location()).html().await.is(200);
        assert!(page.has(&format!("#phone-orders input[value='{play}'][checked]")));
    };
    told("unavailable", "true").await;
    reply(&env, &company, "one").await;
    assert_eq!(statuses(&env, &company).await, ["queued"]);
    let page = administrator.get(format!("{PAGE}?transport=sms&from=%2B998901234567")).html().await.is(200);
    assert!(page.text_of("#phone-log .turned p").contains("503"));
    assert!(page.has("#phone-orders input[value='deliver'][checked]"), "that was for one message");
    env.advance_clock(TimeDelta::minutes(2));
    env.services.delivery.drain().await.unwrap();
    until("it is delivered", async || statuses(&env, &company).await == ["delivered"]).await;

    told("read", "").await;
    reply(&env, &company, "two").await;
    until("it is read", async || statuses(&env, &company).await == ["delivered", "read"]).await;
    told("failed", "").await;
    reply(&env, &company, "three").await;
    until("it fails", async || statuses(&env, &company).await.last().unwrap() == "failed").await;
    told("reset", "").await;
    reply(&env, &company, "four").await;
    assert_eq!(statuses(&env, &company).await.last().unwrap(), "unknown");
    told("refused", "").await;
    reply(&env, &company, "five").await;
    assert_eq!(statuses(&env, &company).await.last().unwrap(), "failed");

    // On Telegram, a client may block the bot.
    let fields = [("transport", "telegram"), ("from", "aziza_k"), ("play", "refused")];
    administrator.post("/crm/simulator/orders").form(fields).json().await.is(204);
    send_from(&administrator, "telegram", "aziza_k", "Salom").await;
    reply(&env, &company, "six").await;
    assert_eq!(statuses(&env, &company).await, ["failed"]);
    assert_eq!(phone(&administrator, "telegram", "aziza_k").await["entries"][1]["status"], "refused");
}

async fn phones_of_another_tenant_are_not_found(env: TestEnv) {
    let env = with_simulator(env);
    let (ours, theirs) = env.two_companies().await;
    let mut visitors = Vec::new();
    for company in [&ours, &theirs] {
        env.connect(company).await;
        visitors.push(env.sign_in(&company.administrator).await);
    }
    env.serve_on_callback_address();
    let (our, their) = (&visitors[0], &visitors[1]);
    let from = "+998901234567";
    send_from(our, "sms", from, "a secret").await;
    let orders = [("transport", "sms"), ("from", from), ("play", "hold")];
    our.post("/crm/simulator/orders").form(orders).json().await.is(204);
    reply(&env, &ours, "another secret").await;
    let id = phone(our, "sms", from).await["entries"][1]["id"].as_str().unwrap().to_owned();

    let same = phone(their, "sms", from).await;
    assert_eq!((&same["entries"], &same["play"]), (&Value::Array(Vec::new()), &"deliver".into()));
    let page = their.get(format!("{PAGE}?transport=sms&from=%2B998901234567")).html().await.is(200);
    assert!(!page.text().contains("secret"));
    let report = [("transport", "sms"), ("from", from), ("message_id", &id), ("status", "read")];
    their.post("/crm/simulator/reports").form(report).json().await.problem(404);
    assert_eq!(statuses(&env, &ours).await, ["sent"]);
    our.post("/crm/simulator/reports").form(report).json().await.is(200);
    assert_eq!(statuses(&env, &ours).await, ["read"]);
}

async fn invalid_input_is_reported(env: TestEnv) {
    let (env, _, administrator) = simulator_tenant(env).await;
    let long = "9".repeat(5_000);
    for (path, changed, value, wrong) in [
        (0, "from", "nobody", "from"),
        (0, "from", "", "from"),
        (0, "from", &long, "from"),
        (0, "transport", "pigeon", "transport"),
        (0, "transport", "email", "transport"),
        (0, "message", "", "message"),
        (1, "play", "nonsense", "play"),
        (1, "from", "+", "from"),
        (1, "seconds", "-1", "seconds"),
        (1, "seconds", "3601", "seconds"),
        (1, "seconds", &long, "seconds"),
        (1, "code", "x", "code"),
        (2, "status", "eaten", "status"),
        (2, "code", "-1", "code"),
        (2, "transport", "", "transport"),
    ] {
        let (path, fields) = ROUTES[path];
        let mut fields: Vec<_> = fields.iter().filter(|(name, _)| *name != changed).copied().collect();
        fields.push((changed, value));
        let answer = administrator.post(path).form(fields.clone()).json().await;
        assert_eq!(answer.invalid_fields(), [wrong], "{path} {changed}={value}");
        let page = administrator.post(path).form(fields).html().await;
        assert!(page.status.is_client_error(), "{page:?}");
    }
    let (path, fields) = ROUTES[2];
    administrator.post(path).form(fields.to_vec()).json().await.problem(404);
    let telegram = [("transport", "telegram"), ("from", "aziza_k"), ("play", "read")];
    assert_eq!(administrator.post(ROUTES[1].0).form(telegram).json().await.invalid_fields(), ["play"]);
    let page = administrator.get(format!("{PAGE}?transport=telegram&from=x%00y")).html().await.is(200);
    assert!(page.has("#e-from"), "{page:?}");
    administrator.get(format!("{PAGE}?from=x")).json().await.problem(422);
    assert_eq!(env.raw().await.count("messages").await, 0);

    // A tenant without channels is told so.
    let other = env.company("bukhara").await;
    let page = env.sign_in(&other.administrator).await.get(PAGE).html().await.is(200);
    assert!(page.has(".empty") && !page.has("#phone"));
}

async fn a_file_is_fetched_from_the_simulated_provider(env: TestEnv) {
    let (env, _, administrator) = simulator_tenant(env).await;
    let png = [b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 64]].concat();
    for (transport, from) in [("sms", "+998901234567"), ("telegram", "aziza_k")] {
        let parts = [
            ("transport", None, transport.as_bytes()),
            ("from", None, from.as_bytes()),
            ("message", None, b"look".as_slice()),
            ("file", Some("photo.png"), &png),
        ];
        administrator.post("/crm/simulator/messages").multipart(&parts).html().await.is(303);
        env.services.media.drain().await.unwrap();
        let chats = administrator.get("/crm/chats").json().await.is(200).value();
        let last = &chats["items"][0]["last_message"];
        assert_eq!((&last["message"], &last["transport"]), (&"look".into(), &transport.into()), "{last}");
        assert_eq!(last["attachments"][0]["content_type"], "image/png");
        assert_eq!(last["attachments"][0]["size"], png.len());
        assert_eq!(
            phone(&administrator, transport, from).await["entries"][0]["files"][0]["name"],
            "photo.png"
        );
    }
    let huge = vec![0; 9 * 1024 * 1024];
    let parts = [
        ("transport", None, b"sms".as_slice()),
        ("from", None, b"+998901234567".as_slice()),
        ("file", Some("huge.bin"), &huge),
    ];
    administrator.post("/crm/simulator/messages").multipart(&parts).json().await.problem(413);
}
