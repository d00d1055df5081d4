//! Tests of the live stream: events arrive in order, once, and only those of the reader's tenant.

use std::time::Duration;

use aloqa::domain::Role;
use serde_json::{Value, json};

use crate::support::{
    Company, TestEnv, concurrently,
    event_stream::{EventListener, ReceivedEvent},
    http::Visitor,
};

on_both_engines! {
    a_page_receives_the_events_after_its_rendering,
    a_reconnected_stream_has_no_gap_and_no_duplicate,
    no_event_is_missed_during_concurrent_writes,
    a_user_has_a_limited_number_of_streams,
    the_stream_contains_only_events_of_its_tenant,
    the_stream_contains_only_permitted_events,
    a_changed_role_applies_to_an_open_stream,
    signing_out_ends_the_stream_at_once,
    a_stopping_server_ends_its_streams,
    invalid_event_ids_are_rejected_or_ignored,
    failed_requests_record_no_event,
}

async fn create_client(program: &Visitor, name: &str) {
    program.post("/crm/clients").json_body(json!({ "first_name": name })).json().await.is(201);
}

async fn tenant_with_api_client(env: &TestEnv) -> (Company, Visitor) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    (company, program)
}

async fn listen_from_start(visitor: &Visitor) -> EventListener {
    visitor.get("/crm/events?after=0").listen().await
}

fn ids(heard: &[ReceivedEvent]) -> Vec<i64> {
    heard.iter().map(|heard| heard.id).collect()
}

async fn a_page_receives_the_events_after_its_rendering(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let channel = env.connect(&company).await;
    create_client(&program, "before").await;
    let browser = env.sign_in(&company.agent).await;
    let page = browser.get("/crm/chats").html().await;
    let address = page.attribute("body", "data-events").unwrap();
    program.receive_sms(&channel, "SM1", "+998901234567", "Salom").await;
    let mut stream = browser.get(address).listen().await;
    assert_eq!(stream.headers["content-type"], "text/event-stream");
    assert_eq!(stream.headers["x-accel-buffering"], "no");
    assert!(stream.headers["cache-control"].to_str().unwrap().contains("no-"));
    assert!(!stream.headers.contains_key("content-encoding"));
    let heard = stream.take(3).await;
    assert_eq!(
        heard.iter().map(|h| h.name.as_str()).collect::<Vec<_>>(),
        ["ClientCreated", "ChatCreated", "MessageReceived"]
    );
    let chat = program.get("/crm/chats").json().await.value()["items"][0].clone();
    assert_eq!(heard[2].data["chat_id"], chat["id"]);
    assert_eq!(heard[2].data["message_id"], chat["last_message"]["id"]);
    assert_eq!(heard[2].data["at"], "2026-03-02T09:00:00.123456Z");
    assert!(!heard[2].data.to_string().contains("Salom"), "ids, and no content");

    let path = format!("/crm/chats/{}/messages/{}/read", chat["id"], chat["last_message"]["id"]);
    program.put(&path).json().await.is(200);
    program.put(&path).json().await.is(200);
    let body = json!({ "message": "Alik" });
    program.post(format!("/crm/chats/{}/messages", chat["id"])).json_body(body).json().await.is(201);
    env.services.delivery.drain().await.unwrap();
    assert_eq!(stream.names(3).await, ["MessageRead", "MessageSent", "MessageStatusChanged"]);
    let mut now = browser.get("/crm/events").listen().await;
    create_client(&program, "after").await;
    assert_eq!(now.names(1).await, ["ClientCreated"], "without a place, from now on");
}

async fn a_reconnected_stream_has_no_gap_and_no_duplicate(env: TestEnv) {
    let (_, program) = tenant_with_api_client(&env).await;
    for number in 0..5 {
        create_client(&program, &format!("client {number}")).await;
    }
    let mut stream = listen_from_start(&program).await;
    let first = stream.take(3).await;
    drop(stream);
    create_client(&program, "meanwhile").await;
    let last = first.last().unwrap().id.to_string();
    let mut stream = program.get("/crm/events?after=1").header("last-event-id", last).listen().await;
    let rest = stream.take(3).await;
    assert_eq!(ids(&[first, rest].concat()), [1, 2, 3, 4, 5, 6], "the header knows better than the address");
    create_client(&program, "live").await;
    assert_eq!(stream.next().await.unwrap().id, 7);
}

