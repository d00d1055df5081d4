//! Tests of the limits of stored files and of waiting work of a tenant.

use aloqa::services::{Quotas, TenantLimits};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{
    TestEnv,
    http::{TestResponse, Visitor},
    providers::webhook::{self, INBOUND, sms_form, whatsapp_form},
};

on_both_engines! {
    files_beyond_the_limit_are_refused_and_those_of_clients_wait,
    programs_are_refused_while_too_many_messages_wait,
    imports_are_refused_while_too_many_are_open,
}

const AZIZA: &str = "+998901234567";
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// The environment with other limits.
fn with_limits(mut env: TestEnv, limits: TenantLimits) -> TestEnv {
    env.services = env.services_with(|dependencies| dependencies.quotas = Quotas::new(limits));
    env
}

async fn send_file(program: &Visitor, path: &str) -> TestResponse {
    let parts = [("transport", None, &b"whatsapp"[..]), ("attachments", Some("shartnoma.pdf"), PDF)];
    program.post(format!("{path}/messages")).multipart(&parts).json().await
}

/// The path of the first chat of the list.
async fn first_chat(program: &Visitor) -> String {
    format!("/crm/chats/{}", program.get("/crm/chats").json().await.is(200).value()["items"][0]["id"])
}

async fn files_beyond_the_limit_are_refused_and_those_of_clients_wait(env: TestEnv) {
    let stored_bytes = u64::try_from(PDF.len()).unwrap() + 10;
    let env = with_limits(env, TenantLimits { stored_bytes, ..TenantLimits::default() });
    let company = env.company("samarkand").await;
    let (channel, program) = (env.connect(&company).await, env.api_client(&company.agent).await);
    let form = whatsapp_form(&channel, "SM1", AZIZA, "Salom", "Aziza");
    program.post_twilio_webhook(&channel, INBOUND, &form).await.is(200);
    let path = first_chat(&program).await;
    send_file(&program, &path).await.is(201);
    let refused = send_file(&program, &path).await.problem(422);
    assert!(refused["errors"]["attachments"][0].as_str().unwrap().contains("is full"), "{refused}");
    // The same after the usage was read again.
    env.advance_clock(TimeDelta::minutes(1));
    send_file(&program, &path).await.problem(422);

    // The message of a client is stored, and its file waits for space.
    let media = env.simulator.store_media(&channel.channel.account, "a.pdf", "application/pdf", PDF, 0);
    let api = env.services.dependencies().api_urls.get(&aloqa::providers::twilio::NAME).clone();
    let mut form = sms_form(&channel, "SM2", AZIZA, "Mana");
    webhook::set(&mut form, "NumMedia", "1");
    webhook::set(&mut form, "MediaUrl0", api.join(&media).unwrap().as_str());
    webhook::set(&mut form, "MediaContentType0", "application/pdf");
    program.post_twilio_webhook(&channel, INBOUND, &form).await.is(200);
    assert_eq!(env.services.media.drain().await.unwrap(), 1);
    let last = async || -> Value {
        let chat = program.get(&path).json().await.is(200).value();
        chat["messages"].as_array().unwrap().last().unwrap().clone()
    };
    assert_eq!(last().await["attachments"][0]["url"], Value::Null);
    env.advance_clock(TimeDelta::minutes(31));
    let env = with_limits(env, TenantLimits::default());
    assert_eq!(env.services.media.drain().await.unwrap(), 1);
    assert!(last().await["attachments"][0]["url"].is_string());
}

async fn programs_are_refused_while_too_many_messages_wait(env: TestEnv) {
    let env = with_limits(env, TenantLimits { waiting_messages: 2, ..TenantLimits::default() });
    let company = env.company("samarkand").await;
    let (channel, program) = (env.connect(&company).await, env.api_client(&company.agent).await);
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let path = format!("{}/messages", first_chat(&program).await);
    let message = json!({ "message": "Salom", "transport": "sms" });
    for _ in 0..2 {
        program.post(&path).json_body(message.clone()).json().await.is(201);
    }
    let refused = program.post(&path).json_body(message.clone()).json().await.is(429);
    assert!(refused.header("retry-after").is_some());
    let later = json!({ "message": "Ertaga", "transport": "sms", "scheduled_at": "2026-03-03T09:00:00Z" });
    program.post(&path).json_body(later).json().await.is(429);

    // A user who writes by hand is not kept waiting by programs, and neither is another tenant.
    let browser = env.sign_in(&company.agent).await;
    browser.post(&path).form([("message", "Salom"), ("transport", "sms")]).html().await.is(303);
    let other = env.company("bukhara").await;
    let (channel, stranger) = (env.connect(&other).await, env.api_client(&other.agent).await);
    stranger.receive_sms(&channel, "SM9", AZIZA, "Salom").await;
    let path_of_other = format!("{}/messages", first_chat(&stranger).await);
    stranger.post(&path_of_other).json_body(message.clone()).json().await.is(201);

    env.services.delivery.drain().await.unwrap();
    env.advance_clock(TimeDelta::minutes(1));
    program.post(&path).json_body(message).json().await.is(201);
}

async fn imports_are_refused_while_too_many_are_open(env: TestEnv) {
    let env = with_limits(env, TenantLimits { open_imports: 1, ..TenantLimits::default() });
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.manager).await;
    let upload = async || {
        let parts = [("file", Some("clients.csv"), &b"name,phone\nAziza,+998901234567\n"[..])];
        program.post("/crm/clients/imports").multipart(&parts).json().await
    };
    let first = upload().await.is(201).value();
    let refused = upload().await.problem(422);
    assert!(refused["errors"]["file"][0].as_str().unwrap().contains("have not ended"), "{refused}");
    program.post(format!("/crm/clients/imports/{}/cancel", first["id"])).json().await.is(200);
    upload().await.is(201);
}
