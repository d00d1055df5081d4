//! Tests of the composer over HTTP: drafts, templates, unreachable clients and scheduled messages, as pages and as
//! JSON.

use serde_json::json;

use crate::http::all_routes::route_table::Ids;
use crate::support::{TestEnv, people::phone_of};

on_both_engines! {
    a_draft_is_stored_and_shown_to_its_author,
    a_template_fills_in_the_composer,
    an_unavailable_transport_is_shown_with_the_reason,
    a_message_is_scheduled_changed_and_cancelled,
    invalid_times_are_reported_beside_the_field,
    scheduling_works_without_scripts,
}

async fn a_draft_is_stored_and_shown_to_its_author(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", "+998901234567").await;
    let path = format!("/crm/chats/{}", ids.chat);
    let program = env.api_client(&company.agent).await;
    let saved = json!({ "message": "Half a sen", "transport": "sms", "idempotency_key": "key-1" });
    let kept = program.put(format!("{path}/draft")).json_body(saved).json().await.is(200).value();
    assert_eq!((kept["message"].as_str(), kept["transport"].as_str()), (Some("Half a sen"), Some("sms")));
    assert_eq!(program.get(format!("{path}/draft")).json().await.is(200).value(), kept);

    let browser = env.sign_in(&company.agent).await;
    let page = browser.get(&path).html().await.is(200);
    assert_eq!(page.text_of("#message"), "Half a sen");
    assert_eq!(page.attribute("[name=idempotency_key]", "value").as_deref(), Some("key-1"));
    assert!(!page.text_of("#chat-list .preview").contains("Draft"), "one is just writing it");
    assert_eq!(browser.get("/crm/chats").html().await.text_of("#chat-list .preview"), "Draft: Half a sen");
    let other = env.sign_in(&company.manager).await;
    let shown = other.get("/crm/chats").html().await.text_of("#chat-list .preview");
    assert_eq!(shown, "administrator: a.txt", "a draft is its writer's alone");
    assert_eq!(other.get(&path).html().await.text_of("#message"), "");

    let form = [("message", "Half a sentence"), ("transport", "sms"), ("written_at", "")];
    browser.post(format!("{path}/messages")).form(form).html().await.is(303);
    assert_eq!(browser.get(&path).html().await.text_of("#message"), "");

    let long = "я".repeat(4_097);
    for (field, value) in [
        ("message", long.as_str()),
        ("transport", "pigeon"),
        ("written_at", "noon"),
        ("template_id", "x"),
        ("idempotency_key", long.as_str()),
    ] {
        let bad = program.put(format!("{path}/draft")).json_body(json!({ field: value })).json().await;
        assert_eq!(bad.invalid_fields(), [field]);
    }
    for odd in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z"] {
        let fields = json!({ "message": "odd", "written_at": odd });
        program.put(format!("{path}/draft")).json_body(fields).json().await.is(200);
    }
}

async fn a_template_fills_in_the_composer(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", "+998901234567").await;
    let program = env.api_client(&company.manager).await;
    let fields = json!({ "name": "Greeting", "template": "Salom, {{client.first_name}}! {{tenant.name}}" });
    let made = program.post("/crm/instant-messages").json_body(fields).json().await.is(201).value();

    let path = format!("/crm/chats/{}", ids.chat);
    let agent = env.api_client(&company.agent).await;
    let found = agent.get(format!("{path}/templates?q=greet")).json().await.is(200).value();
    assert_eq!(found["items"][0]["template"], "Salom, Aziza! samarkand LLC");

    let browser = env.sign_in(&company.agent).await;
    let page = browser.get(&path).html().await.is(200);
    let list = page.attribute("#open-templates", "href").unwrap();
    let link =
        browser.get(format!("{list}?q=greet")).html().await.is(200).attribute(".rows a", "href").unwrap();
    let page = browser.get(link).html().await.is(200);
    assert_eq!(page.text_of("#message"), "Salom, Aziza! samarkand LLC");
    assert_eq!(page.attribute("[name=template_id]", "value"), Some(made["id"].to_string()));
    browser.get(format!("{path}?template=999999")).html().await.is(404);
    browser.get(format!("{path}?template=x")).html().await.is(200);
}

async fn an_unavailable_transport_is_shown_with_the_reason(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let client = company.client(&env, "Aziza", phone_of("+998901234567").as_str()).await;
    let (chat, _) = env.services.chats.open(&company.agent, client).await.unwrap();
    let path = format!("/crm/chats/{}", chat.id);
    let browser = env.sign_in(&company.agent).await;
    let page = browser.get(&path).html().await.is(200);
    let closed = page.texts("#transport option[disabled]");
    assert!(closed.contains(&"Telegram: no channel is connected".to_owned()), "{closed:?}");
    assert!(closed.contains(&"E-mail: no provider is connected".to_owned()), "{closed:?}");
    for transport in ["telegram", "email", "instagram", "phone"] {
        let fields = json!({ "message": "Salom", "transport": transport });
        let refused = env.api_client(&company.agent).await.post(format!("{path}/messages")).json_body(fields);
        assert_eq!(refused.json().await.invalid_fields(), ["transport"]);
    }
}

