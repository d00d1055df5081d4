//! Tests of suppression and of WhatsApp's service window: STOP suppresses an address, and WhatsApp accepts free text
//! for a day only.

use std::collections::BTreeMap;

use aloqa::{services::ChannelContext, simulator::Behaviour};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{
    Company, TestEnv,
    http::{TestResponse, Visitor},
    providers::{
        twilio::{TwilioAccount, account},
        webhook::{Form, INBOUND, STATUS, set, sms_form, status_form, whatsapp_form},
    },
};

on_both_engines! {
    a_stop_message_suppresses_the_sender_until_start,
    only_a_message_with_the_keyword_alone_is_a_stop,
    the_opt_out_type_of_twilio_overrides_the_text,
    pending_messages_to_a_suppressed_address_fail,
    a_twilio_opt_out_error_suppresses_the_address,
    an_old_opt_out_report_does_not_undo_start,
    a_suppression_applies_to_one_tenant,
    consent_outlives_the_channel,
    the_service_window_counts_down_and_closes,
    templates_are_offered_for_a_client_without_a_service_window,
    a_text_sent_after_the_service_window_fails_with_the_reason,
    a_whatsapp_template_is_sent_by_its_id,
    whatsapp_templates_are_stored_for_a_channel,
    an_invalid_whatsapp_template_is_refused,
    a_reply_quotes_the_message_that_it_answers,
    an_alphanumeric_sender_can_only_send,
    every_kind_of_signed_twilio_webhook_is_accepted,
}

const AZIZA: &str = "+998901234567";
const HX: &str = "HX0123456789abcdef0123456789abcdef";

struct Scenario {
    company: Company,
    channel: ChannelContext,
    /// The agent as an API client and in a browser.
    agent: Visitor,
    browser: Visitor,
}

async fn scenario(env: &TestEnv) -> Scenario {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let agent = env.api_client(&company.agent).await;
    let browser = env.sign_in(&company.agent).await;
    Scenario { company, channel, agent, browser }
}

impl Scenario {
    async fn receive(&self, form: &Form) {
        self.agent.post_twilio_webhook(&self.channel, INBOUND, form).await.is(200);
    }

    async fn sms(&self, sid: &str, body: &str) {
        self.receive(&sms_form(&self.channel, sid, AZIZA, body)).await;
    }

    async fn whatsapp(&self, sid: &str, body: &str) {
        self.receive(&whatsapp_form(&self.channel, sid, AZIZA, body, "Aziza")).await;
    }

    /// The path of the only chat.
    async fn chat(&self) -> String {
        let chats = self.agent.get("/crm/chats").json().await.is(200).value();
        assert_eq!(chats["total"], 1);
        format!("/crm/chats/{}", chats["items"][0]["id"])
    }

    async fn page(&self) -> TestResponse {
        self.browser.get(self.chat().await).html().await.is(200)
    }

    async fn send(&self, transport: &str, text: &str) -> TestResponse {
        let body = json!({ "message": text, "transport": transport });
        self.agent.post(format!("{}/messages", self.chat().await)).json_body(body).json().await
    }

    async fn last(&self) -> Value {
        let chat = self.agent.get(self.chat().await).json().await.is(200).value();
        chat["messages"].as_array().unwrap().last().unwrap().clone()
    }

    /// The transports that can be selected.
    async fn selectable_transports(&self) -> Vec<String> {
        self.page().await.attributes("#transport option:not([disabled])", "value")
    }

    async fn create_template(&self, env: &TestEnv, body: &str, defaults: &str) -> Value {
        let template = json!({
            "name": "Order", "content_sid": HX, "language": "uz", "body": body, "defaults": defaults,
        });
        let administrator = env.api_client(&self.company.administrator).await;
        let path = format!("/crm/settings/channels/{}/templates", self.channel.channel.id);
        administrator.post(path).json_body(template).json().await.is(201).value()
    }
}

