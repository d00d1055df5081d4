//! Tests of signing in and out, by cookie and by token.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use aloqa::{
    domain::{Email, PersonName, Role},
    presentation::{AppState, app},
    services::{Dependencies, Services},
};
use chrono::TimeDelta;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::{TestEnv, http::Site, people::PASSWORD};

on_both_engines! {
    an_anonymous_visitor_is_redirected_to_the_sign_in_form_and_back,
    a_wrong_password_does_not_reveal_whether_the_address_exists,
    the_session_cookie_is_http_only_same_site_and_secure,
    sign_in_does_not_redirect_to_another_site,
    api_clients_sign_in_with_json,
    a_bearer_token_acts_for_the_user_who_created_it,
    signing_out_ends_the_session_on_the_server,
    a_session_ends_by_expiry_and_by_a_new_password,
    a_user_chooses_one_of_several_workspaces,
    repeated_failures_are_rate_limited,
    unusual_credentials_are_rejected,
    only_a_trusted_proxy_names_the_peer,
    other_hosts_are_not_served,
    an_address_has_a_quota_of_requests,
    forms_of_strangers_are_not_read,
}

async fn an_anonymous_visitor_is_redirected_to_the_sign_in_form_and_back(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut visitor = env.anonymous_visitor();
    let answer = visitor.get("/crm/clients?q=Азиза&page=2".replace("Азиза", "a%26b")).html().await.is(303);
    assert_eq!(answer.location(), "/login?next=%2Fcrm%2Fclients%3Fq%3Da%2526b%26page%3D2");
    visitor.get("/crm/events").send().await.is(303);
    assert_eq!(
        visitor.post("/crm/clients").form([("first_name", "A")]).html().await.is(303).location(),
        "/login"
    );
    assert_eq!(visitor.get("/").html().await.is(303).location(), "/login");
    let refused = visitor.get("/crm/clients").json().await;
    refused.problem(401);
    assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    visitor.get("/crm/nothing").json().await.problem(404);

    let form = visitor.get(answer.location()).html().await.is(200);
    let next = form.attribute("input[name=next]", "value").unwrap();
    assert_eq!(next, "/crm/clients?q=a%26b&page=2");
    assert!(form.has("input[name=email][autocomplete=username]"));
    assert!(form.has("input[type=password][autocomplete=current-password]"));
    let email = company.agent.user.email.as_str();
    let fields = [("email", email), ("password", PASSWORD), ("next", &next)];
    let answer = visitor.post("/login").form(fields).html().await.is(303);
    assert_eq!(answer.location(), next);
    visitor.keep(&answer);
    visitor.get(next).html().await.is(200);
    assert_eq!(visitor.get("/login").html().await.is(303).location(), "/crm/chats", "it knows who it is");
    assert_eq!(visitor.get("/").html().await.is(303).location(), "/crm/chats");
}

async fn a_wrong_password_does_not_reveal_whether_the_address_exists(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut visitor = env.anonymous_visitor();
    let known = company.agent.user.email.to_string();
    let mut said = Vec::new();
    for email in [known.as_str(), "nobody@samarkand.example", "no address", "a\"><b@samarkand.example"] {
        let page = visitor.sign_in(email, "a wrong \"password\"").await.is(422);
        assert!(page.header("set-cookie").is_none());
        assert_eq!(page.attribute("input[name=email]", "value").as_deref(), Some(email), "it stays as typed");
        assert_eq!(page.attribute("input[type=password]", "value"), None);
        assert!(!page.text().contains("a wrong"), "a password is never shown");
        said.push(page.text_of("[role=alert]"));
        visitor.post("/login").form([("email", email), ("password", "wrong")]).json().await.problem(401);
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    visitor.sign_in(&known.to_uppercase(), PASSWORD).await.is(303);
}

async fn the_session_cookie_is_http_only_same_site_and_secure(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut visitor = env.anonymous_visitor();
    let answer = visitor.sign_in(company.agent.user.email.as_str(), PASSWORD).await.is(303);
    let cookie = answer.header("set-cookie").unwrap();
    let attributes: BTreeSet<_> = cookie.split("; ").skip(1).collect();
    let expected = BTreeSet::from(["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=1209600", "Secure"]);
    assert_eq!(attributes, expected, "{cookie}");
    let value = cookie.split(['=', ';']).nth(1).unwrap();
    assert!(value.len() >= 43, "256 bits: {value}");
    let mut raw = env.raw().await;
    for table in raw.tables().await {
        assert!(!raw.dump(&table, "1 = 1").await.concat().contains(value), "{table} holds the token itself");
    }

    let public_url = "http://crm.example.uz".parse().unwrap();
    let services = Services::new(Dependencies { public_url, ..env.services.dependencies().clone() });
    let site = Site::new(app(AppState::new(services, CancellationToken::new())));
    let answer = site.visitor().sign_in(company.agent.user.email.as_str(), PASSWORD).await.is(303);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && !cookie.contains("Secure"), "{cookie}");
    assert!(answer.header("strict-transport-security").is_none());
}

