//! Tests of the second factor: setting it up, signing in with it, and losing it.

use chrono::TimeDelta;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::support::{
    Company, TestEnv,
    http::{TestResponse, Visitor},
    people::PASSWORD,
};

on_both_engines! {
    a_user_sets_up_a_second_factor_and_signs_in_with_it,
    a_code_is_used_once_and_guessing_is_blocked,
    recovery_codes_sign_in_once_each,
    who_must_have_a_second_factor_does_nothing_else_before,
    an_administrator_removes_a_lost_second_factor,
    the_secret_is_sealed_and_survives_a_rotated_key,
}

const PATH: &str = "/account/two-factor";
const EMAIL: &str = "agent@samarkand.example";

/// The code that an authenticator app shows now, by its secret in base 32.
fn code(env: &TestEnv, secret: &str) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    totp.generate(u64::try_from(env.clock.now().timestamp()).unwrap()).to_string()
}

/// Advances the clock to another step.
fn next_step(env: &TestEnv) {
    env.advance_clock(TimeDelta::seconds(30));
}

/// Sets up the second factor of a user; returns the secret and the recovery codes.
async fn set_up(env: &TestEnv, program: &Visitor) -> (String, Vec<String>) {
    let begun = program.post(PATH).json().await.is(201).value();
    let secret = begun["secret"].as_str().unwrap().to_owned();
    let confirmed = program.put(PATH).json_body(json!({ "code": code(env, &secret) })).json().await;
    let codes = confirmed.is(200).value()["recovery_codes"].clone();
    (secret, serde_json::from_value(codes).unwrap())
}

/// The first step of a sign-in; returns the challenge.
async fn challenge(visitor: &Visitor) -> String {
    let answer = visitor.post("/login").form([("email", EMAIL), ("password", PASSWORD)]).json().await;
    let answer = answer.is(202);
    assert_eq!(answer.header("set-cookie"), None, "no session before the second step");
    answer.value()["challenge"].as_str().unwrap().to_owned()
}

async fn second_step(visitor: &mut Visitor, challenge: &str, code: &str) -> TestResponse {
    let answer = visitor.post("/login").form([("challenge", challenge), ("code", code)]).json().await;
    visitor.keep(&answer);
    answer
}

async fn company(env: &TestEnv) -> Company {
    env.company("samarkand").await
}

async fn a_user_sets_up_a_second_factor_and_signs_in_with_it(env: TestEnv) {
    let company = company(&env).await;
    let browser = env.sign_in(&company.agent).await;
    let mut elsewhere = env.site().visitor();
    elsewhere.sign_in(EMAIL, PASSWORD).await.is(303);
    browser.get(PATH).html().await.is(200);
    browser.post(PATH).form([("", ""); 0]).html().await.is(303);
    let page = browser.get(PATH).html().await.is(200);
    assert!(page.attribute(".qr-code path", "d").unwrap().starts_with('M'));
    let secret = page.text_of(".secret");
    browser.put(PATH).form([("code", "000000")]).html().await.is(422);
    browser.put(PATH).form([("code", "")]).html().await.is(422);
    // It does not count before it is confirmed.
    env.site().visitor().sign_in(EMAIL, PASSWORD).await.is(303);
    let page = browser.put(PATH).form([("code", code(&env, &secret))]).html().await.is(200);
    assert_eq!(page.texts(".recovery-codes code").len(), 10);
    browser.get(PATH).html().await.is(200);
    assert_eq!(elsewhere.get("/crm/chats").json().await.status, 401, "other sessions end");
    let program = env.api_client(&company.agent).await;
    program.post(PATH).json().await.problem(409);
    assert_eq!(program.get(PATH).json().await.is(200).value()["enabled"], true);
    let manager = env.api_client(&company.administrator).await;
    let user = manager.get(format!("/crm/settings/team/{}", company.agent.user.id)).json().await.is(200);
    assert_eq!(user.value()["two_factor"], true);

    next_step(&env);
    let mut visitor = env.site().visitor();
    let page = visitor.sign_in(EMAIL, PASSWORD).await.is(200);
    assert!(page.has("input[name=code]") && !page.has("input[name=password]"));
    let challenge = page.attribute("input[name=challenge]", "value").unwrap();
    let wrong = visitor.post("/login").form([("challenge", &*challenge), ("code", "000000")]).html().await;
    assert!(wrong.is(422).has("input[name=code]"), "the step is repeated");
    let fields = [("challenge", challenge), ("code", code(&env, &secret))];
    let answer = visitor.post("/login").form(fields).html().await.is(303);
    visitor.keep(&answer);
    visitor.get("/crm/chats").html().await.is(200);

    next_step(&env);
    program.delete(PATH).json_body(json!({ "code": "000000" })).json().await.problem(422);
    program.delete(PATH).json_body(json!({ "code": code(&env, &secret) })).json().await.is(204);
    program.delete(PATH).json_body(json!({ "code": "000000" })).json().await.problem(404);
    env.site().visitor().sign_in(EMAIL, PASSWORD).await.is(303);
}

