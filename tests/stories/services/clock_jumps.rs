//! Tests of a clock that is put forward or back while the program runs.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::{TestEnv, people::PASSWORD, world::until};

on_both_engines!(a_clock_that_jumps_stops_nothing);

const AZIZA: &str = "+998901234567";

async fn a_clock_that_jumps_stops_nothing(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let stop = CancellationToken::new();
    let (worker, stopped) = (env.services.delivery.clone(), stop.clone());
    let working = tokio::spawn(async move { worker.run(stopped).await });
    let path = {
        let program = env.api_client(&company.agent).await;
        program.receive_sms(&channel, "SM0", AZIZA, "Salom").await;
        format!("/crm/chats/{}", program.get("/crm/chats").json().await.is(200).value()["items"][0]["id"])
    };
    let jumps = [TimeDelta::zero(), TimeDelta::days(-400), TimeDelta::days(4_000), TimeDelta::minutes(-90)];
    for (jump, number) in jumps.into_iter().zip(1..) {
        // Wrong guesses before the jump do not block anyone for the time of the jump.
        let guess = [("email", company.agent.user.email.as_str()), ("password", "a wrong guess")];
        for _ in 0..11 {
            env.site().visitor().post("/login").form(guess).json().await;
        }
        env.advance_clock(jump);
        if jump != TimeDelta::zero() {
            let mut browser = env.site().visitor();
            browser.sign_in(company.agent.user.email.as_str(), PASSWORD).await.is(303);
            browser.get(&path).html().await.is(200);
        }
        // Tokens end with their time, so each jump has its own.
        let program = env.api_client(&company.agent).await;
        program.get("/healthz").json().await.is(200);
        program.receive_sms(&channel, &format!("SM{number}"), AZIZA, "Yana").await;
        let message = json!({ "message": "Salom", "transport": "sms" });
        let sent = program.post(format!("{path}/messages")).json_body(message).json().await.is(201).value();
        until(async || {
            let chat = program.get(&path).json().await.is(200).value();
            let messages = chat["messages"].as_array().unwrap();
            let stored = messages.iter().find(|message| message["id"] == sent["id"]).unwrap();
            stored["status"] == "sent" || stored["status"] == "delivered"
        })
        .await;
    }
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(10), working).await.unwrap().unwrap();
}