async fn a_stop_message_suppresses_the_sender_until_start(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.sms("SM1", "Salom").await;
    assert_eq!(scenario.selectable_transports().await, ["sms", "whatsapp"]);
    scenario.sms("SM2", " Stop\n").await;
    assert_eq!(scenario.last().await["message"], "Stop", "it is a message like any other");
    assert_eq!(scenario.selectable_transports().await, ["whatsapp"], "each way is closed for itself");
    let page = scenario.page().await;
    assert_eq!(
        page.text_of("#closed-sms"),
        "SMS: the client has opted out with STOP. Only the client can opt in again, with START."
    );
    for (language, words) in [("ru", "отписался"), ("uz", "voz kechgan")] {
        let form = [("_method", "PUT"), ("locale", language), ("first_name", "Malika")];
        scenario.browser.post("/account").form(form).html().await.is(303);
        assert!(scenario.page().await.text_of("#closed-sms").contains(words), "{language}");
    }
    let refused = scenario.send("sms", "?").await;
    assert_eq!(refused.invalid_fields(), ["transport"]);
    assert!(refused.problem(422)["errors"]["transport"][0].as_str().unwrap().contains("STOP"));
    // A message for which no transport was chosen does not go by one that the client has not closed.
    let unchosen = json!({ "message": "And so?" });
    let path = format!("{}/messages", scenario.chat().await);
    let refused = scenario.agent.post(path).json_body(unchosen).json().await;
    assert!(refused.problem(422)["errors"]["transport"][0].as_str().unwrap().contains("STOP"));

    scenario.sms("SM3", "START").await;
    assert_eq!(scenario.selectable_transports().await, ["sms", "whatsapp"]);
    // Twilio posts the earlier STOP again.
    scenario.sms("SM2", " Stop\n").await;
    assert_eq!(scenario.selectable_transports().await, ["sms", "whatsapp"], "a repeat is none");
    scenario.send("sms", "Salom!").await.is(201);

    let told = scenario.company.read().await.events().after(aloqa::domain::EventId(0), 100).await.unwrap().0;
    let changes =
        told.iter().filter(|r| matches!(r.event, aloqa::domain::Event::ReachChanged { .. })).count();
    assert_eq!(changes, 2, "an open page hears of each change once");
}

async fn only_a_message_with_the_keyword_alone_is_a_stop(env: TestEnv) {
    let scenario = scenario(&env).await;
    for (number, text) in ["please stop", "STOP!", "Стоп", "YES"].into_iter().enumerate() {
        scenario.sms(&format!("SM{number}"), text).await;
        assert_eq!(scenario.selectable_transports().await, ["sms", "whatsapp"], "{text}");
    }
    for (number, word) in ["STOP", "stopall", "Unsubscribe", "CANCEL", "end", "Quit", "REVOKE", "OptOut"]
        .into_iter()
        .enumerate()
    {
        scenario.sms(&format!("SM1{number}"), word).await;
        assert_eq!(scenario.selectable_transports().await, ["whatsapp"], "{word}");
        scenario.sms(&format!("SM2{number}"), ["START", "yes", "UNSTOP"][number % 3]).await;
        assert_eq!(scenario.selectable_transports().await, ["sms", "whatsapp"], "{word}");
    }
    // WhatsApp has no such keywords.
    scenario.whatsapp("SM30", "STOP").await;
    assert_eq!(scenario.selectable_transports().await, ["whatsapp", "sms"]);
}

async fn the_opt_out_type_of_twilio_overrides_the_text(env: TestEnv) {
    let scenario = scenario(&env).await;
    let says = async |mut form: Form, kind: &str| {
        set(&mut form, "OptOutType", kind);
        scenario.receive(&form).await;
    };
    let whatsapp = |sid: &str| whatsapp_form(&scenario.channel, sid, AZIZA, "Endi yozmang", "Aziza");
    let sms = |sid: &str, text: &str| sms_form(&scenario.channel, sid, AZIZA, text);
    says(whatsapp("SM1"), "STOP").await;
    assert_eq!(scenario.selectable_transports().await, ["sms"]);
    assert!(
        scenario.page().await.text_of("#closed-whatsapp").starts_with("WhatsApp: the client has opted out")
    );
    says(whatsapp("SM2"), "START").await;
    assert_eq!(scenario.selectable_transports().await, ["whatsapp", "sms"]);
    says(sms("SM3", "To‘xtat"), "stop").await;
    assert_eq!(scenario.selectable_transports().await, ["whatsapp"]);
    says(sms("SM4", "START"), "HELP").await;
    assert_eq!(scenario.selectable_transports().await, ["whatsapp"], "what Twilio says counts, not the word");
    says(sms("SM5", "Davom"), "START").await;
    assert_eq!(scenario.selectable_transports().await, ["sms", "whatsapp"]);
}