async fn sign_in_does_not_redirect_to_another_site(env: TestEnv) {
    let company = env.company("samarkand").await;
    let visitor = env.anonymous_visitor();
    let email = company.agent.user.email.as_str();
    for next in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: a=b",
        "/\u{1}",
        "/\u{7f}",
        "/\u{0}",
        "javascript:alert(1)",
        "crm/chats",
        " /crm/clients",
        "",
    ] {
        let fields = [("email", email), ("password", PASSWORD), ("next", next)];
        let answer = visitor.post("/login").form(fields).html().await.is(303);
        assert_eq!(answer.location(), "/crm/chats", "{next:?}");
        let query: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let form = visitor.get(format!("/login?next={query}")).html().await.is(200);
        assert_eq!(form.attribute("input[name=next]", "value").as_deref(), Some(""), "{next:?}");
    }
}

async fn api_clients_sign_in_with_json(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut program = env.anonymous_visitor();
    let body = json!({ "email": company.agent.user.email.as_str(), "password": PASSWORD });
    let answer = program.post("/login").json_body(body).json().await.is(204);
    program.keep(&answer);
    let cookies = program.cookie.clone().unwrap();
    assert!(
        cookies.contains("__Host-aloqa_session=") && cookies.contains("__Host-aloqa_browser="),
        "{cookies}"
    );
    program.get("/crm/clients").json().await.is(200);
    for body in [json!({}), json!({ "email": 7, "password": ["x"] }), json!({ "email": null })] {
        program.post("/login").json_body(body).json().await.problem(401);
    }
}

async fn a_bearer_token_acts_for_the_user_who_created_it(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.read_only).await;
    program.get("/crm/clients").json().await.is(200);
    program.get("/crm/clients").html().await.is(200);
    program.post("/crm/clients").json_body(json!({ "first_name": "Aziza" })).json().await.problem(403);
    assert!(program.get("/crm/clients").json().await.header("set-cookie").is_none());

    let browser = env.sign_in(&company.agent).await;
    for header in ["Bearer nothing", "Bearer ", "Bearer", "Basic YTpi", "bearer\tx", "Bearer aloqa_\u{444}"] {
        let answer = program.site.visitor().get("/crm/clients").header("authorization", header).json().await;
        answer.problem(401);
    }
    let both = browser.get("/crm/clients").header("authorization", "Bearer nothing").json().await;
    both.problem(401);
    let mut raw = env.raw().await;
    raw.run("DELETE FROM api_tokens").await.unwrap();
    program.get("/crm/clients").json().await.problem(401);
}

async fn signing_out_ends_the_session_on_the_server(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.agent).await;
    let elsewhere = env.sign_in(&company.agent).await;
    assert_ne!(browser.cookie, elsewhere.cookie);
    browser.get("/logout").html().await.is(405);
    let page = browser.get("/crm/clients").html().await.is(200);
    assert!(page.has("form[method=post][action='/logout'] input[name=_csrf]"));
    let answer = browser.post("/logout").form([("a", "b")]).html().await.is(303);
    assert_eq!(answer.location(), "/login");
    let attributes: BTreeSet<_> = answer.header("set-cookie").unwrap().split("; ").collect();
    let expected = BTreeSet::from([
        "__Host-aloqa_session=",
        "Path=/",
        "HttpOnly",
        "SameSite=Lax",
        "Max-Age=0",
        "Secure",
    ]);
    assert_eq!(attributes, expected);
    browser.get("/crm/clients").json().await.problem(401);
    browser.post("/logout").json().await.problem(401);
    elsewhere.get("/crm/clients").json().await.is(200);
    elsewhere.post("/logout").json().await.is(204);
    elsewhere.get("/crm/clients").json().await.problem(401);
}

