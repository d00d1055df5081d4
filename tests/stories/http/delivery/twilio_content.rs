//! Tests of what comes and goes by Twilio besides texts: limits of length, names of files, and advertisements.

use aloqa::services::ChannelContext;
use serde_json::{Value, json};

use crate::support::{
    Company, TestEnv,
    http::Visitor,
    providers::webhook::{Form, INBOUND, set, sms_form, whatsapp_form},
};

on_both_engines! {
    a_text_that_is_too_long_is_refused_before_it_is_sent,
    files_without_a_name_get_an_ending,
    a_message_through_an_advertisement_names_it,
}

const AZIZA: &str = "+998901234567";

struct Scenario {
    company: Company,
    channel: ChannelContext,
    agent: Visitor,
}

async fn scenario(env: &TestEnv) -> Scenario {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let agent = env.api_client(&company.agent).await;
    Scenario { company, channel, agent }
}

impl Scenario {
    async fn receive(&self, form: &Form) {
        self.agent.post_twilio_webhook(&self.channel, INBOUND, form).await.is(200);
    }

    async fn path(&self) -> String {
        let chats = self.agent.get("/crm/chats").json().await.is(200).value();
        format!("/crm/chats/{}", chats["items"][0]["id"])
    }

    async fn last(&self) -> Value {
        let chat = self.agent.get(self.path().await).json().await.is(200).value();
        chat["messages"].as_array().unwrap().last().unwrap().clone()
    }
}

async fn a_text_that_is_too_long_is_refused_before_it_is_sent(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.receive(&sms_form(&scenario.channel, "SM1", AZIZA, "Salom")).await;
    scenario.receive(&whatsapp_form(&scenario.channel, "SM2", AZIZA, "Salom", "Aziza")).await;
    let path = format!("{}/messages", scenario.path().await);
    let send = |text: String, transport: &str| {
        let body = json!({ "message": text, "transport": transport });
        scenario.agent.post(path.as_str()).json_body(body).json()
    };
    for transport in ["sms", "whatsapp"] {
        send("a".repeat(1_600), transport).await.is(201);
        let refused = send("a".repeat(1_601), transport).await;
        assert_eq!(refused.invalid_fields(), ["message"]);
        assert!(refused.text().contains("1,600 characters"), "{}", refused.text());
        // A character beyond the basic plane counts twice.
        assert_eq!(send("😀".repeat(801), transport).await.invalid_fields(), ["message"]);
    }
    let later = json!({ "message": "Ertaga", "transport": "sms", "scheduled_at": "2026-03-03T09:00:00Z" });
    let later = scenario.agent.post(path.as_str()).json_body(later).json().await.is(201).value();
    let schedule = format!("{path}/{}/schedule", later["id"]);
    let longer =
        |length| scenario.agent.put(&schedule).json_body(json!({ "message": "a".repeat(length) })).json();
    assert_eq!(longer(1_601).await.invalid_fields(), ["message"], "a scheduled text that is changed");
    longer(1_600).await.is(200);
    let browser = env.sign_in(&scenario.company.agent).await;
    let form = [("message", "a".repeat(1_601)), ("transport", "sms".to_owned())];
    let page = browser.post(path.as_str()).form(form).html().await.is(422);
    assert!(page.text_of("#composer-error").contains("SMS carries at most"));
    assert_eq!(page.text_of("#message").len(), 1_601, "the text is kept");
}

async fn files_without_a_name_get_an_ending(env: TestEnv) {
    let scenario = scenario(&env).await;
    let types = [
        ("audio/ogg; codecs=opus", "audio-1.ogg"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "file-1.docx"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "file-1.xlsx"),
        ("audio/mpeg", "audio-1.mp3"),
        ("video/3gpp", "video-1.3gp"),
        ("text/vcard", "file-1.vcf"),
        ("text/x-vcard", "file-1.vcf"),
        ("image/jpeg", "image-1.jpeg"),
        ("application/x-unknown", "file-1"),
        ("nonsense", "file-1"),
    ];
    for (index, (content_type, name)) in types.into_iter().enumerate() {
        let mut form = whatsapp_form(&scenario.channel, &format!("SM{index}"), AZIZA, "", "Aziza");
        set(&mut form, "NumMedia", "1");
        set(&mut form, "MediaUrl0", "https://api.twilio.com/media/1");
        set(&mut form, "MediaContentType0", content_type);
        scenario.receive(&form).await;
        assert_eq!(scenario.last().await["attachments"][0]["name"], name, "{content_type}");
    }
}

async fn a_message_through_an_advertisement_names_it(env: TestEnv) {
    let scenario = scenario(&env).await;
    let mut form = whatsapp_form(&scenario.channel, "SM1", AZIZA, "Salom", "Aziza");
    set(&mut form, "ReferralHeadline", "Chegirma <20%>");
    set(&mut form, "ReferralBody", "Faqat bugun");
    set(&mut form, "ReferralSourceUrl", "https://fb.me/1");
    scenario.receive(&form).await;
    scenario.receive(&whatsapp_form(&scenario.channel, "SM2", AZIZA, "Yana", "Aziza")).await;
    let browser = env.sign_in(&scenario.company.agent).await;
    let page = browser.get(scenario.path().await).html().await.is(200);
    assert_eq!(page.texts(".origin"), ["From the advertisement: Chegirma <20%>"]);
}