async fn pending_messages_to_a_suppressed_address_fail(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.sms("SM1", "Salom").await;
    let queued = scenario.send("sms", "Javob").await.is(201).value();
    let chat = scenario.chat().await;
    let later = json!({ "message": "Ertaga", "transport": "sms", "scheduled_at": "2026-03-03T09:00" });
    let later = scenario.agent.post(format!("{chat}/messages")).json_body(later).json().await.is(201).value();
    scenario.sms("SM2", "STOP").await;
    env.services.delivery.drain().await.unwrap();
    env.advance_clock(TimeDelta::days(2));
    env.services.delivery.drain().await.unwrap();
    assert!(env.simulator.requests().is_empty(), "Twilio was not even asked");
    let messages = scenario.agent.get(format!("{chat}/messages")).json().await.is(200).value();
    for sent in [&queued, &later] {
        let now = messages["items"].as_array().unwrap().iter().find(|m| m["id"] == sent["id"]).unwrap();
        assert_eq!((now["status"].as_str(), now["error_code"].as_str()), (Some("failed"), Some("21610")));
        assert!(now["error_message"].as_str().unwrap().contains("STOP"));
    }
    let retry = format!("{chat}/messages/{}/retry", queued["id"]);
    assert_eq!(scenario.agent.post(&retry).json().await.invalid_fields(), ["transport"]);
    scenario.sms("SM3", "START").await;
    scenario.agent.post(&retry).json().await.is(202);
    env.services.delivery.drain().await.unwrap();
    assert_eq!(env.simulator.requests().len(), 1);
}

async fn a_twilio_opt_out_error_suppresses_the_address(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.sms("SM1", "Salom").await;
    env.simulator.opt_out(AZIZA);
    scenario.send("sms", "Javob").await.is(201);
    env.services.delivery.drain().await.unwrap();
    let failed = scenario.last().await;
    assert_eq!((failed["status"].as_str(), failed["error_code"].as_str()), (Some("failed"), Some("21610")));
    assert_eq!(scenario.selectable_transports().await, ["whatsapp"]);
    scenario.sms("SM2", "UNSTOP").await;
    assert_eq!(scenario.selectable_transports().await, ["sms", "whatsapp"]);

    // Twilio may also report the error afterwards.
    env.simulator.opt_in(AZIZA);
    env.advance_clock(TimeDelta::seconds(1));
    env.simulator.next(Behaviour::AcceptSilently);
    scenario.send("sms", "Yana").await.is(201);
    env.services.delivery.drain().await.unwrap();
    let sid = env.simulator.requests().last().unwrap().message_sid.clone();
    let mut report = status_form(&scenario.channel, &sid, "failed");
    set(&mut report, "ErrorCode", "21610");
    scenario.agent.post_twilio_webhook(&scenario.channel, STATUS, &report).await.is(204);
    scenario.agent.post_twilio_webhook(&scenario.channel, STATUS, &report).await.is(204);
    assert_eq!(scenario.selectable_transports().await, ["whatsapp"]);
}

async fn an_old_opt_out_report_does_not_undo_start(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.sms("SM1", "STOP").await;
    scenario.sms("SM2", "START").await;
    env.advance_clock(TimeDelta::seconds(1));
    env.simulator.next(Behaviour::AcceptSilently);
    scenario.send("sms", "Salom").await.is(201);
    env.services.delivery.drain().await.unwrap();
    env.advance_clock(TimeDelta::seconds(1));
    scenario.sms("SM3", "STOP").await;
    scenario.sms("SM4", "START").await;
    let sid = env.simulator.requests().last().unwrap().message_sid.clone();
    let mut report = status_form(&scenario.channel, &sid, "undelivered");
    set(&mut report, "ErrorCode", "21610");
    scenario.agent.post_twilio_webhook(&scenario.channel, STATUS, &report).await.is(204);
    let chat = scenario.agent.get(scenario.chat().await).json().await.is(200).value();
    let failed = chat["messages"].as_array().unwrap().iter().find(|m| m["direction"] == "outbound").unwrap();
    assert_eq!((failed["status"].as_str(), failed["error_code"].as_str()), (Some("failed"), Some("21610")));
    assert_eq!(scenario.selectable_transports().await, ["sms", "whatsapp"]);
}