async fn a_session_ends_by_expiry_and_by_a_new_password(env: TestEnv) {
    let company = env.company("samarkand").await;
    let old = env.sign_in(&company.agent).await;
    let other = env.sign_in(&company.manager).await;
    let email = &company.agent.user.email;
    env.services.tenants.reset_password(company.id(), email, "another password".into()).await.unwrap();
    old.get("/crm/clients").json().await.problem(401);
    let mut again = env.anonymous_visitor();
    again.sign_in(email.as_str(), PASSWORD).await.is(422);
    again.sign_in(email.as_str(), "another password").await.is(303);
    other.get("/crm/clients").json().await.is(200);
    env.advance_clock(TimeDelta::days(14) - TimeDelta::seconds(1));
    other.get("/crm/clients").json().await.is(200);
    env.advance_clock(TimeDelta::seconds(1));
    other.get("/crm/clients").json().await.problem(401);
}

async fn a_user_chooses_one_of_several_workspaces(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    let email = Email::parse("both@example.uz").unwrap();
    let name = PersonName::parse("Dilnoza", None).unwrap();
    for company in [&samarkand, &bukhara] {
        let create = &env.services.tenants;
        create
            .create_user(company.id(), &email, &name, Role::Agent, "a shared password".into())
            .await
            .unwrap();
    }
    let visitor = env.anonymous_visitor();
    let fields = [("email", email.as_str()), ("password", "a shared password"), ("next", "/crm/clients")];
    let page = visitor.post("/login").form(fields).html().await.is(409);
    assert!(page.header("set-cookie").is_none());
    let mut slugs = page.attributes("button[name=tenant]", "value");
    slugs.sort();
    assert_eq!(slugs, ["bukhara", "samarkand"]);
    assert_eq!(page.attribute("input[name=next]", "value").as_deref(), Some("/crm/clients"));
    let answer = visitor.post("/login").form(fields).json().await.is(409);
    assert!(answer.text().contains("bukhara") && answer.text().contains("samarkand"));

    let mut fields = fields.to_vec();
    fields.push(("tenant", "bukhara"));
    let mut visitor = visitor;
    let answer = visitor.post("/login").form(fields.clone()).html().await.is(303);
    assert_eq!(answer.location(), "/crm/clients");
    visitor.keep(&answer);
    bukhara.client(&env, "Botir", "+998901234567").await;
    assert_eq!(visitor.get("/crm/clients").json().await.value()["total"], 1);
    fields.pop();
    fields.push(("tenant", "tashkent"));
    visitor.site.visitor().post("/login").form(fields).html().await.is(422);
}

async fn repeated_failures_are_rate_limited(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut visitor = env.anonymous_visitor();
    let (email, other) = (company.agent.user.email.as_str(), company.manager.user.email.as_str());
    for _ in 0..10 {
        visitor.sign_in(email, "a guess").await.is(422);
    }
    let answer = visitor.sign_in(email, PASSWORD).await.is(429);
    assert_eq!(answer.header("retry-after"), Some("900"));
    assert!(answer.text_of("[role=alert]").contains("15"), "{answer:?}");
    assert_eq!(answer.attribute("input[name=email]", "value").as_deref(), Some(email), "it stays as typed");
    assert!(answer.header("set-cookie").is_none());
    let fields = [("email", email), ("password", PASSWORD)];
    let problem = visitor.post("/login").form(fields).json().await.problem(429);
    assert!(problem["detail"].as_str().unwrap().contains("15"), "{problem}");
    visitor.sign_in(&email.to_uppercase(), PASSWORD).await.is(429);
    visitor.sign_in(other, PASSWORD).await.is(303);
    env.advance_clock(TimeDelta::minutes(15));
    visitor.sign_in(email, PASSWORD).await.is(303);
}

async fn unusual_credentials_are_rejected(env: TestEnv) {
    env.company("samarkand").await;
    let visitor = env.anonymous_visitor();
    let name = "__Host-aloqa_session";
    for cookie in [&format!("{name}="), name, &format!("{name}=x; {name}=y"), "=;;=", "\u{444}"] {
        visitor.get("/crm/clients").header("cookie", cookie).json().await.problem(401);
    }
    visitor.post("/login").form([("password", "x")]).html().await.is(422);
    visitor.post("/login").html().await.is(422);
    visitor.post("/login").form([("email", "a\0b@c.uz"), ("password", "\0")]).html().await.is(422);
    // A sign-in form has at most 64 kB.
    for (length, status) in [(60_000, 422), (100_000, 413)] {
        let fields = [("email", "a@b.uz"), ("password", &"x".repeat(length))];
        visitor.post("/login").form(fields).html().await.is(status);
    }
}

