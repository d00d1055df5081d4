//! Tests of sign-in: passwords, sessions, tokens and the limit on attempts.

use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

use aloqa::{
    domain::{Email, Event, EventId, Locale, NewTenant, PersonName, Problem, Role, TimeZone, UserRole},
    error::AppError,
    persistence::Device,
    services::{EventStream, NewApiKey, SignIn, SignInAttempt, TOKEN_LIFETIME},
};
use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};

use crate::support::{
    Company, TestEnv, concurrently,
    http::until,
    people::{PASSWORD, attempt, email_of},
};

on_both_engines![
    the_right_password_opens_a_session,
    a_wrong_password_is_rejected_and_recorded,
    a_session_ends_by_expiry_or_sign_out,
    ten_failures_limit_the_account,
    concurrent_guesses_share_the_login_limit,
    one_password_on_many_accounts_blocks_the_peer,
    guesses_from_many_peers_slow_an_account_and_do_not_block_it,
    failures_of_a_known_browser_are_counted_for_itself,
    made_up_addresses_keep_nobody_out,
    signing_in_again_ends_the_former_session,
    common_passwords_are_refused,
    a_password_that_was_changed_meanwhile_opens_nothing,
    very_long_passwords_are_not_computed,
    a_user_of_two_workspaces_chooses_one,
    a_changed_password_ends_all_sessions_and_allows_new_ones,
    credentials_are_stored_hashed,
    a_token_acts_for_the_user_who_created_it,
    a_disabled_user_has_no_access_until_enabled,
    a_new_password_ends_the_tokens_of_the_user,
    a_revoked_token_ends_at_once,
    the_use_of_a_token_is_stored_to_the_minute,
    a_tenant_keeps_an_administrator,
    concurrent_commands_keep_an_administrator,
    a_tenant_is_created_with_its_administrator,
    an_email_address_is_unique_in_a_tenant,
];

const AGENT: &str = "agent@samarkand.example";

async fn sign_in(env: &TestEnv, email: &str, password: &str) -> Result<SignIn, AppError> {
    env.services.identity.sign_in(attempt(email, password)).await
}

async fn session(env: &TestEnv, email: &str, password: &str) -> String {
    match sign_in(env, email, password).await.unwrap() {
        SignIn::Session { token, .. } => token.expose_secret().to_owned(),
        other => panic!("{other:?}"),
    }
}

async fn is_session_open(env: &TestEnv, session: &str) -> bool {
    env.services.identity.authenticate_session(session).await.unwrap().is_some()
}

async fn events(company: &Company) -> Vec<Event> {
    let (recorded, _) = company.read().await.events().after(EventId(0), 1_000).await.unwrap();
    recorded.into_iter().map(|recorded| recorded.event).collect()
}

async fn the_right_password_opens_a_session(env: TestEnv) {
    let company = env.company("samarkand").await;
    let first = session(&env, AGENT, PASSWORD).await;
    let second = session(&env, " Agent@Samarkand.EXAMPLE ", PASSWORD).await;
    assert!(first != second && first.len() >= 43, "256 bits that nobody guesses");
    let actor = env.services.identity.authenticate_session(&first).await.unwrap().unwrap();
    assert_eq!((actor.user.id, actor.tenant.id), (company.agent.user.id, company.id()));
    assert_eq!(actor.user.role, UserRole::BuiltIn(Role::Agent));
    let user_id = company.agent.user.id;
    assert_eq!(events(&company).await, [Event::SignedIn { user_id }, Event::SignedIn { user_id }]);
    for guess in ["", "x", &first[1..], &first.to_uppercase()] {
        assert!(!is_session_open(&env, guess).await, "{guess}");
    }
}