async fn a_code_is_used_once_and_guessing_is_blocked(env: TestEnv) {
    let company = company(&env).await;
    let program = env.api_client(&company.agent).await;
    let restricted = json!({ "name": "Reader", "permissions": ["Client.Read"] });
    let key = program.post("/crm/settings/api-keys").json_body(restricted).json().await.is(201).value();
    let reader = Visitor { bearer: Some(key["token"].as_str().unwrap().to_owned()), ..env.site().visitor() };
    reader.post(PATH).json().await.problem(403);
    let (secret, _) = set_up(&env, &program).await;
    reader.delete(PATH).json_body(json!({ "code": "000000" })).json().await.problem(403);
    let mut visitor = env.site().visitor();
    let proof = challenge(&visitor).await;
    let used = code(&env, &secret);
    assert_eq!(second_step(&mut visitor, &proof, &used).await.status, 422, "it confirmed the secret already");
    next_step(&env);
    let now = code(&env, &secret);
    second_step(&mut visitor, &proof, &now).await.is(204);
    visitor.get("/crm/chats").json().await.is(200);
    let mut thief = env.site().visitor();
    second_step(&mut thief, &proof, &now).await.problem(422);
    assert!(thief.cookie.is_none());

    // Challenges end, can't be made up, and end with the password.
    for forged in ["", "1.1.99999999999.x", "1.1", &proof.replace('.', "x"), &proof.replacen('1', "2", 1)] {
        let fields = [("challenge", forged), ("code", "123456"), ("email", EMAIL), ("password", "x")];
        thief.post("/login").form(fields).json().await.problem(401);
    }
    env.advance_clock(TimeDelta::minutes(11));
    second_step(&mut thief, &proof, &code(&env, &secret)).await.problem(401);

    // The password does not forgive wrong codes.
    let mut blocked = false;
    for _ in 0..12 {
        let again = thief.post("/login").form([("email", EMAIL), ("password", PASSWORD)]).json().await;
        if again.status == 429 {
            blocked = true;
            break;
        }
        let proof = again.is(202).value()["challenge"].as_str().unwrap().to_owned();
        blocked |= second_step(&mut thief, &proof, "000000").await.status == 429;
    }
    assert!(blocked);
}

async fn recovery_codes_sign_in_once_each(env: TestEnv) {
    let company = company(&env).await;
    let program = env.api_client(&company.agent).await;
    let (_, codes) = set_up(&env, &program).await;
    let mut visitor = env.site().visitor();
    let proof = challenge(&visitor).await;
    second_step(&mut visitor, &proof, &codes[0].to_lowercase()).await.is(204);
    visitor.get("/crm/chats").json().await.is(200);
    assert_eq!(program.get(PATH).json().await.is(200).value()["recovery_codes_left"], 9);
    let proof = challenge(&env.site().visitor()).await;
    second_step(&mut env.site().visitor(), &proof, &codes[0]).await.problem(422);
    second_step(&mut env.site().visitor(), &proof, &codes[1].replace('-', " ")).await.is(204);
}

