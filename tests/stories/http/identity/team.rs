//! Tests of the team, roles, invitations, API keys and sessions.

use serde_json::{Value, json};

use crate::support::{TestEnv, http::Visitor, people::PASSWORD};

on_both_engines! {
    an_invited_colleague_sets_a_password_once,
    an_own_role_gives_its_permissions_at_once,
    nobody_gives_more_than_they_have,
    the_last_administrator_and_the_own_account_stay,
    a_reset_link_replaces_a_password_once,
    a_service_account_acts_with_its_role,
    a_restricted_key_gives_no_more_than_its_permissions,
    a_user_ends_another_session,
    the_pages_of_access_show_what_they_change,
}

async fn created(visitor: &Visitor, path: &str, body: Value) -> Value {
    visitor.post(path).json_body(body).json().await.is(201).value()
}

/// The token of a link.
fn token_of(url: &Value) -> String {
    url.as_str().unwrap().split_once("token=").unwrap().1.to_owned()
}

async fn an_invited_colleague_sets_a_password_once(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let new = json!({ "email": "Lola@Example.uz", "role": "agent", "first_name": "Lola" });
    let first = created(&program, "/crm/settings/team", new.clone()).await;
    let second = created(&program, "/crm/settings/team", new).await;
    assert_ne!(first["url"], second["url"]);
    assert_eq!((&second["email"], &second["role"]), (&json!("lola@example.uz"), &json!("agent")));

    let browser = env.anonymous_visitor();
    let [old, token] = [&first, &second].map(|invitation| token_of(&invitation["url"]));
    browser.get(format!("/access?token={old}")).html().await.is(404);
    let page = browser.get(format!("/access?token={token}")).html().await.is(200);
    assert!(
        page.has("input[name=first_name][value=Lola]") && page.text_of("main").contains("lola@example.uz")
    );
    let form = |password: &'static str| {
        let fields = [("token", token.clone()), ("first_name", "Lola".into()), ("password", password.into())];
        browser.post("/access").form(fields.to_vec())
    };
    let page = form("short").html().await.is(422);
    assert!(page.has("#e-password") && page.has("input[name=first_name][value=Lola]"));
    form(PASSWORD).html().await.is(303);
    form(PASSWORD).html().await.is(404);
    let mut lola = env.anonymous_visitor();
    lola.sign_in("lola@example.uz", PASSWORD).await.is(303);
    let team = program.get("/crm/settings/team").json().await.is(200).value();
    assert_eq!(team["total"], 5);
    let of_lola =
        team["items"].as_array().unwrap().iter().find(|user| user["email"] == "lola@example.uz").unwrap();
    assert!(of_lola["last_seen_at"].is_string() && of_lola["role"] == "agent", "{of_lola}");

    let taken = json!({ "email": "lola@example.uz", "role": "agent" });
    program.post("/crm/settings/team").json_body(taken).json().await.problem(409);
    let other =
        created(&program, "/crm/settings/team", json!({ "email": "b@b.uz", "role": "manager" })).await;
    program.delete(format!("/crm/settings/team/invitations/{}", other["id"])).json().await.is(204);
    browser.get(format!("/access?token={}", token_of(&other["url"]))).html().await.is(404);
    let late = created(&program, "/crm/settings/team", json!({ "email": "c@c.uz", "role": "manager" })).await;
    env.advance_clock(chrono::TimeDelta::days(8));
    browser.get(format!("/access?token={}", token_of(&late["url"]))).html().await.is(404);
}

async fn an_own_role_gives_its_permissions_at_once(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (program, agent) =
        (env.api_client(&company.administrator).await, env.api_client(&company.agent).await);
    let role = json!({ "name": "Reception", "permissions": ["Client.Read", "Client.Create"] });
    let role = created(&program, "/crm/settings/roles", role).await;
    assert_eq!((&role["builtin"], role["permissions"].as_array().unwrap().len()), (&json!(false), 2));
    let id = role["id"].as_i64().unwrap();
    let member = format!("/crm/settings/team/{}", company.agent.user.id);
    let user = program.put(&member).json_body(json!({ "role": id })).json().await.is(200).value();
    assert_eq!(user["role"], "Reception");
    agent.get("/crm/chats").json().await.problem(403);
    agent.get("/crm/clients").json().await.is(200);
    let path = format!("/crm/settings/roles/{id}");
    program.put(&path).json_body(json!({ "permissions": ["Chat.Read"] })).json().await.is(200);
    agent.get("/crm/chats").json().await.is(200);
    agent.get("/crm/clients").json().await.problem(403);
    program.delete(&path).json().await.problem(409);
    program.put(&member).json_body(json!({ "role": "agent" })).json().await.is(200);
    program.delete(&path).json().await.is(204);

    let all = program.get("/crm/settings/roles").json().await.is(200).value();
    assert_eq!(all["total"], 4);
    let built_in = format!("/crm/settings/roles/{}", all["items"][0]["id"]);
    program.get(&built_in).json().await.is(200);
    program.put(&built_in).json_body(json!({ "name": "Boss" })).json().await.problem(409);
    program.delete(&built_in).json().await.problem(409);
    for wrong in [
        json!({ "name": "", "permissions": ["Chat.Read"] }),
        json!({ "name": "agent", "permissions": ["Chat.Read"] }),
        json!({ "name": "R", "permissions": ["Chat.Reed"] }),
        json!({ "name": "R", "permissions": { "Chat.Read": true } }),
        json!({ "name": "R" }),
        json!({ "name": ["R"], "permissions": ["Chat.Read"] }),
    ] {
        program.post("/crm/settings/roles").json_body(wrong.clone()).json().await.problem(422);
    }
}

