//! Tests of a user's own account: preferences, profile and password.

use crate::support::{TestEnv, people::PASSWORD};

on_both_engines! {
    preferences_apply_to_their_user_only,
    invalid_values_are_reported_and_the_others_stay_unchanged,
    a_json_request_changes_only_the_fields_sent,
    a_new_password_ends_all_other_sessions,
    a_wrong_password_changes_nothing,
}

async fn preferences_apply_to_their_user_only(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut agent = env.sign_in(&company.agent).await;
    let manager = env.sign_in(&company.manager).await;
    let page = agent.get("/account").html().await.is(200);
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("system"));
    assert!(!page.has("body[data-no-keys]"));
    let wish = [
        ("first_name", "Камола"),
        ("last_name", ""),
        ("locale", "ru"),
        ("theme", "dark"),
        ("single_keys", "false"),
    ];
    let answer = agent.put("/account").form(wish).html().await.is(303);
    assert_eq!(answer.location(), "/account?saved");
    let page = agent.get(answer.location()).html().await.is(200);
    assert_eq!(page.text_of("h1"), "Ваша учётная запись");
    assert_eq!(page.text_of("main > .note"), "Сохранено");
    let page = agent.get("/crm/clients").html().await.is(200);
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("ru"));
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("dark"));
    assert_eq!(page.attribute("meta[name=color-scheme]", "content").as_deref(), Some("dark"));
    assert!(page.has("body[data-no-keys]"));
    let other = manager.get("/crm/clients").html().await.is(200);
    assert_eq!(other.attribute("html", "lang").as_deref(), Some("en"));
    assert_eq!(other.attribute("html", "data-theme").as_deref(), Some("system"));
    // An empty preference returns to that of the tenant.
    agent.put("/account").form([("locale", ""), ("theme", "")]).html().await.is(303);
    agent.fetch_form_token().await;
    let page = agent.get("/account").html().await.is(200);
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("en"));
    assert_eq!(page.attribute("#f-first_name", "value").as_deref(), Some("Камола"));
}

async fn invalid_values_are_reported_and_the_others_stay_unchanged(env: TestEnv) {
    let company = env.company("samarkand").await;
    let agent = env.sign_in(&company.agent).await;
    let bad = [("first_name", " "), ("locale", "tlh"), ("theme", "pink"), ("single_keys", "maybe")];
    let page = agent.put("/account").form(bad).html().await.is(422);
    for field in ["first_name", "locale", "theme", "single_keys"] {
        assert!(!page.text_of(&format!("#e-{field}")).is_empty(), "{field}");
    }
    let answer = agent.put("/account").form(bad).json().await;
    answer.problem(422);
    assert_eq!(answer.invalid_fields(), ["first_name", "locale", "single_keys", "theme"]);
    let page = agent.get("/account").html().await.is(200);
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("system"));
}

async fn a_json_request_changes_only_the_fields_sent(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.read_only).await;
    let before = program.get("/account").json().await.is(200).value();
    assert_eq!(before["email"], company.read_only.user.email.as_str());
    assert_eq!(before["locale"], serde_json::Value::Null);
    let body = serde_json::json!({ "locale": "uz", "single_keys": false });
    let after = program.put("/account").json_body(body).json().await.is(200).value();
    assert_eq!((&after["locale"], &after["single_keys"]), (&"uz".into(), &false.into()));
    assert_eq!((&after["first_name"], &after["theme"]), (&before["first_name"], &"system".into()));
    assert_eq!(program.get("/account").json().await.is(200).value(), after);
}

async fn a_new_password_ends_all_other_sessions(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut here = env.sign_in(&company.agent).await;
    let elsewhere = env.sign_in(&company.agent).await;
    let other = env.sign_in(&company.manager).await;
    let fields = [("current_password", PASSWORD), ("password", "a password of mine")];
    let answer = here.put("/account/password").form(fields).html().await.is(303);
    elsewhere.get("/crm/clients").json().await.problem(401);
    here.get("/crm/clients").json().await.problem(401);
    here.keep(&answer);
    here.get("/crm/clients").json().await.is(200);
    other.get("/crm/clients").json().await.is(200);
    let email = company.agent.user.email.as_str();
    let mut visitor = env.anonymous_visitor();
    visitor.sign_in(email, PASSWORD).await.is(422);
    visitor.sign_in(email, "a password of mine").await.is(303);
}

async fn a_wrong_password_changes_nothing(env: TestEnv) {
    let company = env.company("samarkand").await;
    let agent = env.sign_in(&company.agent).await;
    let change = async |current, new| {
        agent.put("/account/password").form([("current_password", current), ("password", new)]).html().await
    };
    let page = change("a guess of mine", "a password of mine").await.is(422);
    assert_eq!(page.text_of("#e-current_password"), "Wrong password.");
    assert!(!page.text().contains("a guess of mine") && !page.text().contains("a password of mine"));
    assert!(change(PASSWORD, "short").await.is(422).has("#e-password"));
    for _ in 0..20 {
        agent.put("/account/password").form([("current_password", "x"), ("password", "y")]).json().await;
    }
    change(PASSWORD, "a password of mine").await.is(429);
    agent.get("/crm/clients").json().await.is(200);
}