async fn who_must_have_a_second_factor_does_nothing_else_before(env: TestEnv) {
    let company = company(&env).await;
    let administrator = env.api_client(&company.administrator).await;
    let settings = "/crm/settings/workspace";
    let unknown = json!({ "two_factor_roles": ["boss"] });
    administrator.put(settings).json_body(unknown).json().await.problem(422);
    let browser = env.sign_in(&company.agent).await;
    let rule = json!({ "two_factor_roles": ["agent"] });
    administrator.put(settings).json_body(rule).json().await.is(200);
    assert_eq!(
        administrator.get(settings).json().await.is(200).value()["two_factor_roles"],
        json!(["agent"])
    );

    // Also in sessions that are open already.
    assert_eq!(browser.get("/crm/chats").html().await.is(303).location(), PATH);
    browser.get("/crm/chats").json().await.problem(403);
    browser.get("/crm/events").json().await.problem(403);
    browser.post("/crm/clients").form([("first_name", "Aziza")]).json().await.problem(403);
    browser.get(PATH).html().await.is(200);
    let begun = browser.post(PATH).json().await.is(201).value();
    let right = code(&env, begun["secret"].as_str().unwrap());
    browser.put(PATH).json_body(json!({ "code": right })).json().await.is(200);
    browser.get("/crm/chats").html().await.is(200);
    let mut manager = env.site().visitor();
    manager.sign_in("manager@samarkand.example", PASSWORD).await.is(303);
    manager.get("/crm/chats").html().await.is(200);
    administrator.put(settings).json_body(json!({ "two_factor_roles": ["*"] })).json().await.is(200);
    assert_eq!(manager.get("/crm/chats").html().await.is(303).location(), PATH);
    // Programs have their tokens.
    administrator.get("/crm/chats").json().await.is(200);
    administrator.put(settings).json_body(json!({ "two_factor_roles": [] })).json().await.is(200);
    manager.get("/crm/chats").html().await.is(200);
}

async fn an_administrator_removes_a_lost_second_factor(env: TestEnv) {
    let company = company(&env).await;
    let browser = env.sign_in(&company.agent).await;
    set_up(&env, &browser).await;
    let path = format!("/crm/settings/team/{}/two-factor", company.agent.user.id);
    env.api_client(&company.manager).await.delete(&path).json().await.problem(403);
    let other = env.company("bukhara").await;
    env.api_client(&other.administrator).await.delete(&path).json().await.problem(404);
    let administrator = env.sign_in(&company.administrator).await;
    assert!(
        administrator.get("/crm/settings/team").html().await.is(200).has(&format!("form[action='{path}']"))
    );
    administrator.delete(&path).html().await.is(303);
    assert_eq!(browser.get("/crm/chats").json().await.status, 401, "sessions end");
    env.site().visitor().sign_in(EMAIL, PASSWORD).await.is(303);
    env.api_client(&company.administrator).await.delete(&path).json().await.problem(404);
}

async fn the_secret_is_sealed_and_survives_a_rotated_key(env: TestEnv) {
    let company = company(&env).await;
    let (secret, codes) = set_up(&env, &env.api_client(&company.agent).await).await;
    for plain in [secret.clone(), codes[0].clone(), codes[0].replace('-', "")] {
        assert!(!env.contains_plaintext(&plain).await, "{plain}");
    }
    let former = crate::support::world::secret_key();
    let new =
        aloqa::services::SecretKey::from_base64("bmV3IGtleSBvZiAzMiBieXRlcyBmb3IgdGhlIHRlc3Q=").unwrap();
    let vault = aloqa::services::Vault::with_keys(&[new, former]);
    env.services.channels.reseal_secrets(&vault).await.unwrap();
    let mut env = env;
    env.services = env.services_with(|dependencies| dependencies.vault = vault.clone());
    next_step(&env);
    let mut visitor = env.site().visitor();
    let proof = challenge(&visitor).await;
    let right: Value = json!(code(&env, &secret));
    second_step(&mut visitor, &proof, right.as_str().unwrap()).await.is(204);
}
