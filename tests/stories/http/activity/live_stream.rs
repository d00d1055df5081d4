//! The live stream: everything in order, nothing twice, nothing of others.

use aloqa::domain::Role;
use serde_json::{Value, json};

use crate::support::{
    Company, World, at_once,
    event_stream::{Ear, Heard},
    http::Visitor,
};

on_both_engines! {
    a_page_hears_what_happens_after_it,
    a_lost_connection_catches_up_without_gap_or_double,
    nothing_is_missed_while_others_write,
    a_reader_hears_its_own_company_only,
    a_reader_hears_only_what_it_may_know,
    a_role_that_changes_changes_an_open_stream,
    signing_out_ends_the_stream_with_the_next_event,
    a_server_that_stops_ends_its_streams,
    places_that_do_not_exist,
    what_failed_is_not_told,
}

async fn make(program: &Visitor, name: &str) {
    program.post("/crm/clients").sends(json!({ "first_name": name })).json().await.is(201);
}

async fn at_work(world: &World) -> (Company, Visitor) {
    let company = world.company("samarkand").await;
    let program = world.program(&company.administrator).await;
    (company, program)
}

async fn from_the_beginning(visitor: &Visitor) -> Ear {
    visitor.get("/crm/events?after=0").listen().await
}

fn ids(heard: &[Heard]) -> Vec<i64> {
    heard.iter().map(|heard| heard.id).collect()
}

async fn a_page_hears_what_happens_after_it(world: World) {
    let (company, program) = at_work(&world).await;
    let channel = world.connect(&company).await;
    make(&program, "before").await;
    let browser = world.sign_in(&company.agent).await;
    let page = browser.get("/crm/chats").html().await;
    let address = page.attribute("body", "data-events").unwrap();
    program.sms_comes(&channel, "SM1", "+998901234567", "Salom").await;
    let mut ear = browser.get(address).listen().await;
    assert_eq!(ear.headers["content-type"], "text/event-stream");
    assert_eq!(ear.headers["x-accel-buffering"], "no");
    assert!(ear.headers["cache-control"].to_str().unwrap().contains("no-"));
    assert!(!ear.headers.contains_key("content-encoding"));
    let heard = ear.take(3).await;
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
    program.post(format!("/crm/chats/{}/messages", chat["id"])).sends(body).json().await.is(201);
    world.services.delivery.drain().await.unwrap();
    assert_eq!(ear.names(3).await, ["MessageRead", "MessageSent", "MessageStatusChanged"]);
    let mut now = browser.get("/crm/events").listen().await;
    make(&program, "after").await;
    assert_eq!(now.names(1).await, ["ClientCreated"], "without a place, from now on");
}

async fn a_lost_connection_catches_up_without_gap_or_double(world: World) {
    let (_, program) = at_work(&world).await;
    for number in 0..5 {
        make(&program, &format!("client {number}")).await;
    }
    let mut ear = from_the_beginning(&program).await;
    let first = ear.take(3).await;
    drop(ear);
    make(&program, "meanwhile").await;
    let last = first.last().unwrap().id.to_string();
    let mut ear = program.get("/crm/events?after=1").header("last-event-id", last).listen().await;
    let rest = ear.take(3).await;
    assert_eq!(ids(&[first, rest].concat()), [1, 2, 3, 4, 5, 6], "the header knows better than the address");
    make(&program, "live").await;
    assert_eq!(ear.next().await.unwrap().id, 7);
}