async fn only_a_trusted_proxy_names_the_peer(env: TestEnv) {
    let company = env.company("samarkand").await;
    let email = company.agent.user.email.as_str();
    let sign_in = async |site: &Site, client: &str, password: &str| {
        let form = [("email", email), ("password", password)];
        let ask = site.visitor().post("/login").form(form).header("x-forwarded-for", client);
        ask.html().await.status.as_u16()
    };
    // The requests of a test have no connection, and are taken for ones from this address.
    let services = env.services_with(|dependencies| {
        dependencies.trusted_proxies = "0.0.0.0".parse().unwrap();
    });
    let proxied = Site::new(app(AppState::new(services, CancellationToken::new())));
    for number in 0..11 {
        let answer = sign_in(&proxied, "203.0.113.7", "a guess of many").await;
        assert_eq!(answer, if number < 10 { 422 } else { 429 });
    }
    assert_eq!(sign_in(&proxied, "203.0.113.8", PASSWORD).await, 303, "another client of the proxy");
    assert_eq!(
        sign_in(&proxied, "203.0.113.9, 203.0.113.7", PASSWORD).await,
        429,
        "what the client itself named"
    );

    let direct = env.site();
    for number in 0..11 {
        let answer = sign_in(&direct, &format!("198.51.100.{number}"), "a guess of many").await;
        assert_eq!(answer, if number < 10 { 422 } else { 429 }, "a stranger names others in vain");
    }
}

async fn other_hosts_are_not_served(env: TestEnv) {
    let company = env.company("samarkand").await;
    let visitor = env.anonymous_visitor();
    let form = [("email", company.agent.user.email.as_str()), ("password", PASSWORD)];
    for host in ["evil.example", "crm.example.uz.evil.example", "a b", "x@localhost", "localhost/.x"] {
        visitor.get("/login").header("host", host).html().await.is(421);
        let ask = visitor.post("/login").form(form).header("host", host);
        let answer = ask.header("origin", format!("http://{host}")).html().await.is(421);
        assert!(answer.header("set-cookie").is_none());
    }
    for host in ["crm.example.uz", "crm.example.uz:443", "localhost:8080", "127.0.0.1:8080", "[::1]"] {
        visitor.get("/login").header("host", host).html().await.is(200);
    }
    for essential in ["/healthz", "/readyz"] {
        visitor.get(essential).header("host", "a-load-balancer").send().await.is(200);
    }
    visitor
        .post("/crm/webhooks/twilio")
        .form([("a", "b")])
        .header("host", "evil.example")
        .send()
        .await
        .is(403);
}

async fn an_address_has_a_quota_of_requests(env: TestEnv) {
    let services = env.services_with(|dependencies| {
        dependencies.trusted_proxies = "0.0.0.0".parse().unwrap();
        dependencies.address_requests_per_minute = 3;
    });
    let site = Site::new(app(AppState::new(services, CancellationToken::new())));
    let get = |path: &str, client: &str| site.visitor().get(path).header("x-forwarded-for", client).html();
    for _ in 0..3 {
        get("/login", "203.0.113.7").await.is(200);
    }
    let answer = get("/login", "203.0.113.7").await.is(429);
    assert_eq!(answer.header("ratelimit-policy"), Some("\"address\";q=3;w=60"));
    assert!(answer.header("retry-after").is_some());
    get("/healthz", "203.0.113.7").await.is(200);
    get("/login", "203.0.113.8").await.is(200);
}

async fn forms_of_strangers_are_not_read(env: TestEnv) {
    let company = env.company("samarkand").await;
    let stranger = env.anonymous_visitor();
    let polled = Arc::new(AtomicUsize::new(0));
    let body = |polled: Arc<AtomicUsize>| {
        let chunks = futures_util::stream::repeat_with(move || {
            polled.fetch_add(1, Ordering::Relaxed);
            Ok::<_, std::io::Error>(vec![b'a'; 64 * 1024])
        });
        axum::body::Body::from_stream(chunks)
    };
    let kinds = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=B"];
    for (path, cookie) in [
        ("/crm/clients", None),
        ("/crm/nothing", None),
        ("/account", Some("__Host-aloqa_session=made-up")),
        ("/crm/clients/imports", Some("__Host-aloqa_session=made-up")),
    ] {
        for kind in kinds {
            let mut request = axum::http::Request::post(path)
                .header("host", "crm.example.uz")
                .header("accept", "application/json")
                .header("content-type", kind);
            if let Some(cookie) = cookie {
                request = request.header("cookie", cookie);
            }
            let answer = stranger.site.answer(request.body(body(polled.clone())).unwrap()).await;
            assert_eq!(answer.status().as_u16(), 401, "{path}");
        }
    }
    assert_eq!(polled.load(Ordering::Relaxed), 0, "nothing was read");
    let browser = env.sign_in(&company.agent).await;
    browser.post("/crm/clients").form([("first_name", "Aziza")]).html().await.is(303);
}