async fn a_wrong_password_is_rejected_and_recorded(env: TestEnv) {
    let company = env.company("samarkand").await;
    for (email, password) in [
        (AGENT, "wrong horse battery"),
        (AGENT, ""),
        (AGENT, "correct horse battery "),
        ("nobody@samarkand.example", PASSWORD),
        ("not an address", PASSWORD),
    ] {
        let denied = sign_in(&env, email, password).await.unwrap();
        assert!(matches!(denied, SignIn::Denied), "{email} {password:?}: {denied:?}");
    }
    let user_id = company.agent.user.id;
    let failed = Event::SignInFailed { user_id, peer: Some("203.0.113.7".into()) };
    until("the refusals are recorded", async || events(&company).await == vec![failed.clone(); 3]).await;
    assert_eq!(env.raw().await.count("sessions").await, 0);
}

async fn a_session_ends_by_expiry_or_sign_out(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (old, other) = (session(&env, AGENT, PASSWORD).await, session(&env, AGENT, PASSWORD).await);
    env.services.identity.sign_out(&company.agent, &other).await.unwrap();
    assert!(is_session_open(&env, &old).await && !is_session_open(&env, &other).await);
    env.advance_clock(TimeDelta::days(14) - TimeDelta::microseconds(1));
    assert!(is_session_open(&env, &old).await);
    env.advance_clock(TimeDelta::microseconds(1));
    assert!(!is_session_open(&env, &old).await);
}

async fn ten_failures_limit_the_account(env: TestEnv) {
    env.company("samarkand").await;
    for _ in 0..10 {
        assert!(matches!(sign_in(&env, AGENT, "wrong horse battery").await, Ok(SignIn::Denied)));
    }
    for password in ["wrong horse battery", PASSWORD] {
        let waits = sign_in(&env, AGENT, password).await;
        assert!(matches!(waits, Err(AppError::TooManyAttempts { .. })), "{waits:?}");
    }
    session(&env, "manager@samarkand.example", PASSWORD).await;
    env.advance_clock(TimeDelta::minutes(15));
    session(&env, AGENT, PASSWORD).await;
    // A successful sign-in resets the count of failures.
    for _ in 0..9 {
        sign_in(&env, AGENT, "wrong horse battery").await.unwrap();
    }
    session(&env, AGENT, PASSWORD).await;
    assert!(matches!(sign_in(&env, AGENT, "wrong horse battery").await, Ok(SignIn::Denied)));
}

async fn concurrent_guesses_share_the_login_limit(env: TestEnv) {
    env.company("samarkand").await;
    let guess = |number: usize| {
        let identity = env.services.identity.clone();
        async move { identity.sign_in(attempt(AGENT, format!("guess number {number}"))).await }
    };
    let mut guesses = concurrently(40, guess).await;
    let busy = guesses.iter().filter(|guess| matches!(guess, Err(AppError::Busy))).count();
    assert!(busy <= 28, "one peer has twelve places in the line: {busy}");
    for number in 40..60 {
        guesses.push(guess(number).await);
    }
    let told = guesses.iter().filter(|guess| matches!(guess, Ok(SignIn::Denied))).count();
    assert_eq!(told, 10, "ten were told whether they were right");
}

/// An attempt from another address of the documentation's network.
fn from_peer(last: u8, email: &str, password: impl Into<SecretString>) -> SignInAttempt<'_> {
    SignInAttempt { peer: IpAddr::from([198, 51, 100, last]), ..attempt(email, password) }
}