async fn no_event_is_missed_during_concurrent_writes(env: TestEnv) {
    const WRITERS: usize = 8;
    const EACH: usize = 10;
    let (_, program) = tenant_with_api_client(&env).await;
    let (reader, writer) = (program.clone(), program.clone());
    let reading = tokio::spawn(async move {
        let mut heard: Vec<ReceivedEvent> = Vec::new();
        while heard.len() < WRITERS * EACH {
            let after = heard.last().map_or(0, |heard| heard.id);
            let mut stream =
                reader.get("/crm/events").header("last-event-id", after.to_string()).listen().await;
            // Every connection is cut after some events.
            let wanted = 7.min(WRITERS * EACH - heard.len());
            heard.extend(stream.take(wanted).await);
        }
        heard
    });
    concurrently(WRITERS, |number| {
        let writer = writer.clone();
        async move {
            for turn in 0..EACH {
                create_client(&writer, &format!("{number}.{turn}")).await;
            }
        }
    })
    .await;
    let heard = reading.await.unwrap();
    assert_eq!(ids(&heard), (1..=80).collect::<Vec<_>>());
    let mut clients: Vec<_> = heard.iter().map(|heard| heard.data["client_id"].as_i64().unwrap()).collect();
    clients.sort_unstable();
    clients.dedup();
    assert_eq!(clients.len(), 80);
}

async fn a_user_has_a_limited_number_of_streams(env: TestEnv) {
    let (ours, theirs) = env.two_companies().await;
    let (us, them) = (env.api_client(&ours.administrator).await, env.api_client(&theirs.administrator).await);
    let mut open = Vec::new();
    for _ in 0..10 {
        open.push(us.get("/crm/events").listen().await);
    }
    let refused = us.get("/crm/events").send().await.is(429);
    assert!(refused.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()));
    let colleague = env.api_client(&ours.agent).await;
    let mut others = [colleague.get("/crm/events").listen().await, them.get("/crm/events").listen().await];
    create_client(&us, "Aziza").await;
    create_client(&them, "Dilshod").await;
    for stream in &mut others {
        assert_eq!(stream.names(1).await, ["ClientCreated"]);
    }
    open.pop();
    open.push(us.get("/crm/events").listen().await);
}

async fn the_stream_contains_only_events_of_its_tenant(env: TestEnv) {
    let (ours, theirs) = env.two_companies().await;
    let (us, them) = (env.api_client(&ours.administrator).await, env.api_client(&theirs.administrator).await);
    let (mut our_stream, mut their_stream) = (listen_from_start(&us).await, listen_from_start(&them).await);
    create_client(&them, "theirs").await;
    assert_eq!(their_stream.names(1).await, ["ClientCreated"]);
    assert!(our_stream.is_silent().await);
    create_client(&us, "ours").await;
    let heard = our_stream.next().await.unwrap();
    assert_eq!(heard.id, 1, "not even the numbers tell of others");
    let client = us.get("/crm/clients").json().await.value()["items"][0]["id"].clone();
    assert_eq!(heard.data["client_id"], client);
    assert!(their_stream.is_silent().await);
}

async fn the_stream_contains_only_permitted_events(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    env.sign_in(&company.agent).await;
    let mut stranger = env.anonymous_visitor();
    stranger.sign_in(company.agent.user.email.as_str(), "a guess").await.is(422);
    create_client(&program, "Aziza").await;
    let body = json!({ "name": "Salom", "template": "Salom!" });
    program.post("/crm/instant-messages").json_body(body).json().await.is(201);

    let all = ["SignedIn", "SignInFailed", "ClientCreated", "TemplateCreated"];
    for (user, expected) in [
        (&company.administrator, &all[..]),
        (&company.manager, &all[..]),
        (&company.agent, &all[2..]),
        (&company.read_only, &all[2..]),
    ] {
        let mut stream = listen_from_start(&env.api_client(user).await).await;
        assert_eq!(stream.names(expected.len()).await, expected, "{}", user.user.role.as_str());
        assert!(stream.is_silent().await);
    }
}