async fn nothing_is_missed_while_others_write(world: World) {
    const WRITERS: usize = 8;
    const EACH: usize = 10;
    let (_, program) = at_work(&world).await;
    let (reader, writer) = (program.clone(), program.clone());
    let reading = tokio::spawn(async move {
        let mut heard: Vec<Heard> = Vec::new();
        while heard.len() < WRITERS * EACH {
            let after = heard.last().map_or(0, |heard| heard.id);
            let mut ear = reader.get("/crm/events").header("last-event-id", after.to_string()).listen().await;
            // Every connection is lost after some events.
            let wanted = 7.min(WRITERS * EACH - heard.len());
            heard.extend(ear.take(wanted).await);
        }
        heard
    });
    at_once(WRITERS, |number| {
        let writer = writer.clone();
        async move {
            for turn in 0..EACH {
                make(&writer, &format!("{number}.{turn}")).await;
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

async fn a_reader_hears_its_own_company_only(world: World) {
    let (ours, theirs) = world.two_companies().await;
    let (us, them) = (world.program(&ours.administrator).await, world.program(&theirs.administrator).await);
    let (mut our_ear, mut their_ear) = (from_the_beginning(&us).await, from_the_beginning(&them).await);
    make(&them, "theirs").await;
    assert_eq!(their_ear.names(1).await, ["ClientCreated"]);
    assert!(our_ear.is_silent().await);
    make(&us, "ours").await;
    let heard = our_ear.next().await.unwrap();
    assert_eq!(heard.id, 1, "not even the numbers tell of others");
    let client = us.get("/crm/clients").json().await.value()["items"][0]["id"].clone();
    assert_eq!(heard.data["client_id"], client);
    assert!(their_ear.is_silent().await);
}

async fn a_reader_hears_only_what_it_may_know(world: World) {
    let (company, program) = at_work(&world).await;
    world.sign_in(&company.agent).await;
    let mut stranger = world.stranger_at_the_door();
    stranger.sign_in(company.agent.user.email.as_str(), "a guess").await.is(422);
    make(&program, "Aziza").await;
    let body = json!({ "name": "Salom", "template": "Salom!" });
    program.post("/crm/instant-messages").sends(body).json().await.is(201);

    let all = ["SignedIn", "SignInFailed", "ClientCreated", "TemplateCreated"];
    for (user, expected) in [
        (&company.administrator, &all[..]),
        (&company.manager, &all[..]),
        (&company.agent, &all[2..]),
        (&company.read_only, &all[2..]),
    ] {
        let mut ear = from_the_beginning(&world.program(user).await).await;
        assert_eq!(ear.names(expected.len()).await, expected, "{}", user.user.role.as_str());
        assert!(ear.is_silent().await);
    }
}

async fn a_role_that_changes_changes_an_open_stream(world: World) {
    let (company, program) = at_work(&world).await;
    let mut ear = from_the_beginning(&world.program(&company.manager).await).await;
    world.sign_in(&company.agent).await;
    assert_eq!(ear.names(1).await, ["SignedIn"]);
    let (id, role) = (company.manager.user.id, Role::Agent.as_str());
    world.raw().await.run(&format!("UPDATE users SET role = '{role}' WHERE id = {id}")).await.unwrap();
    world.sign_in(&company.agent).await;
    make(&program, "Aziza").await;
    assert_eq!(ear.names(1).await, ["ClientCreated"]);
}

async fn signing_out_ends_the_stream_with_the_next_event(world: World) {
    let (company, program) = at_work(&world).await;
    let browser = world.sign_in(&company.agent).await;
    let mut ear = browser.get("/crm/events").listen().await;
    make(&program, "Aziza").await;
    assert_eq!(ear.names(1).await, ["ClientCreated"]);
    browser.post("/logout").json().await.is(204);
    make(&program, "Botir").await;
    assert_eq!(ear.next().await, None, "it hears no more");
    browser.get("/crm/events").json().await.problem(401);
}

async fn a_server_that_stops_ends_its_streams(world: World) {
    let (_, program) = at_work(&world).await;
    let mut ear = program.get("/crm/events").listen().await;
    assert!(ear.is_silent().await);
    program.site.stop.cancel();
    assert_eq!(ear.next().await, None);
}

async fn places_that_do_not_exist(world: World) {
    let (_, program) = at_work(&world).await;
    make(&program, "Aziza").await;
    for bad in ["x", "1.5", "99999999999999999999"] {
        let answer = program.get(format!("/crm/events?after={bad}")).json().await;
        assert_eq!(answer.wrong_fields(), ["after"]);
    }
    for (header, heard) in [("0", true), ("-5", true), ("-9223372036854775808", true)] {
        let mut ear = program.get("/crm/events").header("last-event-id", header).listen().await;
        assert_eq!(ear.next().await.is_some(), heard);
    }
    for header in ["x", "", "\u{444}", "1", "9223372036854775807"] {
        let mut ear = program.get("/crm/events").header("last-event-id", header).listen().await;
        assert!(ear.is_silent().await, "{header}");
    }
}

async fn what_failed_is_not_told(world: World) {
    let (_, program) = at_work(&world).await;
    let mut ear = from_the_beginning(&program).await;
    for body in [json!({}), json!({ "first_name": "Aziza", "phone": "12" })] {
        program.post("/crm/clients").sends(body).json().await.problem(422);
    }
    program.delete("/crm/clients/4711").json().await.problem(404);
    make(&program, "Aziza").await;
    let client = program.get("/crm/clients").json().await.value()["items"][0]["id"].clone();
    program
        .put(format!("/crm/clients/{client}"))
        .sends(json!({ "first_name": "Aziza" }))
        .json()
        .await
        .is(200);
    program.delete(format!("/crm/clients/{client}")).json().await.is(204);
    let heard = ear.take(2).await;
    assert_eq!(ids(&heard), [1, 2]);
    assert_eq!(
        heard[1].data,
        json!({
            "type": "ClientDeleted", "client_id": client, "at": "2026-03-02T09:00:00.123456Z",
        })
    );
    assert_ne!(heard[0].data["client_id"], Value::Null);
}