async fn one_password_on_many_accounts_blocks_the_peer(env: TestEnv) {
    let company = env.company("samarkand").await;
    let identity = &env.services.identity;
    let SignIn::Session { browser, .. } = identity.sign_in(attempt(AGENT, PASSWORD)).await.unwrap() else {
        panic!("denied")
    };
    let addresses: Vec<_> = (0..30).map(|number| format!("user{number}@samarkand.example")).collect();
    let guesses = concurrently(30, |number| {
        let (identity, email) = (identity.clone(), addresses[number].clone());
        async move {
            loop {
                match identity.sign_in(attempt(&email, "a guess of many")).await {
                    Err(AppError::Busy) => tokio::time::sleep(Duration::from_millis(20)).await,
                    other => break other,
                }
            }
        }
    });
    assert!(guesses.await.iter().all(|guess| matches!(guess, Ok(SignIn::Denied))));
    let manager = "manager@samarkand.example";
    let blocked = identity.sign_in(attempt(manager, PASSWORD)).await;
    let Err(AppError::TooManyAttempts { retry_after }) = blocked else { panic!("{blocked:?}") };
    assert!(retry_after <= Duration::from_mins(15));
    assert!(matches!(identity.sign_in(from_peer(1, manager, PASSWORD)).await, Ok(SignIn::Session { .. })));
    let known = SignInAttempt { browser: Some(&browser), ..attempt(AGENT, PASSWORD) };
    assert!(matches!(identity.sign_in(known).await, Ok(SignIn::Session { .. })), "a browser that is known");
    let stolen = SignInAttempt { browser: Some(&browser), ..attempt(manager, PASSWORD) };
    assert!(identity.sign_in(stolen).await.is_err(), "and only with its account");
    let of_manager = Event::SignInBlocked { user_id: company.manager.user.id, peer: "203.0.113.7".into() };
    until("the block is recorded once", async || {
        events(&company).await.iter().filter(|event| **event == of_manager).count() == 1
    })
    .await;

    // Another instance of the program, or one that was started again, knows it.
    let restarted = env.services_with(|_| {});
    assert!(restarted.identity.sign_in(attempt(manager, PASSWORD)).await.is_err());
    env.advance_clock(TimeDelta::minutes(15));
    session(&env, manager, PASSWORD).await;
}

async fn guesses_from_many_peers_slow_an_account_and_do_not_block_it(env: TestEnv) {
    env.company("samarkand").await;
    let identity = &env.services.identity;
    for peer in 0..11 {
        let guess = identity.sign_in(from_peer(peer, AGENT, "a guess of many")).await;
        assert!(matches!(guess, Ok(SignIn::Denied)), "{guess:?}");
    }
    let begun = Instant::now();
    let owner = identity.sign_in(from_peer(99, AGENT, PASSWORD)).await;
    assert!(matches!(owner, Ok(SignIn::Session { .. })), "{owner:?}");
    assert!(begun.elapsed() >= Duration::from_millis(500), "{:?}", begun.elapsed());
    // One IPv6 network of 64 bits is one peer.
    for number in 0..11_u16 {
        let peer = IpAddr::from([0x2001, 0xdb8, 0, 1, number, 0, 0, 1]);
        let email = "manager@samarkand.example";
        let guess = identity.sign_in(SignInAttempt { peer, ..attempt(email, "a guess of many") }).await;
        assert_eq!(guess.is_ok(), number < 10, "{guess:?}");
    }
}

async fn failures_of_a_known_browser_are_counted_for_itself(env: TestEnv) {
    env.company("samarkand").await;
    let identity = &env.services.identity;
    let SignIn::Session { browser, .. } = identity.sign_in(attempt(AGENT, PASSWORD)).await.unwrap() else {
        panic!("denied")
    };
    for _ in 0..10 {
        assert!(matches!(sign_in(&env, AGENT, "a guess of many").await, Ok(SignIn::Denied)));
    }
    assert!(sign_in(&env, AGENT, PASSWORD).await.is_err(), "strangers behind the same address are blocked");
    let known =
        |password: &'static str| SignInAttempt { browser: Some(&browser), ..attempt(AGENT, password) };
    for _ in 0..9 {
        assert!(matches!(identity.sign_in(known("forgotten")).await, Ok(SignIn::Denied)));
    }
    assert!(matches!(identity.sign_in(known(PASSWORD)).await, Ok(SignIn::Session { .. })));
    for _ in 0..10 {
        identity.sign_in(known("forgotten")).await.unwrap();
    }
    assert!(identity.sign_in(known(PASSWORD)).await.is_err(), "it has no more tries than a stranger");
    // A new password ends it.
    env.advance_clock(TimeDelta::minutes(15));
    let company = env.services.tenants.by_slug("samarkand").await.unwrap().id;
    let new = "another horse battery";
    env.services.tenants.reset_password(company, &Email::parse(AGENT).unwrap(), new.into()).await.unwrap();
    for _ in 0..10 {
        assert!(matches!(identity.sign_in(known("forgotten")).await, Ok(SignIn::Denied)));
    }
    assert!(sign_in(&env, AGENT, new).await.is_err(), "its failures are those of a stranger");
}

