//! Tests of texts as programs and messengers leave them: invisible characters, links for values, foreign cookies, and
//! phones in the notations of other countries.

use serde_json::json;

use crate::support::TestEnv;

on_both_engines! {
    texts_of_which_nothing_is_drawn_are_empty,
    copied_links_are_read_as_their_values,
    foreign_cookies_do_not_hide_the_session,
    a_bad_phone_is_answered_with_an_example_of_the_country,
    a_number_is_kept_in_a_workspace_of_another_country,
}

const INVISIBLE: &str = "\u{200b}\u{2060}\u{3164} \u{feff}";

async fn texts_of_which_nothing_is_drawn_are_empty(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await.chat;
    let program = env.api_client(&company.administrator).await;
    for (path, field, body) in [
        ("/crm/clients".to_owned(), "first_name", json!({ "first_name": INVISIBLE })),
        (
            format!("/crm/chats/{chat}/messages"),
            "message",
            json!({ "message": INVISIBLE, "transport": "sms" }),
        ),
        ("/crm/instant-messages".to_owned(), "name", json!({ "name": INVISIBLE, "template": "a" })),
        ("/crm/instant-messages".to_owned(), "template", json!({ "name": "a", "template": INVISIBLE })),
    ] {
        let problem = program.post(path.as_str()).json_body(body).json().await.is(422).problem(422);
        assert!(problem["errors"][field].is_array(), "{path} {problem}");
    }
    // An emoji with its invisible selector is a message.
    let body = json!({ "message": "\u{2764}\u{fe0f}", "transport": "sms" });
    program.post(format!("/crm/chats/{chat}/messages")).json_body(body).json().await.is(201);
}

async fn copied_links_are_read_as_their_values(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let body = json!({
        "first_name": "Aziza",
        "phone": "\u{2067}\u{2068}998\u{202f}90 123\u{61c} 45\u{180e} 67\u{fe0f}",
        "email": "\u{200b}mailto:Aziza@Example.uz?subject=a",
    });
    let client = program.post("/crm/clients").json_body(body).json().await.is(201).value();
    assert_eq!((&client["phone"], &client["email"]), (&"+998901234567".into(), &"aziza@example.uz".into()));
    let contacts = format!("/crm/clients/{}/contacts", client["id"]);
    for (kind, value, stored) in [
        ("telegram", "tg://resolve?domain=Aziza_K", "aziza_k"),
        ("telegram", "T.ME/aziza_2?text=hi", "aziza_2"),
        ("whatsapp", "https://wa.me/998901112233", "+998901112233"),
        ("phone", "tel:+998-90-111-22-44", "+998901112244"),
        ("email", "MAILTO:a@b.uz", "a@b.uz"),
    ] {
        let body = json!({ "type": kind, "value": value });
        let contact = program.post(contacts.as_str()).json_body(body).json().await.is(201).value();
        assert_eq!(contact["value"], stored);
    }
}

async fn foreign_cookies_do_not_hide_the_session(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.agent).await;
    let own = browser.cookie.clone().unwrap();
    for foreign in ["shop=Ташкент", "city=%ff%fe", "a=\"b", "=", "broken", "x=1;;;y"] {
        for cookies in [format!("{foreign}; {own}"), format!("{own}; {foreign}")] {
            browser.get("/crm/chats").header("cookie", cookies.as_bytes()).html().await.is(200);
        }
    }
    let mut bytes = b"latin=caf\xe9; ".to_vec();
    bytes.extend(own.bytes());
    browser.get("/crm/chats").header("cookie", bytes).html().await.is(200);
}

async fn a_bad_phone_is_answered_with_an_example_of_the_country(env: TestEnv) {
    for (slug, country, example) in
        [("moscow", "RU", "+7 912 345-67-89"), ("samarkand", "UZ", "+998 91 234 56 78")]
    {
        let company = env.company_in(slug, country).await;
        let program = env.api_client(&company.administrator).await;
        let body = json!({ "first_name": "A", "phone": "12" });
        let problem = program.post("/crm/clients").json_body(body).json().await.problem(422);
        let said = problem["errors"]["phone"][0].as_str().unwrap().to_owned();
        assert!(said.contains(example), "{said}");
    }
}

async fn a_number_is_kept_in_a_workspace_of_another_country(env: TestEnv) {
    let company = env.company_in("newyork", "US").await;
    let program = env.api_client(&company.administrator).await;
    let body = json!({ "first_name": "Jürgen", "phone": "+4915123456789" });
    let client = program.post("/crm/clients").json_body(body).json().await.is(201).value();
    assert_eq!(client["phone"], "+4915123456789");
    let path = format!("/crm/clients/{}", client["id"]);
    let saved = program
        .put(path.as_str())
        .json_body(json!({ "phone": "+4915123456789", "comments": "a" }))
        .json()
        .await;
    assert_eq!(saved.is(200).value()["phone"], "+4915123456789");
    let chat = program.post("/crm/chats").json_body(json!({ "phone": "+7 (812) 123-45-67" })).json().await;
    assert_eq!(chat.is(201).value()["client"]["phone"], "+78121234567");
}
