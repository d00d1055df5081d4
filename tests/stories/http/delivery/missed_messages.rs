//! Tests of messages that no webhook has brought: they are fetched from the provider's list, and stored once.

use aloqa::services::ChannelContext;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::{
    Company, TestEnv,
    http::Visitor,
    providers::webhook::{INBOUND, sms_form},
};

on_both_engines! {
    messages_of_an_outage_are_fetched_once,
    all_channels_are_filled_at_the_start,
    a_provider_that_does_not_answer_changes_nothing,
    missed_messages_belong_to_the_channel_and_the_tenant,
}

const AZIZA: &str = "+998901234567";

struct Scenario {
    company: Company,
    channel: ChannelContext,
    administrator: Visitor,
}

async fn scenario(env: &TestEnv) -> Scenario {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let administrator = env.api_client(&company.administrator).await;
    Scenario { company, channel, administrator }
}

impl Scenario {
    fn list_path(&self) -> String {
        format!("/2010-04-01/Accounts/{}/Messages.json", self.channel.channel.account)
    }

    fn entry(&self, sid: &str, kind: &str, body: &str, sent: DateTime<Utc>) -> Value {
        let own = self.channel.channel.address(&format!("{kind}_number")).unwrap();
        let prefix = if kind == "whatsapp" { "whatsapp:" } else { "" };
        json!({
            "sid": sid, "direction": "inbound", "from": format!("{prefix}{AZIZA}"), "to": format!("{prefix}{own}"),
            "body": body, "num_media": "0", "date_sent": sent.to_rfc2822(), "status": "received",
        })
    }

    async fn fetch(&self) -> Value {
        let path = format!("/crm/settings/channels/{}/missed", self.channel.channel.id);
        self.administrator.post(path).json().await.is(200).value()
    }

    async fn texts(&self) -> Vec<String> {
        let chats = self.administrator.get("/crm/chats").json().await.is(200).value();
        let Some(id) = chats["items"][0]["id"].as_i64() else { return Vec::new() };
        let chat = self.administrator.get(format!("/crm/chats/{id}")).json().await.is(200).value();
        let messages = chat["messages"].as_array().unwrap();
        messages.iter().map(|m| m["message"].as_str().unwrap().to_owned()).collect()
    }

    async fn show(&self) -> Value {
        let path = format!("/crm/settings/channels/{}", self.channel.channel.id);
        self.administrator.get(path).json().await.is(200).value()
    }
}

