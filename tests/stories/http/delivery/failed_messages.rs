//! Tests of the delivery page for operators: waiting and failed messages, and retries.

use aloqa::{
    domain::{ChannelId, MessageId, MessageStatus, NewMessage},
    simulator::Behaviour,
};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Company, TestEnv, chat_fixture::store_message, http::Visitor};

on_both_engines! {
    operators_see_waiting_and_failed_messages,
    failed_messages_are_retried_singly_and_all_at_once,
    a_large_queue_does_not_delay_another_tenant,
    messages_to_a_client_are_sent_in_the_order_of_writing,
}

const QUEUE: &str = "/crm/settings/deliveries";
const RESEND: &str = "/crm/settings/deliveries/retry";
const AZIZA: &str = "+998901234567";

fn refusal(code: &str) -> Behaviour {
    let body = format!(r#"{{"code": {code}, "message": "no"}}"#);
    Behaviour::Answer { status: 400, headers: Vec::new(), body }
}

/// Sends a message that meets this behaviour; returns its id.
async fn send_with(env: &TestEnv, program: &Visitor, behaviour: Behaviour) -> i64 {
    let chats = program.get("/crm/chats").json().await.is(200).value();
    let path = format!("/crm/chats/{}/messages", chats["items"][0]["id"]);
    let sent = program.post(path).json_body(json!({ "message": "Alik" })).json().await.is(201).value();
    env.simulator.next(behaviour);
    env.services.delivery.drain().await.unwrap();
    sent["id"].as_i64().unwrap()
}

async fn operators_see_waiting_and_failed_messages(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let browser = env.sign_in(&company.administrator).await;
    assert!(browser.get(QUEUE).html().await.is(200).has("#undelivered-empty"));
    let channel = env.connect(&company).await;
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    send_with(&env, &program, refusal("21211")).await;
    send_with(&env, &program, Behaviour::CloseBeforeAnswer).await;
    send_with(&env, &program, Behaviour::Answer { status: 503, headers: Vec::new(), body: String::new() })
        .await;
    let chat = program.get("/crm/chats").json().await.value()["items"][0]["id"].clone();
    let later = env.clock.now() + TimeDelta::days(1);
    for body in [json!({ "message": "1" }), json!({ "message": "2", "scheduled_at": later })] {
        program.post(format!("/crm/chats/{chat}/messages")).json_body(body).json().await.is(201);
    }
    let seen = program.get(QUEUE).json().await.is(200).value();
    let numbers = &seen["channels"][0];
    let of = |name: &str| numbers[name].as_i64().unwrap();
    assert_eq!(
        ["queued", "retried", "scheduled", "failed", "unknown", "under_way"].map(of),
        [1, 1, 1, 1, 1, 0]
    );
    assert_eq!((&seen["total"], &seen["items"][1]["error_code"]), (&json!(2), &json!("21211")));
    let page = browser.get(QUEUE).html().await.is(200);
    assert_eq!(page.texts("tbody tr").len(), 2);
    assert_eq!(page.texts("tbody input[name=ids]").len(), 1, "who does not know, has to look first");
    let elsewhere = format!("{QUEUE}?channel={}", uuid::Uuid::nil());
    assert_eq!(program.get(elsewhere).json().await.value()["total"], 0);
    let own = format!("{QUEUE}?channel={}", channel.channel.id);
    assert_eq!(program.get(own).json().await.value()["total"], 2);
    assert_eq!(program.get(format!("{QUEUE}?channel=x")).json().await.invalid_fields(), ["channel"]);
    // A message of a removed channel is listed without the channel's name.
    program.delete(format!("/crm/settings/channels/{}", channel.channel.id)).json().await.is(204);
    let seen = program.get(QUEUE).json().await.is(200).value();
    assert_eq!(
        (&seen["channels"][0]["channel_id"], &seen["channels"][0]["failed"]),
        (&Value::Null, &json!(1))
    );
    browser.get(QUEUE).html().await.is(200);
}

async fn failed_messages_are_retried_singly_and_all_at_once(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let program = env.api_client(&company.administrator).await;
    let browser = env.sign_in(&company.administrator).await;
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let mut failed = Vec::new();
    for _ in 0..4 {
        failed.push(send_with(&env, &program, refusal("30001")).await);
    }
    let unknown = send_with(&env, &program, Behaviour::CloseBeforeAnswer).await;
    let total = async || program.get(QUEUE).json().await.is(200).value()["total"].clone();
    assert_eq!(total().await, 5);
    assert_eq!(program.post(RESEND).form([("x", "y")]).json().await.invalid_fields(), ["ids"]);

    let asked = env.simulator.requests().len();
    let one = json!({ "ids": format!("{},{unknown}", failed[0]) });
    let done = program.post(RESEND).json_body(one.clone()).json().await.is(200).value();
    assert_eq!(
        done,
        json!({ "queued": 1, "refused": 0, "more": false }),
        "nothing of unknown fate goes along"
    );
    let done = program.post(RESEND).json_body(one).json().await.is(200).value();
    assert_eq!(done["queued"], 0, "pressed twice, it is queued once");
    env.services.delivery.drain().await.unwrap();
    assert_eq!((env.simulator.requests().len(), total().await), (asked + 1, json!(4)));

    let page = browser.post(RESEND).form([("all", "true")]).html().await.is(303);
    let page = browser.get(page.location()).html().await.is(200);
    assert!(page.text_of("p.note").contains("3 messages"), "{page:?}");
    env.services.delivery.drain().await.unwrap();
    assert_eq!((env.simulator.requests().len(), total().await), (asked + 4, json!(1)));

    // A client who can no longer be reached is counted, and the message stays failed.
    let last = send_with(&env, &program, refusal("30001")).await;
    program
        .put(format!("/crm/settings/channels/{}", channel.channel.id))
        .json_body(json!({ "enabled": false }))
        .json()
        .await
        .is(200);
    let done = program.post(RESEND).json_body(json!({ "all": true })).json().await.is(200).value();
    assert_eq!(done, json!({ "queued": 0, "refused": 1, "more": false }), "{last}");
}

async fn a_large_queue_does_not_delay_another_tenant(env: TestEnv) {
    let (crowd, single) = env.two_companies().await;
    let (by, other) = (env.connect(&crowd).await, env.connect(&single).await);
    let now = env.clock.now();
    let test_chat = env.chat_fixture(&crowd, &by, "Aziza", AZIZA).await;
    let first = {
        let mut tx = crowd.begin().await;
        let id = store_message(&mut tx, &test_chat.outbound("Salom", now)).await;
        tx.deliveries_mut().enqueue(id, test_chat.channel, AZIZA, now, now).await.unwrap();
        tx.commit().await.unwrap();
        id
    };
    copy_message(&env, &crowd, first, 9_999).await;
    let test_chat = env.chat_fixture(&single, &other, "Botir", AZIZA).await;
    let mut tx = single.begin().await;
    let late = NewMessage { status: MessageStatus::Queued, ..test_chat.outbound("Salom", now) };
    let reply = store_message(&mut tx, &late).await;
    let due = now + TimeDelta::microseconds(1);
    tx.deliveries_mut().enqueue(reply, test_chat.channel, AZIZA, due, due).await.unwrap();
    tx.commit().await.unwrap();
    env.advance_clock(TimeDelta::seconds(1));
    assert_eq!(env.raw().await.count("deliveries").await, 10_001);

    // Counted in leases: with a capacity of one, it is the second; with a larger capacity, it is in the first batch.
    let mut claims = 0;
    loop {
        claims += 1;
        let claimed = env.services.delivery.lease(1).await.unwrap();
        assert_eq!(claimed.len(), 1);
        if claimed[0].message == reply && claimed[0].tenant == single.id() {
            break;
        }
        assert!(claims < 2, "it waits for the others");
    }
    let batch = env.services.delivery.lease(16).await.unwrap();
    let channels: Vec<ChannelId> = batch.iter().map(|delivery| delivery.channel).collect();
    assert!(
        channels.len() <= 8 && channels.iter().all(|id| *id == by.channel.id),
        "what is left takes its turn"
    );
}

async fn messages_to_a_client_are_sent_in_the_order_of_writing(env: TestEnv) {
    let company = env.company("samarkand").await;
    let by = env.connect(&company).await;
    let now = env.clock.now();
    let (aziza, botir) = (
        env.chat_fixture(&company, &by, "Aziza", AZIZA).await,
        env.chat_fixture(&company, &by, "Botir", "+998907654321").await,
    );
    let mut tx = company.begin().await;
    let mut queued: Vec<MessageId> = Vec::new();
    for (test_chat, to) in [(&aziza, AZIZA), (&aziza, AZIZA), (&botir, "+998907654321")] {
        let id = store_message(&mut tx, &test_chat.outbound("Salom", now)).await;
        tx.deliveries_mut().enqueue(id, test_chat.channel, to, now, now).await.unwrap();
        queued.push(id);
    }
    tx.commit().await.unwrap();
    let batch: Vec<_> = env.services.delivery.lease(16).await.unwrap().iter().map(|d| d.message).collect();
    assert_eq!(batch, [queued[0], queued[2]], "the second to Aziza waits for the first");
    assert!(env.services.delivery.lease(16).await.unwrap().is_empty());
    let mut tx = company.begin().await;
    tx.deliveries_mut().remove(queued[0]).await.unwrap();
    tx.commit().await.unwrap();
    let batch: Vec<_> = env.services.delivery.lease(16).await.unwrap().iter().map(|d| d.message).collect();
    assert_eq!(batch, [queued[1]]);
}

/// Copies a message and its delivery this many times, each to another number.
async fn copy_message(env: &TestEnv, company: &Company, of: MessageId, count: i64) {
    let mut raw = env.raw().await;
    let (tenant, of) = (company.id(), of.0);
    let messages = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO messages (tenant_id, chat_id, member_id, direction, transport, channel_id, text, status, created_at) \
         SELECT m.tenant_id, m.chat_id, m.member_id, m.direction, m.transport, m.channel_id, 'copy ' || n.i, m.status, \
         m.created_at FROM messages m, n WHERE m.tenant_id = {tenant} AND m.id = {of}"
    );
    assert_eq!(raw.run(&messages).await.unwrap(), u64::try_from(count).unwrap());
    let deliveries = format!(
        "INSERT INTO deliveries (tenant_id, message_id, channel_id, transport, priority, recipient, due_at, created_at) \
         SELECT m.tenant_id, m.id, m.channel_id, d.transport, d.priority, '+99890' || m.id, d.due_at, d.created_at FROM messages m, deliveries d \
         WHERE m.tenant_id = {tenant} AND m.text LIKE 'copy %' AND d.tenant_id = {tenant} AND d.message_id = {of}"
    );
    assert_eq!(raw.run(&deliveries).await.unwrap(), u64::try_from(count).unwrap());
}