async fn a_suppression_applies_to_one_tenant(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.sms("SM1", "STOP").await;
    let other = env.company("bukhara").await;
    let channel = env.connect(&other).await;
    let program = env.api_client(&other.agent).await;
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let chat = &program.get("/crm/chats").json().await.value()["items"][0]["id"];
    let body = json!({ "message": "Alik", "transport": "sms" });
    program.post(format!("/crm/chats/{chat}/messages")).json_body(body).json().await.is(201);
    assert_eq!(scenario.selectable_transports().await, ["whatsapp"]);
}

async fn consent_outlives_the_channel(env: TestEnv) {
    let mut scenario = scenario(&env).await;
    let program = env.api_client(&scenario.company.administrator).await;
    let seed = u32::try_from(scenario.company.id().0).unwrap();
    let service = Some("MG00000000000000000000000000000001".to_owned());
    let pool = TwilioAccount { messaging_service_sid: service.clone(), ..account(seed) };
    let service_alone = TwilioAccount { sms_number: None, messaging_service_sid: service, ..account(seed) };
    // By the command line, by the page, and with one of two senders only.
    for (number, (again, by_page)) in
        [(account(seed), false), (pool, true), (service_alone, false)].into_iter().enumerate()
    {
        scenario.sms(&format!("SM{number}"), "STOP").await;
        let removed = format!("/crm/settings/channels/{}", scenario.channel.channel.id);
        program.delete(removed).json().await.is(204);
        let id = if by_page {
            let body = json!({
                "account_sid": again.account_sid, "auth_token": format!("auth-token-{seed}"),
                "sms_number": again.sms_number, "whatsapp_number": again.whatsapp_number,
                "messaging_service_sid": again.messaging_service_sid,
            });
            let added = program.post("/crm/settings/channels").json_body(body).json().await.is(201).value();
            aloqa::domain::ChannelId(added["id"].as_str().unwrap().parse().unwrap())
        } else {
            env.add_account(&scenario.company, &again).await.unwrap()
        };
        scenario.channel.channel =
            scenario.company.read().await.channels().get(id).await.unwrap().unwrap().channel;
        assert_eq!(scenario.selectable_transports().await, ["whatsapp"], "{again:?}");
        assert_eq!(scenario.send("sms", "?").await.invalid_fields(), ["transport"], "{again:?}");
        if again.sms_number.is_some() {
            scenario.sms(&format!("SM1{number}"), "START").await;
            assert_eq!(scenario.selectable_transports().await, ["sms", "whatsapp"], "{again:?}");
        }
    }
}

async fn the_service_window_counts_down_and_closes(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.whatsapp("SM1", "Salom").await;
    env.advance_clock(TimeDelta::hours(18) + TimeDelta::minutes(48));
    let page = scenario.page().await;
    assert_eq!(page.attribute("#by-whatsapp", "data-window").as_deref(), Some("open"));
    assert_eq!(page.text_of("#window-says"), "You can reply freely for another 5 h 12 min.");
    assert_eq!(page.attribute("#window", "data-until").as_deref(), Some("2026-03-03T09:00:00.123456+00:00"));
    assert!(!page.has("#approved") && !page.has("#approved-none"));
    scenario.send("whatsapp", "Alik").await.is(201);

    // An outbound message does not extend the window, and an SMS does not either.
    env.advance_clock(TimeDelta::hours(5) + TimeDelta::minutes(12));
    scenario.sms("SM2", "Salom?").await;
    scenario.create_template(&env, "Salom, {{1}}! Buyurtmangiz tayyor.", "{{client.first_name}}").await;
    let page = scenario.page().await;
    assert_eq!(page.attribute("#by-whatsapp", "data-window").as_deref(), Some("closed"));
    assert!(page.text_of("#window-says").contains("more than 24 hours ago"));
    assert_eq!(page.text_of("#approved a span"), "Salom, Aziza! Buyurtmangiz tayyor.");
    assert!(page.attribute("#window", "data-until").is_none());
    let refused = scenario.send("whatsapp", "Alik").await;
    assert_eq!(refused.invalid_fields(), ["transport"]);
    scenario.send("sms", "Alik").await.is(201);
    let form = [("message", "Yozganim"), ("transport", "whatsapp")];
    let came_back =
        scenario.browser.post(format!("{}/messages", scenario.chat().await)).form(form).html().await.is(422);
    assert!(came_back.text_of("#composer-error").contains("approved template"));
    assert_eq!(came_back.text_of("#message"), "Yozganim");

    scenario.whatsapp("SM3", "Men shu yerdaman").await;
    let page = scenario.page().await;
    assert_eq!(page.text_of("#window-says"), "You can reply freely for another 24 h 0 min.");
    assert_eq!(
        page.attribute("#approved-all", "href"),
        Some(format!("{}/approved-templates", scenario.chat().await))
    );
    scenario.send("whatsapp", "Alik").await.is(201);
}