async fn messages_of_an_outage_are_fetched_once(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.administrator.receive_sms(&scenario.channel, "SM1", AZIZA, "Birinchi").await;
    let sent = env.clock.now() + TimeDelta::minutes(10);
    let mut file = scenario.entry("SM4", "whatsapp", "", sent + TimeDelta::minutes(2));
    file["num_media"] = json!("1");
    let mut own = scenario.entry("SM9", "sms", "Bizniki", sent);
    own["direction"] = json!("outbound-api");
    let listed = json!({
        "messages": [
            file,
            scenario.entry("SM3", "whatsapp", "Uchinchi", sent + TimeDelta::minutes(1)),
            scenario.entry("SM2", "sms", "Ikkinchi", sent),
            scenario.entry("SM1", "sms", "Birinchi", env.clock.now()),
            own,
        ],
        "next_page_uri": null,
    });
    env.simulator.answer(&scenario.list_path(), 200, &listed.to_string());
    let media = scenario.list_path().replace("Messages.json", "Messages/SM4/Media.json");
    let files = json!({ "media_list": [{ "sid": "ME1", "content_type": "image/png" }] });
    env.simulator.answer(&media, 200, &files.to_string());
    env.advance_clock(TimeDelta::hours(3));

    let first = scenario.fetch().await;
    assert_eq!(first["stored"], 3);
    assert_eq!(scenario.texts().await, ["Birinchi", "Ikkinchi", "Uchinchi", ""]);
    assert_eq!(scenario.fetch().await["stored"], 0, "they are known now");
    // A webhook that comes after all is known, too.
    let late = sms_form(&scenario.channel, "SM2", AZIZA, "Ikkinchi");
    scenario.administrator.post_twilio_webhook(&scenario.channel, INBOUND, &late).await.is(200);
    assert_eq!(scenario.texts().await.len(), 4);

    let chats = scenario.administrator.get("/crm/chats").json().await.is(200).value();
    let path = format!("/crm/chats/{}", chats["items"][0]["id"]);
    let chat = scenario.administrator.get(path).json().await.is(200).value();
    assert_eq!(chat["messages"][1]["sent_at"], "2026-03-02T09:10:00Z", "the time of writing is kept");
    assert_eq!(chat["messages"][3]["attachments"][0]["name"], "image-1.png");

    let shown = scenario.show().await;
    assert_eq!(shown["filled_count"], 3);
    assert!(!shown["filled_at"].is_null() && !shown["history_read_at"].is_null());
    let browser = env.sign_in(&scenario.company.administrator).await;
    let path = format!("/crm/settings/channels/{}", scenario.channel.channel.id);
    let page = browser.get(&path).html().await.is(200);
    assert!(page.text_of("#missed").contains("3 messages fetched"), "{}", page.text_of("#missed"));
    let back = browser.post(format!("{path}/missed")).form([("x", "")]).html().await.is(303);
    assert_eq!(back.location(), path);
}

async fn all_channels_are_filled_at_the_start(env: TestEnv) {
    let scenario = scenario(&env).await;
    let listed = json!({ "messages": [scenario.entry("SM2", "sms", "Salom", env.clock.now())] });
    env.simulator.answer(&scenario.list_path(), 200, &listed.to_string());
    env.connect_bot(&scenario.company).await;
    env.services.missed.fetch_all().await.unwrap();
    env.services.missed.fetch_all().await.unwrap();
    assert_eq!(scenario.texts().await, ["Salom"]);
    // A disabled channel receives nothing.
    let path = format!("/crm/settings/channels/{}", scenario.channel.channel.id);
    scenario.administrator.put(&path).json_body(json!({ "enabled": false })).json().await.is(200);
    scenario.administrator.post(format!("{path}/missed")).json().await.is(404);
    let agent = env.api_client(&scenario.company.agent).await;
    agent.post(format!("{path}/missed")).json().await.is(403);
}

async fn a_provider_that_does_not_answer_changes_nothing(env: TestEnv) {
    let scenario = scenario(&env).await;
    env.simulator.answer(&scenario.list_path(), 503, "{}");
    let path = format!("/crm/settings/channels/{}/missed", scenario.channel.channel.id);
    assert_eq!(scenario.administrator.post(&path).json().await.invalid_fields(), ["channel"]);
    env.services.missed.fetch_all().await.unwrap();
    assert_eq!(
        scenario.show().await["history_read_at"],
        Value::Null,
        "it is read again from the same time on"
    );
}

async fn missed_messages_belong_to_the_channel_and_the_tenant(env: TestEnv) {
    let scenario = scenario(&env).await;
    let mut elsewhere = scenario.entry("SM2", "sms", "Boshqa raqam", env.clock.now());
    elsewhere["to"] = json!("+998710000000");
    let malformed = json!({ "sid": "SM3", "direction": "inbound" });
    let listed =
        json!({ "messages": [elsewhere, malformed, 7, null], "next_page_uri": "https://evil.example/x" });
    env.simulator.answer(&scenario.list_path(), 200, &listed.to_string());
    assert_eq!(scenario.fetch().await["stored"], 0);
    let other = env.company("bukhara").await;
    let stranger = env.api_client(&other.administrator).await;
    let path = format!("/crm/settings/channels/{}/missed", scenario.channel.channel.id);
    stranger.post(path).json().await.is(404);
}