async fn made_up_addresses_keep_nobody_out(env: TestEnv) {
    env.company("samarkand").await;
    assert!(matches!(sign_in(&env, "nobody@samarkand.example", "a guess").await, Ok(SignIn::Denied)));
    let mut raw = env.raw().await;
    let fill = "INSERT INTO sign_in_attempts (counted_by, attempts, since)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        SELECT 'account ' || i, 10, (SELECT MIN(since) FROM sign_in_attempts) FROM n";
    assert_eq!(raw.run(fill).await.unwrap(), 20_000);
    session(&env, AGENT, PASSWORD).await;
    env.advance_clock(TimeDelta::minutes(16));
    session(&env, "manager@samarkand.example", PASSWORD).await;
    assert!(raw.count("sign_in_attempts").await < 10, "what has expired is deleted");
}

async fn signing_in_again_ends_the_former_session(env: TestEnv) {
    let (_, bukhara) = env.two_companies().await;
    let identity = &env.services.identity;
    let elsewhere = session(&env, bukhara.agent.user.email.as_str(), PASSWORD).await;
    let other = session(&env, AGENT, PASSWORD).await;
    let again = SignInAttempt { session: Some(&elsewhere), ..attempt(AGENT, PASSWORD) };
    let SignIn::Session { token, .. } = identity.sign_in(again).await.unwrap() else { panic!("denied") };
    assert!(!is_session_open(&env, &elsewhere).await, "also in another tenant");
    assert!(is_session_open(&env, &other).await && is_session_open(&env, token.expose_secret()).await);
}

async fn common_passwords_are_refused(env: TestEnv) {
    let company = env.company("samarkand").await;
    let email = Email::parse("dilnoza.karimova@example.uz").unwrap();
    let name = PersonName::parse("Dilnoza", None).unwrap();
    for password in ["password1", "12345678", "samarkand2026"] {
        let tenants = &env.services.tenants;
        let refused = [
            tenants.create_user(company.id(), &email, &name, Role::Agent, password.into()).await.err(),
            tenants.reset_password(company.id(), &company.agent.user.email, password.into()).await.err(),
        ];
        for error in refused {
            let Some(AppError::Invalid(errors)) = error else { panic!("{password}: {error:?}") };
            let first = errors.iter().next();
            assert_eq!(first, Some(("password", &Problem::CommonPassword)), "{password}");
        }
    }
    let identity = &env.services.identity;
    let changed = identity
        .change_password(&company.agent, PASSWORD.into(), "qwerty123".into(), Device::default())
        .await;
    assert!(matches!(changed, Err(AppError::Invalid(_))), "{changed:?}");
}

async fn a_user_of_two_workspaces_chooses_one(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    let email = Email::parse("nodira@example.uz").unwrap();
    let name = PersonName::parse("Nodira", None).unwrap();
    for company in [&samarkand, &bukhara] {
        let password = PASSWORD.into();
        env.services.tenants.create_user(company.id(), &email, &name, Role::Agent, password).await.unwrap();
    }
    let SignIn::ChooseWorkspace(workspaces) = sign_in(&env, email.as_str(), PASSWORD).await.unwrap() else {
        panic!("there is a choice")
    };
    let offered: Vec<_> = workspaces.iter().map(|w| (w.slug.as_str(), w.name.as_str())).collect();
    assert_eq!(offered, [("bukhara", "bukhara LLC"), ("samarkand", "samarkand LLC")]);
    assert_eq!(env.raw().await.count("sessions").await, 0);

    let identity = &env.services.identity;
    let in_workspace = |slug| SignInAttempt { workspace: Some(slug), ..attempt(email.as_str(), PASSWORD) };
    let chosen = identity.sign_in(in_workspace("bukhara")).await.unwrap();
    let SignIn::Session { token, .. } = chosen else { panic!("{chosen:?}") };
    let actor = identity.authenticate_session(token.expose_secret()).await.unwrap().unwrap();
    assert_eq!(actor.tenant.id, bukhara.id());
    let elsewhere = identity.sign_in(in_workspace("khiva")).await.unwrap();
    assert!(matches!(elsewhere, SignIn::Denied));

    // If the passwords in the two tenants differ, there is nothing to choose.
    let password = "another horse battery";
    env.services.tenants.reset_password(bukhara.id(), &email, password.into()).await.unwrap();
    let only = session(&env, email.as_str(), PASSWORD).await;
    let actor = identity.authenticate_session(&only).await.unwrap().unwrap();
    assert_eq!(actor.tenant.id, samarkand.id());
}

