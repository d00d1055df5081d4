//! Tests of requests that another site makes a browser send: they change nothing.

use crate::http::all_routes::route_table::{Ids, WITHOUT_SESSION, routes};
use crate::support::{TestEnv, database::raw::Raw};

on_both_engines! {
    requests_without_the_form_token_change_nothing,
    requests_from_another_site_are_refused,
    api_clients_need_no_form_token,
    a_form_without_the_token_cannot_override_its_method,
}

/// Rows of every table, except those that a sign-in adds.
async fn all_rows(raw: &mut Raw) -> Vec<String> {
    let mut all = Vec::new();
    for table in raw.tables().await {
        all.extend(raw.dump(&table, "1 = 1").await);
    }
    all
}

async fn requests_without_the_form_token_change_nothing(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", "+998901234567").await;
    let browser = env.sign_in(&company.administrator).await;
    let other = env.sign_in(&company.administrator).await;
    assert_ne!(browser.form_token, other.form_token);
    let mut raw = env.raw().await;
    let before = all_rows(&mut raw).await;

    let mut asked = 0;
    for route in routes() {
        if !route.changes_something() || WITHOUT_SESSION.contains(&route.pattern) {
            continue;
        }
        asked += 1;
        let bare = || route.ask(&browser, &ids).without_token();
        let refused = bare().html().await.is(403);
        assert!(refused.text_of("h1").len() > 5);
        bare().json().await.problem(403);
        route.ask_json(&browser, &ids).without_token().json().await.problem(403);
        bare().header("x-csrf-token", "").json().await.problem(403);
        bare().header("x-csrf-token", other.form_token.as_ref().unwrap()).json().await.problem(403);
        let mut guessed = route.fields(&ids);
        guessed.push(("_csrf", "a guess".to_owned()));
        browser
            .ask(route.method.clone(), route.path(&ids))
            .without_token()
            .form(guessed)
            .json()
            .await
            .problem(403);
        let text = browser.ask(route.method.clone(), route.path(&ids)).without_token();
        text.raw("text/plain", "first_name=Botir").json().await.problem(403);
    }
    assert!(asked >= 12, "{asked}");
    assert_eq!(all_rows(&mut raw).await, before);

    // With the token, the same requests are accepted.
    for route in routes() {
        if route.changes_something() && !WITHOUT_SESSION.contains(&route.pattern) {
            let answer = route.ask(&browser, &ids).html().await;
            assert_ne!(answer.status, 403, "{answer:?}");
        }
    }
    assert_ne!(all_rows(&mut raw).await, before);
}

async fn requests_from_another_site_are_refused(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.agent).await;
    let login =
        [("email", company.agent.user.email.as_str()), ("password", crate::support::people::PASSWORD)];
    let client = [("first_name", "Aziza")];
    for (header, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "https://crm.example.uz.evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let refused = browser.post("/login").form(login).header(header, value).html().await.is(403);
        assert!(refused.header("set-cookie").is_none());
        browser.post("/crm/clients").form(client).header(header, value).html().await.is(403);
        browser.post("/logout").header(header, value).json().await.problem(403);
        browser.get("/crm/clients").header(header, value).html().await.is(200);
    }
    for (header, value) in [("origin", "https://crm.example.uz"), ("sec-fetch-site", "same-origin")] {
        browser.post("/login").form(login).header(header, value).html().await.is(303);
        let named = [("first_name", header)];
        browser.post("/crm/clients").form(named).header(header, value).html().await.is(303);
    }
}

async fn api_clients_need_no_form_token(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.agent).await;
    assert!(program.form_token.is_none());
    program.post("/crm/clients").form([("first_name", "Aziza")]).json().await.is(201);
    program.post("/crm/clients").json_body(serde_json::json!({ "first_name": "Botir" })).json().await.is(201);
}

async fn a_form_without_the_token_cannot_override_its_method(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.administrator).await;
    let aziza = company.client(&env, "Aziza", "+998901234567").await;
    let path = format!("/crm/clients/{aziza}");
    let form = [("_method", "DELETE")];
    browser.post(&path).form(form).without_token().html().await.is(403);
    browser.get(format!("{path}?_method=DELETE")).html().await.is(200);
    browser.post(format!("{path}?_method=DELETE")).form([("a", "b")]).json().await.problem(405);
    browser.get(&path).html().await.is(200);
    browser.post(&path).form(form).html().await.is(303);
    browser.get(&path).html().await.is(404);
}