async fn a_changed_role_applies_to_an_open_stream(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let mut stream = listen_from_start(&env.api_client(&company.manager).await).await;
    env.sign_in(&company.agent).await;
    assert_eq!(stream.names(1).await, ["SignedIn"]);
    let (id, role) = (company.manager.user.id, Role::Agent.as_str());
    env.raw().await.run(&format!("UPDATE users SET role = '{role}' WHERE id = {id}")).await.unwrap();
    env.sign_in(&company.agent).await;
    create_client(&program, "Aziza").await;
    assert_eq!(stream.names(1).await, ["ClientCreated"]);
}

async fn signing_out_ends_the_stream_at_once(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let browser = env.sign_in(&company.agent).await;
    let mut stream = browser.get("/crm/events").listen().await;
    create_client(&program, "Aziza").await;
    assert_eq!(stream.names(1).await, ["ClientCreated"]);
    browser.post("/logout").json().await.is(204);
    // No event follows, and the next check without one is farther away.
    let end = tokio::time::timeout(Duration::from_secs(5), stream.next()).await;
    assert_eq!(end.expect("the stream stays open"), None);
    browser.get("/crm/events").json().await.problem(401);
}

async fn a_stopping_server_ends_its_streams(env: TestEnv) {
    let (_, program) = tenant_with_api_client(&env).await;
    let mut stream = program.get("/crm/events").listen().await;
    assert!(stream.is_silent().await);
    program.site.stop.cancel();
    assert_eq!(stream.next().await, None);
}

async fn invalid_event_ids_are_rejected_or_ignored(env: TestEnv) {
    let (_, program) = tenant_with_api_client(&env).await;
    create_client(&program, "Aziza").await;
    for bad in ["x", "1.5", "99999999999999999999"] {
        let answer = program.get(format!("/crm/events?after={bad}")).json().await;
        assert_eq!(answer.invalid_fields(), ["after"]);
    }
    for (header, heard) in [("0", true), ("-5", true), ("-9223372036854775808", true)] {
        let mut stream = program.get("/crm/events").header("last-event-id", header).listen().await;
        assert_eq!(stream.next().await.is_some(), heard);
    }
    for header in ["x", "", "\u{444}", "1", "9223372036854775807"] {
        let mut stream = program.get("/crm/events").header("last-event-id", header).listen().await;
        assert!(stream.is_silent().await, "{header}");
    }
}

async fn failed_requests_record_no_event(env: TestEnv) {
    let (_, program) = tenant_with_api_client(&env).await;
    let mut stream = listen_from_start(&program).await;
    for body in [json!({}), json!({ "first_name": "Aziza", "phone": "12" })] {
        program.post("/crm/clients").json_body(body).json().await.problem(422);
    }
    program.delete("/crm/clients/4711").json().await.problem(404);
    create_client(&program, "Aziza").await;
    let client = program.get("/crm/clients").json().await.value()["items"][0]["id"].clone();
    program
        .put(format!("/crm/clients/{client}"))
        .json_body(json!({ "first_name": "Aziza" }))
        .json()
        .await
        .is(200);
    program.delete(format!("/crm/clients/{client}")).json().await.is(204);
    let heard = stream.take(2).await;
    assert_eq!(ids(&heard), [1, 2]);
    assert_eq!(
        heard[1].data,
        json!({
            "type": "ClientDeleted", "client_id": client, "at": "2026-03-02T09:00:00.123456Z",
        })
    );
    assert_ne!(heard[0].data["client_id"], Value::Null);
}