async fn a_changed_password_ends_all_sessions_and_allows_new_ones(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (one, two) = (session(&env, AGENT, PASSWORD).await, session(&env, AGENT, PASSWORD).await);
    let manager = session(&env, "manager@samarkand.example", PASSWORD).await;
    let (email, new) = (email_of(Role::Agent, "samarkand"), "another horse battery");
    let tenants = &env.services.tenants;
    let short = tenants.reset_password(company.id(), &email, "seven77".into()).await.unwrap_err();
    assert!(matches!(short, AppError::Invalid(_)));
    assert!(is_session_open(&env, &one).await, "nothing has changed yet");
    tenants.reset_password(company.id(), &email, new.into()).await.unwrap();
    assert!(!is_session_open(&env, &one).await && !is_session_open(&env, &two).await);
    assert!(is_session_open(&env, &manager).await);
    assert!(matches!(sign_in(&env, AGENT, PASSWORD).await, Ok(SignIn::Denied)));
    session(&env, AGENT, new).await;

    let nobody = Email::parse("nobody@samarkand.example").unwrap();
    let unknown = tenants.reset_password(company.id(), &nobody, new.into()).await.unwrap_err();
    assert!(
        matches!(&unknown, AppError::Invalid(e) if e.iter().next() == Some(("email", &Problem::NotFound)))
    );
}

async fn credentials_are_stored_hashed(env: TestEnv) {
    let company = env.company("samarkand").await;
    let new = "another horse battery";
    env.services
        .tenants
        .reset_password(company.id(), &email_of(Role::Agent, "samarkand"), new.into())
        .await
        .unwrap();
    let session = session(&env, AGENT, new).await;
    let token = env
        .services
        .identity
        .create_api_key(&company.agent, NewApiKey::own("import", TOKEN_LIFETIME))
        .await
        .unwrap()
        .token;
    for secret in [PASSWORD, new, &session, token.expose_secret()] {
        assert!(!env.contains_plaintext(secret).await);
    }
    assert!(env.contains_plaintext("import").await, "the search would find it");
    let hashes = env.raw().await.rows("SELECT password_hash FROM users WHERE role = 'agent'").await;
    let hash = hashes[0][0].as_deref().unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{hash}");
}

async fn a_token_acts_for_the_user_who_created_it(env: TestEnv) {
    let company = env.company("samarkand").await;
    let identity = &env.services.identity;
    let token = identity
        .create_api_key(&company.manager, NewApiKey::own("import", TOKEN_LIFETIME))
        .await
        .unwrap()
        .token;
    let token = token.expose_secret();
    assert!(token.starts_with("aloqa_"), "scanners know a leaked one");
    let actor = identity.authenticate_bearer(token).await.unwrap().unwrap();
    assert_eq!((actor.user.id, actor.tenant.id), (company.manager.user.id, company.id()));
    env.advance_clock(TimeDelta::days(364));
    assert!(identity.authenticate_bearer(token).await.unwrap().is_some());
    for guess in ["", "aloqa_", &token["aloqa_".len()..]] {
        assert!(identity.authenticate_bearer(guess).await.unwrap().is_none(), "{guess}");
    }
    assert!(identity.authenticate_session(token).await.unwrap().is_none(), "a token is no session");
    let session = session(&env, AGENT, PASSWORD).await;
    assert!(identity.authenticate_bearer(&session).await.unwrap().is_none(), "a session is no token");
    env.advance_clock(TimeDelta::days(1));
    assert!(identity.authenticate_bearer(token).await.unwrap().is_none(), "it has ended");
    for days in [0, -1, 3651] {
        let refused =
            identity.create_api_key(&company.manager, NewApiKey::own("import", TimeDelta::days(days))).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{days}");
    }
}