async fn nobody_gives_more_than_they_have(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let role = json!({ "name": "Head", "permissions": ["User.Manage", "Client.Read"] });
    let head = created(&program, "/crm/settings/roles", role).await;
    let of = |id: aloqa::domain::UserId| format!("/crm/settings/team/{id}");
    let body = json!({ "role": head["id"] });
    program.put(of(company.agent.user.id)).json_body(body).json().await.is(200);
    let head = env.api_client(&company.agent).await;
    for (role, status) in [("administrator", 403), ("agent", 403), ("Head", 201)] {
        let invited = json!({ "email": format!("{status}@b.uz"), "role": role });
        head.post("/crm/settings/team").json_body(invited).json().await.is(status);
    }
    for (name, permissions, status) in [("A", "Chat.Read", 403), ("B", "Client.Read", 201)] {
        let role = json!({ "name": name, "permissions": [permissions] });
        head.post("/crm/settings/roles").json_body(role).json().await.is(status);
    }
    let administrator = of(company.administrator.user.id);
    for body in [json!({ "disabled": true }), json!({ "role": "Head" })] {
        head.put(&administrator).json_body(body).json().await.problem(403);
    }
    head.post(format!("{administrator}/reset-link")).json().await.problem(403);
    let key = json!({ "name": "K", "role": "administrator" });
    head.post("/crm/settings/api-keys").json_body(key).json().await.problem(403);
}

async fn the_last_administrator_and_the_own_account_stay(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let own = format!("/crm/settings/team/{}", company.administrator.user.id);
    for body in [json!({ "role": "agent" }), json!({ "disabled": true })] {
        program.put(&own).json_body(body).json().await.problem(422);
    }
    let agent = env.api_client(&company.agent).await;
    let member = format!("/crm/settings/team/{}", company.agent.user.id);
    let user = program.put(&member).json_body(json!({ "disabled": true })).json().await.is(200).value();
    assert!(user["disabled_at"].is_string());
    agent.get("/crm/chats").json().await.problem(401);
    program.put(&member).json_body(json!({ "disabled": false })).json().await.is(200);
    program.put(&member).json_body(json!({ "disabled": "perhaps" })).json().await.problem(422);
    program.get("/crm/settings/team/999999").json().await.problem(404);
}

async fn a_reset_link_replaces_a_password_once(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let agent = env.sign_in(&company.agent).await;
    let path = format!("/crm/settings/team/{}/reset-link", company.agent.user.id);
    let link = program.post(&path).json().await.is(201).value();
    let token = token_of(&link["url"]);
    agent.get("/crm/chats").html().await.is(200);
    let browser = env.anonymous_visitor();
    let page = browser.get(format!("/access?token={token}")).html().await.is(200);
    assert!(!page.has("input[name=first_name]"));
    let new = "another horse battery";
    let form = || browser.post("/access").json_body(json!({ "token": token, "password": new }));
    form().json().await.is(204);
    form().json().await.problem(404);
    agent.get("/crm/chats").html().await.is(303);
    let mut agent = env.anonymous_visitor();
    let email = company.agent.user.email.as_str();
    agent.sign_in(email, new).await.is(303);
}

async fn a_service_account_acts_with_its_role(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let new = json!({ "name": "Web form", "role": "agent", "expires_in": 30 });
    let key = created(&program, "/crm/settings/api-keys", new).await;
    let token = key["token"].as_str().unwrap().to_owned();
    assert!(key["user"].is_null() && token.starts_with(key["prefix"].as_str().unwrap()), "{key}");
    let service = Visitor { bearer: Some(token.clone()), ..env.anonymous_visitor() };
    service.post("/crm/clients").json_body(json!({ "first_name": "Aziza" })).json().await.is(201);
    service.get("/crm/settings/team").json().await.problem(403);
    let team = program.get("/crm/settings/team").json().await.is(200).value();
    assert_eq!(team["total"], 4, "it is no member of the team");
    let listed = program.get("/crm/settings/api-keys").json().await.is(200).value();
    assert!(!listed.to_string().contains(&token));
    let of_agent = env.api_client(&company.agent).await;
    let own = of_agent.get("/crm/settings/api-keys").json().await.is(200).value();
    assert!(
        own["items"].as_array().unwrap().iter().all(|key| key["user"] == company.agent.user.email.as_str())
    );
    let path = format!("/crm/settings/api-keys/{}", key["id"]);
    of_agent.delete(&path).json().await.problem(404);
    program.delete(&path).json().await.is(204);
    service.get("/crm/clients").json().await.problem(401);
    program.delete(&path).json().await.problem(404);
}