async fn templates_are_offered_for_a_client_without_a_service_window(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.sms("SM1", "Salom").await;
    let page = scenario.page().await;
    assert_eq!(page.attribute("#by-whatsapp", "data-window").as_deref(), Some("unopened"));
    assert!(page.text_of("#window-says").contains("has not written by WhatsApp yet"));
    assert!(page.has("#approved-none") && !page.has("#approved-none a"), "an agent can't add any");
    let refused = scenario.send("whatsapp", "Salom").await;
    assert_eq!(refused.invalid_fields(), ["transport"]);

    let browser = env.sign_in(&scenario.company.administrator).await;
    let page = browser.get(scenario.chat().await).html().await.is(200);
    assert_eq!(page.attribute("#approved-none a", "href").as_deref(), Some("/crm/settings/channels"));
    // The tenant has no WhatsApp template, so the chat offers none.
    assert!(
        scenario
            .agent
            .get(format!("{}/approved-templates", scenario.chat().await))
            .json()
            .await
            .is(200)
            .value()["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

async fn a_text_sent_after_the_service_window_fails_with_the_reason(env: TestEnv) {
    let scenario = scenario(&env).await;
    env.serve_on_callback_address();
    scenario.whatsapp("SM1", "Salom").await;
    scenario.send("whatsapp", "Javob").await.is(201);
    env.simulator.close_window(AZIZA);
    env.services.delivery.drain().await.unwrap();
    crate::support::world::until(async || scenario.last().await["status"] == "failed").await;
    let failed = scenario.last().await;
    assert_eq!(failed["error_code"], "63016");
    assert!(failed["error_message"].as_str().unwrap().contains("24 hours"));
    env.advance_clock(TimeDelta::hours(25));
    let retry = format!("{}/messages/{}/retry", scenario.chat().await, failed["id"]);
    assert_eq!(
        scenario.agent.post(&retry).json().await.invalid_fields(),
        ["transport"],
        "it would fail again"
    );
    env.simulator.open_window(AZIZA);
    scenario.whatsapp("SM2", "Ha?").await;
    scenario.agent.post(&retry).json().await.is(202);
}

async fn a_whatsapp_template_is_sent_by_its_id(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.whatsapp("SM1", "Salom").await;
    env.advance_clock(TimeDelta::hours(30));
    scenario.create_template(&env, "Salom, {{1}}! {{2}} kuni kuting. {{1}}", "{{client.first_name}}").await;
    env.simulator.close_window(AZIZA);

    let page = scenario.page().await;
    let path = page.attribute("#approved a", "href").unwrap();
    let form = scenario.browser.get(&path).html().await.is(200);
    assert_eq!(form.attribute("[name=variable_1]", "value").as_deref(), Some("Aziza"));
    assert_eq!(form.attribute("[name=variable_2]", "value").as_deref(), Some(""));
    assert_eq!(form.text_of("#approved-preview"), "Salom, Aziza! {{2}} kuni kuting. Aziza");
    let key = form.attribute("[name=idempotency_key]", "value").unwrap();
    let fields = |second: &str| {
        [
            ("variable_1", "Aziza opa".to_owned()),
            ("variable_2", second.to_owned()),
            ("idempotency_key", key.clone()),
        ]
    };
    let refused = scenario.browser.post(&path).form(fields(" ")).html().await.is(422);
    assert!(refused.has("#e-variable_2"));
    assert_eq!(refused.attribute("[name=variable_1]", "value").as_deref(), Some("Aziza opa"));
    for _ in 0..2 {
        let sent = scenario.browser.post(&path).form(fields("Juma \"{{1}}\"")).html().await.is(303);
        assert_eq!(sent.location(), scenario.chat().await);
    }
    env.services.delivery.drain().await.unwrap();
    let requests = env.simulator.requests();
    assert_eq!(requests.len(), 1, "two presses are one message");
    assert_eq!(requests[0].value("ContentSid"), Some(HX));
    let variables: Value = serde_json::from_str(requests[0].value("ContentVariables").unwrap()).unwrap();
    assert_eq!(variables, json!({ "1": "Aziza opa", "2": "Juma \"{{1}}\"" }));
    assert_eq!((requests[0].value("Body"), requests[0].value("To")), (None, Some("whatsapp:+998901234567")));
    let last = scenario.last().await;
    assert_eq!(last["message"], "Salom, Aziza opa! Juma \"{{1}}\" kuni kuting. Aziza opa");
    assert_eq!(last["status"], "sent", "a window does not matter to it");
    assert!(scenario.page().await.text().contains("approved template"));

    // An API client sends fewer variables, which are filled in; the same request again sends nothing new.
    let listed = scenario
        .agent
        .get(format!("{}/approved-templates", scenario.chat().await))
        .json()
        .await
        .is(200)
        .value();
    assert_eq!(listed["items"][0]["values"], json!(["Aziza", ""]));
    let send = || {
        scenario
            .agent
            .post(&path)
            .header("idempotency-key", "k")
            .json_body(json!({ "variable_2": "Juma" }))
            .json()
    };
    let (first, second) = (send().await.is(201).value(), send().await.is(201).value());
    assert_eq!(first["id"], second["id"]);
    assert_eq!(
        (first["transport"].as_str(), first["message"].as_str()),
        (Some("whatsapp"), Some("Salom, Aziza! Juma kuni kuting. Aziza"))
    );
    let wrong = scenario
        .agent
        .post(&path)
        .json_body(json!({ "variable_1": "a\nb", "variable_2": ["x"] }))
        .json()
        .await;
    assert_eq!(wrong.invalid_fields(), ["variable_1", "variable_2"]);

    // It fails, and the retry sends the same values.
    env.simulator.next(Behaviour::Answer { status: 503, headers: vec![], body: String::new() });
    env.services.delivery.drain().await.unwrap();
    env.advance_clock(TimeDelta::minutes(2));
    env.services.delivery.drain().await.unwrap();
    assert_eq!(env.simulator.requests().last().unwrap().value("ContentSid"), Some(HX));

    // A client who has opted out gets no template.
    let mut stop = whatsapp_form(&scenario.channel, "SM9", AZIZA, "Stop", "Aziza");
    set(&mut stop, "OptOutType", "STOP");
    scenario.receive(&stop).await;
    scenario.agent.post(&path).json_body(json!({ "variable_2": "Juma" })).json().await.problem(404);
}

async fn whatsapp_templates_are_stored_for_a_channel(env: TestEnv) {
    let scenario = scenario(&env).await;
    let browser = env.sign_in(&scenario.company.administrator).await;
    let settings = format!("/crm/settings/channels/{}", scenario.channel.channel.id);
    let page = browser.get(&settings).html().await.is(200);
    let new = page.attribute("#templates a.button", "href").unwrap();
    assert!(browser.get(&new).html().await.is(200).has("[name=content_sid]"));
    let fields = [
        ("name", "Order"),
        ("content_sid", HX),
        ("language", "uz"),
        ("body", "Salom, {{1}}!"),
        ("defaults", "{{client.first_name}}"),
    ];
    let made = browser.post(format!("{settings}/templates")).form(fields).html().await.is(303);
    assert_eq!(made.location(), format!("{settings}#templates"));
    let page = browser.get(&settings).html().await.is(200);
    assert_eq!(page.text_of("#templates .approved-list span"), "Salom, {{1}}!");
    let path = page.attribute("#templates .approved-list a", "href").unwrap();
    let form = browser.get(&path).html().await.is(200);
    assert_eq!(form.text_of("#f-defaults"), "{{client.first_name}}");

    let again = browser.post(format!("{settings}/templates")).form(fields).html().await.is(422);
    assert!(again.text_of("#e-content_sid").contains("already") || again.has("#e-content_sid"));
    assert_eq!(again.attribute("#f-name", "value").as_deref(), Some("Order"));
    let program = env.api_client(&scenario.company.administrator).await;
    let changed =
        program.put(&path).json_body(json!({ "body": "Xayr, {{1}} va {{2}}!" })).json().await.is(200).value();
    assert_eq!((&changed["name"], &changed["body"]), (&json!("Order"), &json!("Xayr, {{1}} va {{2}}!")));
    // With fewer variables, the stored default values are too many.
    let fewer = program.put(&path).json_body(json!({ "body": "Xayr!" })).json().await;
    assert_eq!(fewer.invalid_fields(), ["defaults"]);
    program.put(&path).json_body(json!({ "body": "Xayr!", "defaults": null })).json().await.is(200);
    let listed = program.get(format!("{settings}/templates")).json().await.is(200).value();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    browser.post(&path).form([("_method", "DELETE")]).html().await.is(303);
    program.get(&path).json().await.problem(404);
    program.delete(&path).json().await.problem(404);
    assert!(!browser.get(&settings).html().await.has("#templates .approved-list"));

    // A channel of another tenant may have a template with the same id.
    let other = env.company("bukhara").await;
    let theirs = env.connect(&other).await;
    let their = env.api_client(&other.administrator).await;
    let path = format!("/crm/settings/channels/{}/templates", theirs.channel.id);
    let body = json!({ "name": "Order", "content_sid": HX, "language": "uz", "body": "Salom!" });
    their.post(&path).json_body(body.clone()).json().await.is(201);
    program.post(&path).json_body(body).json().await.problem(404);
}

async fn an_invalid_whatsapp_template_is_refused(env: TestEnv) {
    let scenario = scenario(&env).await;
    let program = env.api_client(&scenario.company.administrator).await;
    let path = format!("/crm/settings/channels/{}/templates", scenario.channel.channel.id);
    let good = json!({ "name": "Order", "content_sid": HX, "language": "uz", "body": "Salom, {{1}}!" });
    let long = "я".repeat(1_025);
    for (field, value) in [
        ("name", json!("")),
        ("content_sid", json!("HX1")),
        ("content_sid", json!("HXzzzz56789abcdef0123456789abcdef0")),
        ("content_sid", json!("MG0123456789abcdef0123456789abcdef")),
        ("language", json!("o‘zbek")),
        ("language", json!(null)),
        ("body", json!("{{2}}")),
        ("body", json!("{{client.first_name}}")),
        ("body", json!(long)),
        ("body", json!(["x"])),
        ("defaults", json!("a\nb")),
        ("defaults", json!("{{client.pin}}")),
        ("defaults", json!({ "1": "x" })),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let refused = program.post(&path).json_body(body).json().await;
        assert_eq!(refused.invalid_fields(), [field]);
    }
    let nothing = program.post(&path).json_body(json!({})).json().await;
    assert_eq!(nothing.invalid_fields(), ["body", "content_sid", "language", "name"]);
    assert_eq!(env.raw().await.count("whatsapp_templates").await, 0);
    program.get(format!("{path}/999")).json().await.problem(404);
    program.get(format!("{path}/x")).json().await.problem(404);
}

async fn a_reply_quotes_the_message_that_it_answers(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.whatsapp("SM1", "Salom").await;
    env.simulator.next(Behaviour::AcceptSilently);
    scenario.send("whatsapp", "Juma kuni <b>kelasizmi</b>?").await.is(201);
    env.services.delivery.drain().await.unwrap();
    let sid = env.simulator.requests()[0].message_sid.clone();
    let asked = scenario.last().await;
    let mut reply = whatsapp_form(&scenario.channel, "SM2", AZIZA, "", "Aziza");
    for (name, value) in [
        ("OriginalRepliedMessageSid", sid.as_str()),
        ("ButtonText", "Ha, kelaman"),
        ("ButtonPayload", "yes-17"),
    ] {
        set(&mut reply, name, value);
    }
    scenario.receive(&reply).await;
    assert_eq!(scenario.last().await["message"], "Ha, kelaman");
    let page = scenario.page().await;
    assert_eq!(page.text_of(".quote"), "Juma kuni <b>kelasizmi</b>?");
    let place = format!("{}?message={1}#m{1}", scenario.chat().await, asked["id"]);
    assert_eq!(page.attribute(".quote", "href"), Some(place));

    // A message that does not exist, or is in another chat, is not quoted.
    let long = "S".repeat(300);
    for (number, of) in ["SMffffffffffffffffffffffffffffffff", long.as_str(), ""].into_iter().enumerate() {
        let mut reply = whatsapp_form(&scenario.channel, &format!("SM3{number}"), AZIZA, "Ha", "Aziza");
        set(&mut reply, "OriginalRepliedMessageSid", of);
        scenario.receive(&reply).await;
    }
    let mut other = whatsapp_form(&scenario.channel, "SM4", "+998935550127", "Ha", "Botir");
    set(&mut other, "OriginalRepliedMessageSid", &sid);
    scenario.receive(&other).await;
    let chats = scenario.agent.get("/crm/chats").json().await.is(200).value();
    for chat in chats["items"].as_array().unwrap() {
        let page = scenario.browser.get(format!("/crm/chats/{}", chat["id"])).html().await.is(200);
        assert!(page.texts(".quote").len() <= 1);
    }
}

async fn an_alphanumeric_sender_can_only_send(env: TestEnv) {
    let company = env.company("samarkand").await;
    let named = TwilioAccount { sms_number: Some("Aloqa 24".into()), whatsapp_number: None, ..account(1) };
    env.connect_account(&company, named).await;
    let agent = env.api_client(&company.agent).await;
    let client = json!({ "first_name": "Aziza", "phone": AZIZA });
    let client = agent.post("/crm/clients").json_body(client).json().await.is(201).value();
    let chat =
        agent.post("/crm/chats").json_body(json!({ "client_id": client["id"] })).json().await.is(201).value();
    let body = json!({ "message": "Kodingiz: 4711", "transport": "sms" });
    agent.post(format!("/crm/chats/{}/messages", chat["id"])).json_body(body).json().await.is(201);
    env.services.delivery.drain().await.unwrap();
    assert_eq!(env.simulator.requests()[0].value("From"), Some("Aloqa 24"));
    let page =
        env.sign_in(&company.agent).await.get(format!("/crm/chats/{}", chat["id"])).html().await.is(200);
    assert!(!page.has("#window"), "there is no WhatsApp");
    assert_eq!(page.attributes("#transport option:not([disabled])", "value"), ["sms"]);
}

async fn every_kind_of_signed_twilio_webhook_is_accepted(env: TestEnv) {
    let company = env.company("samarkand").await;
    let account = TwilioAccount {
        account_sid: "AC00000000000000000000000000000001".into(),
        auth_token: "12345".into(),
        sms_number: Some("+998712000000".into()),
        messaging_service_sid: Some("MG00000000000000000000000000000001".into()),
        whatsapp_number: Some("+998712000001".into()),
    };
    env.connect_account(&company, account).await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/twilio/");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}{name}")).unwrap();
    let forms: BTreeMap<String, String> = serde_json::from_str(&read("forms.json")).unwrap();
    let twilio = env.anonymous_visitor();
    let (mut files, mut inbound) = (0, 0);
    for (name, signature) in &forms {
        let form: Form = form_urlencoded::parse(read(&format!("{name}.form")).trim_end().as_bytes())
            .into_owned()
            .collect();
        let (path, status) = if name.starts_with("status-") { (STATUS, 204) } else { (INBOUND, 200) };
        for _ in 0..2 {
            let request = twilio.post(path).form(form.clone()).header("x-twilio-signature", signature);
            request.send().await.is(status);
        }
        if status == 200 {
            inbound += 1;
            let number = form.iter().find(|(name, _)| name == "NumMedia").unwrap();
            files += number.1.parse::<i64>().unwrap();
        }
        let mut changed = form;
        changed.push(("Extra".into(), "1".into()));
        twilio.post(path).form(changed).header("x-twilio-signature", signature).send().await.is(403);
    }
    assert!(inbound >= 20 && forms.len() - inbound >= 10, "{forms:?}");
    let mut raw = env.raw().await;
    assert_eq!(raw.count("messages").await, i64::try_from(inbound).unwrap());
    assert_eq!(raw.count("attachments").await, files);
    let on_disk = std::fs::read_dir(folder).unwrap().filter_map(Result::ok);
    let on_disk = on_disk.filter(|file| file.path().extension().is_some_and(|end| end == "form")).count();
    assert_eq!(on_disk, forms.len(), "each form has been signed");
}