/// True if the stream ends, although nothing else wakes it.
async fn ends(stream: &mut EventStream) -> bool {
    let ended = async { while stream.next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(5), ended).await.is_ok()
}

async fn a_disabled_user_has_no_access_until_enabled(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (identity, tenants) = (&env.services.identity, &env.services.tenants);
    let email = &company.agent.user.email;
    let session = session(&env, AGENT, PASSWORD).await;
    let token = env.token_of(&company.agent).await;
    let of_manager = env.token_of(&company.manager).await;
    let mut stream = env.services.events.open_stream(&company.agent, &token, None).await.unwrap();

    tenants.disable_user(company.id(), email).await.unwrap();
    assert!(ends(&mut stream).await);
    assert!(identity.authenticate_session(&session).await.unwrap().is_none());
    assert!(identity.authenticate_bearer(&token).await.unwrap().is_none());
    assert!(identity.authenticate_bearer(&of_manager).await.unwrap().is_some());
    let denied = identity.sign_in(attempt(AGENT, PASSWORD)).await.unwrap();
    assert!(matches!(denied, SignIn::Denied));
    let accounts = tenants.users(company.id()).await.unwrap();
    let disabled: Vec<_> =
        accounts.iter().filter(|a| a.disabled_at.is_some()).map(|a| &a.user.email).collect();
    assert_eq!(disabled, [email]);

    tenants.enable_user(company.id(), email).await.unwrap();
    assert!(identity.authenticate_bearer(&token).await.unwrap().is_none(), "it does not come back");
    assert!(matches!(identity.sign_in(attempt(AGENT, PASSWORD)).await.unwrap(), SignIn::Session { .. }));
}

async fn a_new_password_ends_the_tokens_of_the_user(env: TestEnv) {
    let company = env.company("samarkand").await;
    let identity = &env.services.identity;
    let new = "another horse battery";
    let of_manager = env.token_of(&company.manager).await;
    for by_operator in [true, false] {
        let token = env.token_of(&company.agent).await;
        if by_operator {
            let email = &company.agent.user.email;
            env.services.tenants.reset_password(company.id(), email, PASSWORD.into()).await.unwrap();
        } else {
            identity
                .change_password(&company.agent, PASSWORD.into(), new.into(), Device::default())
                .await
                .unwrap();
        }
        assert!(identity.authenticate_bearer(&token).await.unwrap().is_none());
    }
    assert!(identity.authenticate_bearer(&of_manager).await.unwrap().is_some());
}

async fn a_revoked_token_ends_at_once(env: TestEnv) {
    let (company, other) = env.two_companies().await;
    let (identity, tenants) = (&env.services.identity, &env.services.tenants);
    let (token, kept) = (env.token_of(&company.agent).await, env.token_of(&company.agent).await);
    let mut stream = env.services.events.open_stream(&company.agent, &token, None).await.unwrap();
    let listed = tenants.tokens(company.id()).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(
        (listed[0].email.as_ref().unwrap(), listed[0].name.as_str()),
        (&company.agent.user.email, "a program")
    );
    tenants.revoke_token(other.id(), listed[0].id).await.unwrap_err();
    tenants.revoke_token(company.id(), listed[0].id).await.unwrap();
    assert!(ends(&mut stream).await);
    assert!(identity.authenticate_bearer(&token).await.unwrap().is_none());
    assert!(identity.authenticate_bearer(&kept).await.unwrap().is_some());
    let again = tenants.revoke_token(company.id(), listed[0].id).await;
    assert!(matches!(again, Err(AppError::Invalid(_))));
}

