//! Tests of a workspace's settings, and of the countries to whose numbers it sends.

use serde_json::{Value, json};

use crate::support::{
    TestEnv,
    http::Visitor,
    providers::webhook::{INBOUND, sms_form},
};

on_both_engines! {
    administrators_change_the_settings_of_the_workspace,
    numbers_of_other_countries_are_written_to_only_if_they_are_allowed,
    a_client_who_wrote_is_answered_and_opens_its_country,
}

const PATH: &str = "/crm/settings/workspace";
const GERMAN: &str = "+4915123456789";
const OTHER_GERMAN: &str = "+4915112345678";
const KAZAKH: &str = "+77011234567";
const SATELLITE: &str = "+870773111632";

/// Creates a client with a phone, and returns the path of the messages of its chat.
async fn chat_with(program: &Visitor, phone: &str) -> String {
    let client = json!({ "first_name": "Aziza", "phone": phone });
    let client = program.post("/crm/clients").json_body(client).json().await.is(201).value();
    let chat = program.post("/crm/chats").json_body(json!({ "client_id": client["id"] })).json().await;
    format!("/crm/chats/{}/messages", chat.is(201).value()["id"])
}

/// Sends an SMS; returns the status, and the problem of the transport.
async fn send(program: &Visitor, messages: &str) -> (u16, String) {
    let body = json!({ "message": "Salom", "transport": "sms" });
    let response = program.post(messages).json_body(body).json().await;
    let status = response.status.as_u16();
    let answer: Value = serde_json::from_str(&response.text()).unwrap();
    let problem = answer["errors"]["transport"][0].as_str().unwrap_or_default().to_owned();
    (status, problem)
}

async fn administrators_change_the_settings_of_the_workspace(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let before = program.get(PATH).json().await.is(200).value();
    assert_eq!((&before["country"], &before["outbound_countries"]), (&json!("UZ"), &json!("own")));

    let wanted = json!({ "name": "Registon", "time_zone": "Asia/Almaty", "country": "KZ", "locale": "ru" });
    program.put(PATH).json_body(wanted).json().await.is(200);
    let after = program.get(PATH).json().await.is(200).value();
    assert_eq!((&after["name"], &after["time_zone"]), (&json!("Registon"), &json!("Asia/Almaty")));
    // A number without a calling code is now one of Kazakhstan.
    let client = json!({ "first_name": "Aruzhan", "phone": "701 123 45 67" });
    let client = program.post("/crm/clients").json_body(client).json().await.is(201).value();
    assert_eq!(client["phone"], KAZAKH);

    for wrong in [
        json!({ "name": "" }),
        json!({ "name": "\u{200b}" }),
        json!({ "time_zone": "Mars/Olympus" }),
        json!({ "country": "XX" }),
        json!({ "locale": "xx" }),
        json!({ "outbound_countries": "" }),
        json!({ "outbound_countries": "UZ XX" }),
        json!({ "outbound_countries": "listed" }),
        json!({ "outbound_countries": ["UZ"] }),
    ] {
        program.put(PATH).json_body(wrong.clone()).json().await.problem(422);
    }
    assert_eq!(program.get(PATH).json().await.is(200).value(), after);
    let manager = env.api_client(&company.manager).await;
    manager.get(PATH).json().await.problem(403);
    manager.put(PATH).json_body(json!({ "name": "Mine" })).json().await.problem(403);

    let browser = env.sign_in(&company.administrator).await;
    assert_eq!(browser.get(PATH).html().await.is(200).attribute("[name=name]", "value").unwrap(), "Registon");
    let fields = [("outbound_countries", "listed"), ("listed_countries", "")];
    browser.put(PATH).form(fields).html().await.is(422);
    let fields = [("outbound_countries", "listed"), ("listed_countries", "uz, kz")];
    browser.put(PATH).form(fields).html().await.is(303);
    let page = browser.get(PATH).html().await.is(200);
    assert_eq!(page.attribute("[name=listed_countries]", "value").unwrap(), "KZ UZ");
    let other = env.company("bukhara").await;
    let of_other = env.api_client(&other.administrator).await.get(PATH).json().await.is(200).value();
    assert_eq!(of_other["outbound_countries"], "own");
}

async fn numbers_of_other_countries_are_written_to_only_if_they_are_allowed(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let program = env.api_client(&company.administrator).await;
    let own = chat_with(&program, "+998901234567").await;
    let german = chat_with(&program, GERMAN).await;
    let satellite = chat_with(&program, SATELLITE).await;
    assert_eq!(send(&program, &own).await.0, 201);
    let (status, problem) = send(&program, &german).await;
    assert!(status == 422 && problem.contains("Germany"), "{status} {problem}");
    assert_eq!(send(&program, &satellite).await.0, 422);
    let browser = env.sign_in(&company.agent).await;
    let page = browser.get(german.trim_end_matches("/messages")).html().await.is(200);
    assert!(page.text().contains("numbers of Germany"));

    program.put(PATH).json_body(json!({ "outbound_countries": "DE" })).json().await.is(200);
    assert_eq!(send(&program, &german).await.0, 201);
    assert_eq!(send(&program, &own).await.0, 422, "a list is exact");
    program.put(PATH).json_body(json!({ "outbound_countries": "any" })).json().await.is(200);
    assert_eq!(send(&program, &satellite).await.0, 201);
    assert_eq!(send(&program, &own).await.0, 201);
}

async fn a_client_who_wrote_is_answered_and_opens_its_country(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let program = env.api_client(&company.administrator).await;
    let other = chat_with(&program, OTHER_GERMAN).await;
    assert_eq!(send(&program, &other).await.0, 422);
    program.post_twilio_webhook(&channel, INBOUND, &sms_form(&channel, "SM1", GERMAN, "Hallo")).await.is(200);
    let chats = program.get("/crm/chats").json().await.is(200).value();
    let answered = format!("/crm/chats/{}/messages", chats["items"][0]["id"]);
    assert_eq!(send(&program, &answered).await.0, 201);
    assert_eq!(send(&program, &other).await.0, 201);
    let known = program.get(PATH).json().await.is(200).value();
    assert_eq!(known["inbound_countries"], json!(["DE"]));

    // A list of other countries does not keep anyone from being answered.
    program.put(PATH).json_body(json!({ "outbound_countries": "UZ" })).json().await.is(200);
    assert_eq!(send(&program, &answered).await.0, 201);
    assert_eq!(send(&program, &other).await.0, 422);
}
