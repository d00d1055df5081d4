//! Tests of the lanes of the outbox: people before programs, an own lane for each sender, and the wait that pages show.

use aloqa::{
    domain::{MessageId, Transport},
    services::ChannelContext,
};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{
    Company, TestEnv,
    chat_fixture::{ChatFixture, store_message},
    http::Visitor,
    providers::webhook::{INBOUND, whatsapp_form},
};

on_both_engines! {
    a_message_of_a_person_is_sent_before_those_of_programs,
    a_scheduled_wave_does_not_delay_a_person,
    a_message_that_is_sent_now_is_that_of_a_person,
    each_sender_has_a_lane_of_its_own,
    the_page_says_how_long_a_message_waits,
}

const AZIZA: &str = "+998901234567";

struct Scenario {
    company: Company,
    channel: ChannelContext,
    chat: ChatFixture,
    program: Visitor,
    browser: Visitor,
}

async fn scenario(env: &TestEnv) -> Scenario {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let chat = env.chat_fixture(&company, &channel, "Aziza", AZIZA).await;
    let program = env.api_client(&company.agent).await;
    let browser = env.sign_in(&company.agent).await;
    Scenario { company, channel, chat, program, browser }
}

impl Scenario {
    /// Puts messages of a program into the outbox, each to another number.
    async fn bulk(&self, env: &TestEnv, count: usize) -> Vec<MessageId> {
        let now = env.clock.now();
        let mut tx = self.company.begin().await;
        let mut queued = Vec::new();
        for number in 0..count {
            let id = store_message(&mut tx, &self.chat.outbound("Aksiya", now)).await;
            let to = format!("+99893{number:07}");
            tx.deliveries_mut().enqueue_bulk(id, self.chat.channel, &to, now, now).await.unwrap();
            queued.push(id);
        }
        tx.commit().await.unwrap();
        env.advance_clock(TimeDelta::seconds(1));
        queued
    }

    fn messages(&self) -> String {
        format!("/crm/chats/{}/messages", self.chat.chat)
    }

    async fn write(&self, transport: &str) -> MessageId {
        let form = [("message", "Alik"), ("transport", transport)];
        let sent = self.browser.post(self.messages()).form(form).json().await.is(201).value();
        MessageId(sent["id"].as_i64().unwrap())
    }

    async fn write_as_program(&self, fields: &Value) -> MessageId {
        let mut body = json!({ "message": "Aksiya", "transport": "sms" });
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        let sent = self.program.post(self.messages()).json_body(body).json().await.is(201).value();
        MessageId(sent["id"].as_i64().unwrap())
    }
}

/// The messages that are handed over next.
async fn leased(env: &TestEnv, most: usize) -> Vec<MessageId> {
    env.services.delivery.lease(most).await.unwrap().iter().map(|delivery| delivery.message).collect()
}

async fn a_message_of_a_person_is_sent_before_those_of_programs(env: TestEnv) {
    let scenario = scenario(&env).await;
    let bulk = scenario.bulk(&env, 20).await;
    let of_program = scenario.write_as_program(&json!({})).await;
    env.advance_clock(TimeDelta::seconds(1));
    let of_person = scenario.write("sms").await;
    assert_eq!(
        leased(&env, 2).await,
        [of_person, bulk[0]],
        "also to the client for whom a program wrote before"
    );
    assert!(!leased(&env, 30).await.contains(&of_program), "the others come first");
}

async fn a_scheduled_wave_does_not_delay_a_person(env: TestEnv) {
    let scenario = scenario(&env).await;
    let at = env.clock.now() + TimeDelta::hours(1);
    let when = json!({ "scheduled_at": at.to_rfc3339() });
    let mut wave = Vec::new();
    for _ in 0..3 {
        wave.push(scenario.write_as_program(&when).await);
    }
    env.advance_clock(TimeDelta::hours(2));
    let of_person = scenario.write("sms").await;
    assert_eq!(leased(&env, 1).await, [of_person]);
}

async fn a_message_that_is_sent_now_is_that_of_a_person(env: TestEnv) {
    let scenario = scenario(&env).await;
    let at = env.clock.now() + TimeDelta::hours(5);
    let scheduled = scenario.write_as_program(&json!({ "scheduled_at": at.to_rfc3339() })).await;
    scenario.bulk(&env, 5).await;
    let now = format!("{}/{scheduled}/send-now", scenario.messages());
    scenario.program.post(now).json().await.is(202);
    assert_eq!(leased(&env, 1).await, [scheduled]);

    // A failed message that a user sends again is waited for as well.
    let failed = scenario.write("sms").await;
    let mut raw = env.raw().await;
    raw.run(&format!("DELETE FROM deliveries WHERE message_id = {failed}")).await.unwrap();
    raw.run(&format!("UPDATE messages SET status = 'failed' WHERE id = {failed}")).await.unwrap();
    raw.run(&format!("DELETE FROM deliveries WHERE message_id = {scheduled}")).await.unwrap();
    drop(raw);
    scenario.program.post(format!("{}/{failed}/retry", scenario.messages())).json().await.is(202);
    assert_eq!(leased(&env, 1).await, [failed]);
}

async fn each_sender_has_a_lane_of_its_own(env: TestEnv) {
    let scenario = scenario(&env).await;
    let form = whatsapp_form(&scenario.channel, "SM1", AZIZA, "Salom", "Aziza");
    scenario.program.post_twilio_webhook(&scenario.channel, INBOUND, &form).await.is(200);
    let bulk = scenario.bulk(&env, 30).await;
    // Calls in progress and tokens of the lane for SMS are used up.
    assert_eq!(leased(&env, 30).await, bulk[..8]);
    assert_eq!(leased(&env, 30).await, [MessageId(0); 0]);
    let whatsapp = scenario.write("whatsapp").await;
    assert_eq!(leased(&env, 30).await, [whatsapp]);
    let lanes = env.database.read_cross_tenant().await.unwrap().due_lanes(env.clock.now()).await.unwrap();
    assert_eq!(lanes.iter().map(|lane| lane.transport).collect::<Vec<_>>(), [Transport::Sms]);
}

async fn the_page_says_how_long_a_message_waits(env: TestEnv) {
    let scenario = scenario(&env).await;
    let chat = format!("/crm/chats/{}", scenario.chat.chat);
    scenario.bulk(&env, 40).await;
    let waiting = scenario.write_as_program(&json!({})).await;
    let status = format!("#m{waiting} .status");
    let page = scenario.browser.get(&chat).html().await.is(200);
    assert_eq!(page.text_of(&status), "In queue", "four seconds are not worth a word");
    scenario.bulk(&env, 710).await;
    let waiting = scenario.write_as_program(&json!({})).await;
    let status = format!("#m{waiting} .status");
    let page = scenario.browser.get(&chat).html().await.is(200);
    assert_eq!(page.text_of(&status), "Waits for 751 others, about 2 min");
    let part = format!("/crm/chats/parts?chat={}&from={waiting}", scenario.chat.chat);
    let part = scenario.browser.get(part).html().await.is(200);
    assert_eq!(part.text_of(&status), "Waits for 751 others, about 2 min");
    let page = scenario.browser.get(format!("{chat}/messages")).html().await.is(200);
    assert_eq!(page.text_of(&status), "Waits for 751 others, about 2 min");
    // What a person writes goes first.
    let of_person = scenario.write("sms").await;
    let page = scenario.browser.get(&chat).html().await.is(200);
    assert_eq!(page.text_of(&format!("#m{of_person} .status")), "In queue");
}