async fn the_use_of_a_token_is_stored_to_the_minute(env: TestEnv) {
    let company = env.company("samarkand").await;
    let token = env.token_of(&company.agent).await;
    let last_use = async || env.services.tenants.tokens(company.id()).await.unwrap()[0].last_used_at;
    let is_used_at = async |at| until("the use is stored", async || last_use().await == Some(at)).await;
    assert_eq!(last_use().await, None);
    let first = env.clock.now();
    for (seconds, stored) in [(0, 0), (59, 0), (1, 60)] {
        env.advance_clock(TimeDelta::seconds(seconds));
        env.services.identity.authenticate_bearer(&token).await.unwrap().unwrap();
        is_used_at(first + TimeDelta::seconds(stored)).await;
    }
}

async fn a_tenant_keeps_an_administrator(env: TestEnv) {
    let company = env.company("samarkand").await;
    let tenants = &env.services.tenants;
    let (administrator, manager) = (&company.administrator.user.email, &company.manager.user.email);
    let last = |result: Result<(), AppError>| {
        let Err(AppError::Invalid(errors)) = result else { panic!("{result:?}") };
        assert!(errors.iter().all(|(_, problem)| *problem == Problem::LastAdministrator), "{errors}");
    };
    last(tenants.disable_user(company.id(), administrator).await);
    last(tenants.set_role(company.id(), administrator, Role::Manager).await);
    tenants.set_role(company.id(), administrator, Role::Administrator).await.unwrap();
    let session = session(&env, administrator.as_str(), PASSWORD).await;
    assert!(env.services.identity.authenticate_session(&session).await.unwrap().is_some(), "nothing ended");

    tenants.set_role(company.id(), manager, Role::Administrator).await.unwrap();
    tenants.set_role(company.id(), administrator, Role::Manager).await.unwrap();
    last(tenants.disable_user(company.id(), manager).await);
    tenants.set_role(company.id(), administrator, Role::Administrator).await.unwrap();
    tenants.disable_user(company.id(), administrator).await.unwrap();
    last(tenants.set_role(company.id(), manager, Role::Agent).await);
}

async fn a_tenant_is_created_with_its_administrator(env: TestEnv) {
    let tenants = &env.services.tenants;
    let new = NewTenant {
        slug: "khiva".parse().unwrap(),
        name: "Khiva Carpets".into(),
        locale: Locale::Uz,
        time_zone: TimeZone::UTC,
        country: "UZ".parse().unwrap(),
    };
    let admin = Email::parse("admin@khiva.example").unwrap();
    let name = PersonName::parse("Gulnora", None).unwrap();
    let short = tenants.create(&new, &admin, &name, "seven77".into()).await.unwrap_err();
    assert!(matches!(short, AppError::Invalid(_)), "{short:?}");
    assert!(tenants.list().await.unwrap().is_empty());
    let id = tenants.create(&new, &admin, &name, PASSWORD.into()).await.unwrap();
    let again = tenants.create(&new, &admin, &name, PASSWORD.into()).await.unwrap_err();
    assert!(matches!(&again, AppError::Conflict(conflict) if conflict.field == Some("slug")), "{again:?}");

    let tenant = tenants.by_slug("khiva").await.unwrap();
    assert_eq!((tenant.id, tenant.name.as_str()), (id, "Khiva Carpets"));
    let actor = tenants.actor(tenant.clone(), &admin).await.unwrap();
    assert_eq!(
        (actor.user.role, actor.user.name, actor.tenant.locale),
        (UserRole::BuiltIn(Role::Administrator), name, Locale::Uz)
    );
    session(&env, admin.as_str(), PASSWORD).await;
    let nobody = Email::parse("nobody@khiva.example").unwrap();
    assert!(matches!(tenants.actor(tenant, &nobody).await, Err(AppError::Invalid(_))));
    assert!(matches!(tenants.by_slug("nowhere").await, Err(AppError::Invalid(_))));
}