async fn a_message_is_scheduled_changed_and_cancelled(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", "+998901234567").await;
    let program = env.api_client(&company.agent).await;
    let messages = format!("/crm/chats/{}/messages", ids.chat);
    let path = format!("/crm/chats/{}", ids.chat);
    let last = program.get(&path).json().await.is(200).value()["last_message"]["id"].clone();
    let fields = json!({ "message": "Eslatma", "scheduled_at": "2026-03-03T09:00:00+05:00" });
    let made = program.post(&messages).json_body(fields).json().await.is(201).value();
    assert_eq!(
        (made["status"].as_str(), made["scheduled_at"].as_str()),
        (Some("scheduled"), Some("2026-03-03T04:00:00Z"))
    );
    let listed = program.get("/crm/scheduled-messages").json().await.is(200).value();
    assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(1), &made["id"]));
    assert_eq!(listed["items"][0]["client"]["full_name"], "Aziza Aziza Aziza");
    let chat = program.get(&path).json().await.is(200).value();
    assert_eq!(chat["last_message"]["id"], last, "what waits was not said yet");

    let path = format!("{messages}/{}/schedule", made["id"]);
    let fields = json!({ "message": "Boshqa", "scheduled_at": "2026-03-04T09:00" });
    let changed = program.put(&path).json_body(fields).json().await.is(200).value();
    assert_eq!(
        (&changed["message"], &changed["scheduled_at"]),
        (&json!("Boshqa"), &json!("2026-03-04T04:00:00Z"))
    );
    assert_eq!(
        program.put(&path).json_body(json!({ "message": "" })).json().await.invalid_fields(),
        ["message"]
    );
    let past = json!({ "scheduled_at": "2020-01-01T00:00" });
    assert_eq!(program.put(&path).json_body(past).json().await.invalid_fields(), ["scheduled_at"]);
    program.delete(&path).json().await.is(204);
    program.delete(&path).json().await.problem(404);
    let late = program.delete(format!("{messages}/{}/schedule", ids.message)).json().await.problem(409);
    assert_eq!(late["detail"], "The message is being sent, or has been sent.");

    let fields = json!({ "message": "Hozir", "preset": "tomorrow" });
    let made = program.post(&messages).json_body(fields).json().await.is(201).value();
    assert_eq!(made["scheduled_at"], "2026-03-03T04:00:00Z");
    let now = format!("{messages}/{}/send-now", made["id"]);
    program.post(&now).json().await.is(202);
    env.services.delivery.drain().await.unwrap();
    program.post(&now).json().await.problem(409);
    let listed = program.get("/crm/scheduled-messages").json().await.is(200).value();
    assert_eq!(listed["total"], 0);
}

async fn invalid_times_are_reported_beside_the_field(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", "+998901234567").await;
    let browser = env.sign_in(&company.agent).await;
    let messages = format!("/crm/chats/{}/messages", ids.chat);
    let before = env.raw().await.count("deliveries").await;
    for bad in
        ["2020-01-01T09:00", "2026-02-30T09:00", "tomorrow", "2031-01-01T09:00", "2026-13-01T00:00:00Z"]
    {
        let form = [("message", "Eslatma"), ("transport", "sms"), ("scheduled_at", bad)];
        let page = browser.post(&messages).form(form).html().await.is(422);
        assert!(page.text_of("#e-scheduled_at").len() > 5, "{bad}");
        assert_eq!(page.text_of("#message"), "Eslatma");
        assert!(page.has("#later[open]"));
        let program = env.api_client(&company.agent).await;
        let fields = json!({ "message": "Eslatma", "scheduled_at": bad });
        assert_eq!(program.post(&messages).json_body(fields).json().await.invalid_fields(), ["scheduled_at"]);
    }
    // A form sent by "Schedule" without a time is not sent at once.
    let form = [("message", "Eslatma"), ("scheduled_at", ""), ("later", "chosen")];
    browser.post(&messages).form(form).html().await.is(422);
    let form = [("message", "Eslatma"), ("preset", "someday")];
    browser.post(&messages).form(form).html().await.is(422);
    assert_eq!(env.raw().await.count("deliveries").await, before);
}

async fn scheduling_works_without_scripts(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", "+998901234567").await;
    let browser = env.sign_in(&company.agent).await;
    let (chat, messages) = (format!("/crm/chats/{}", ids.chat), format!("/crm/chats/{}/messages", ids.chat));
    let form = [("message", "Eslatma"), ("transport", "sms"), ("preset", "monday"), ("scheduled_at", "")];
    browser.post(&messages).form(form).html().await.is(303);
    let page = browser.get(&chat).html().await.is(200);
    assert_eq!(page.texts("#log article").len(), 2, "it is no part of the conversation yet");
    assert_eq!(page.text_of("#waiting .text"), "Eslatma");
    assert_eq!(page.text_of("#waiting time"), "9 March, 09:00");
    let edit = page.attribute("#waiting .actions a", "href").unwrap();
    let form = browser.get(&edit).html().await.is(200);
    assert_eq!(form.attribute("[name=scheduled_at]", "value").as_deref(), Some("2026-03-09T09:00"));
    let bad = [("_method", "PUT"), ("message", "Boshqa"), ("scheduled_at", "2020-01-01T09:00")];
    let page = browser.post(&edit).form(bad).html().await.is(422);
    assert!(page.has("#e-scheduled_at"));
    let good = [("_method", "PUT"), ("message", "Boshqa"), ("scheduled_at", "2026-03-10T10:00")];
    browser.post(&edit).form(good).html().await.is(303);
    let page = browser.get("/crm/scheduled-messages").html().await.is(200);
    assert_eq!(page.text_of("#scheduled-rows .text"), "Boshqa");
    let reader = env.sign_in(&company.read_only).await;
    let page = reader.get("/crm/scheduled-messages").html().await.is(200);
    assert!(page.has("#scheduled-rows .text") && !page.has("#scheduled-rows form"));
    browser.post(&edit).form([("_method", "DELETE")]).html().await.is(303);
    assert!(browser.get("/crm/scheduled-messages").html().await.is(200).has("#scheduled-empty"));
}