async fn a_restricted_key_gives_no_more_than_its_permissions(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.agent).await;
    let new = json!({ "name": "Reports", "permissions": ["Client.Read"] });
    let key = created(&program, "/crm/settings/api-keys", new).await;
    assert_eq!(key["permissions"], json!(["Client.Read"]));
    let restricted =
        Visitor { bearer: Some(key["token"].as_str().unwrap().to_owned()), ..env.anonymous_visitor() };
    restricted.get("/crm/clients").json().await.is(200);
    restricted.get("/crm/chats").json().await.problem(403);
    restricted.post("/crm/clients").json_body(json!({ "first_name": "A" })).json().await.problem(403);
    // A key that it creates has its permissions, and no more.
    let own = created(&restricted, "/crm/settings/api-keys", json!({ "name": "Own" })).await;
    assert_eq!(own["permissions"], json!(["Client.Read"]));
    let wider = json!({ "name": "Wider", "permissions": ["Chat.Read"] });
    restricted.post("/crm/settings/api-keys").json_body(wider).json().await.problem(403);
    for wrong in [
        json!({ "name": "" }),
        json!({ "name": "A", "expires_in": 0 }),
        json!({ "name": "A", "permissions": ["Client.Reed"] }),
        json!({ "name": "A", "role": "nobody" }),
    ] {
        program.post("/crm/settings/api-keys").json_body(wrong).json().await.problem(422);
    }
}

async fn a_user_ends_another_session(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (here, there) = (env.sign_in(&company.agent).await, env.sign_in(&company.agent).await);
    let other = env.sign_in(&company.manager).await;
    let sessions = here.get("/account/sessions").json().await.is(200).value();
    let sessions = sessions["items"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let current: Vec<_> = sessions.iter().filter(|session| session["current"] == true).collect();
    assert!(current.len() == 1 && current[0]["last_used_at"].is_string(), "{sessions:?}");
    let id = sessions.iter().find(|session| session["current"] == false).unwrap()["id"].as_i64().unwrap();
    let path = format!("/account/sessions/{id}");
    other.delete(&path).json().await.problem(404);
    here.delete(&path).json().await.is(204);
    there.get("/crm/chats").html().await.is(303);
    here.get("/crm/chats").html().await.is(200);
    here.delete(&path).json().await.problem(404);
}

async fn the_pages_of_access_show_what_they_change(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.administrator).await;
    let page = browser.get("/account").html().await.is(200);
    for path in ["/account/sessions", "/crm/settings/api-keys", "/crm/settings/team", "/crm/settings/roles"] {
        assert!(page.has(&format!("a[href='{path}']")), "{path}");
        browser.get(path).html().await.is(200);
    }
    let agent = env.sign_in(&company.agent).await;
    assert!(!agent.get("/account").html().await.is(200).has("a[href='/crm/settings/team']"));

    let fields = [("email", "lola@example.uz"), ("role", "agent")];
    let page = browser.post("/crm/settings/team").form(fields.to_vec()).html().await.is(201);
    assert!(page.text_of("code.once").contains("/access?token="));
    let page = browser.get("/crm/settings/team").html().await.is(200);
    assert!(!page.has("code.once") && page.text_of("#invitations").contains("lola@example.uz"));
    let page = browser
        .post("/crm/settings/team")
        .form(vec![("email", "lola"), ("role", "agent")])
        .html()
        .await
        .is(422);
    assert!(page.has("#e-email") && page.has("input[name=email][value=lola]"));
    let fields = vec![
        ("name", "Reception"),
        ("permissions", ""),
        ("permissions", "Chat.Read"),
        ("permissions", "Chat.Send"),
    ];
    browser.post("/crm/settings/roles").form(fields).html().await.is(303);
    let page = browser.get("/crm/settings/roles").html().await.is(200);
    let role = page.attribute("#roles a", "href").unwrap();
    let page = browser.get(&role).html().await.is(200);
    assert!(
        page.has("input[value='Chat.Send'][checked]") && !page.has("input[value='Client.Read'][checked]")
    );
    let page =
        browser.post(&role).form(vec![("_method", "PUT"), ("name", "Reception"), ("permissions", "")]).html();
    page.await.is(303);
    assert!(!browser.get(&role).html().await.is(200).has("input[checked]"), "all were taken away");
    let page = browser.post("/crm/settings/api-keys").form(vec![("name", "Import")]).html().await.is(201);
    assert!(page.text_of("code.once").starts_with("aloqa_"));
    assert!(!browser.get("/crm/settings/api-keys").html().await.is(200).has("code.once"));
}