async fn an_email_address_is_unique_in_a_tenant(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    let tenants = &env.services.tenants;
    let (email, name) =
        (Email::parse("nodira@example.uz").unwrap(), PersonName::parse("Nodira", None).unwrap());
    tenants.create_user(samarkand.id(), &email, &name, Role::Agent, PASSWORD.into()).await.unwrap();
    let taken =
        tenants.create_user(samarkand.id(), &email, &name, Role::Agent, PASSWORD.into()).await.unwrap_err();
    assert!(matches!(&taken, AppError::Conflict(conflict) if conflict.field == Some("email")), "{taken:?}");
    tenants.create_user(bukhara.id(), &email, &name, Role::Agent, PASSWORD.into()).await.unwrap();
}

async fn concurrent_commands_keep_an_administrator(env: TestEnv) {
    let company = env.company("samarkand").await;
    let second = Email::parse("second@samarkand.example").unwrap();
    let name = PersonName::parse("Second", None).unwrap();
    let tenants = &env.services.tenants;
    tenants.create_user(company.id(), &second, &name, Role::Administrator, PASSWORD.into()).await.unwrap();
    let both = [company.administrator.user.email.clone(), second];
    for round in 0..10 {
        let done = concurrently(2, |number| {
            let (tenants, tenant, email) = (tenants.clone(), company.id(), both[number].clone());
            async move {
                match round % 2 {
                    0 => tenants.disable_user(tenant, &email).await,
                    _ => tenants.set_role(tenant, &email, Role::Agent).await,
                }
            }
        });
        let done = done.await;
        assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
        for email in &both {
            tenants.enable_user(company.id(), email).await.unwrap();
            tenants.set_role(company.id(), email, Role::Administrator).await.unwrap();
        }
    }
}

async fn a_password_that_was_changed_meanwhile_opens_nothing(env: TestEnv) {
    let company = env.company("samarkand").await;
    let email = email_of(Role::Agent, "samarkand");
    for round in 0..5 {
        let (old, new) = (format!("horse battery {round}"), format!("horse battery {}", round + 1));
        env.services.tenants.reset_password(company.id(), &email, old.clone().into()).await.unwrap();
        env.advance_clock(TimeDelta::minutes(15));
        let attempts = concurrently(4, |number| {
            let (identity, tenants) = (env.services.identity.clone(), env.services.tenants.clone());
            let (old, new, email, tenant) = (old.clone(), new.clone(), email.clone(), company.id());
            async move {
                match number {
                    0 => tenants.reset_password(tenant, &email, new.into()).await.map(|()| SignIn::Denied),
                    _ => identity.sign_in(from_peer(u8::try_from(number).unwrap(), AGENT, old)).await,
                }
            }
        });
        for attempt in attempts.await {
            if let SignIn::Session { token, .. } = attempt.unwrap() {
                assert!(!is_session_open(&env, token.expose_secret()).await, "round {round}");
            }
        }
        // Whoever changes the password with the former one does not undo the reset.
        let late = env.services.identity.change_password(
            &company.agent,
            old.into(),
            "a thief's choice".into(),
            Device::default(),
        );
        assert!(late.await.is_err());
        env.advance_clock(TimeDelta::minutes(15));
        session(&env, AGENT, &new).await;
    }
    let mut tx = company.begin().await;
    assert!(!tx.users_mut().lock_with_password(company.agent.user.id, "another hash").await.unwrap());
}

async fn very_long_passwords_are_not_computed(env: TestEnv) {
    let company = env.company("samarkand").await;
    let long = "\u{fdfa}".repeat(300_000);
    let begun = Instant::now();
    for _ in 0..20 {
        assert!(matches!(sign_in(&env, AGENT, &long).await, Ok(SignIn::Denied)));
        let change = env.services.identity.change_password(
            &company.agent,
            PASSWORD.into(),
            long.clone().into(),
            Device::default(),
        );
        assert!(matches!(change.await, Err(AppError::Invalid(_))));
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    session(&env, AGENT, PASSWORD).await;
}
