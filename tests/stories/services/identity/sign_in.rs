//! Tests of sign-in: passwords, sessions, tokens and the limit on attempts.

use aloqa::{
    domain::{Email, Event, EventId, Locale, NewTenant, PersonName, Problem, Role, TimeZone},
    error::AppError,
    services::SignIn,
};
use chrono::TimeDelta;
use secrecy::ExposeSecret as _;

use crate::support::{
    Company, TestEnv, concurrently,
    people::{PASSWORD, email_of},
};

on_both_engines![
    the_right_password_opens_a_session,
    a_wrong_password_is_rejected_and_recorded,
    a_session_ends_by_expiry_or_sign_out,
    ten_failures_limit_the_account,
    concurrent_guesses_share_the_login_limit,
    a_user_of_two_workspaces_chooses_one,
    a_changed_password_ends_all_sessions_and_allows_new_ones,
    credentials_are_stored_hashed,
    a_token_acts_for_the_user_who_created_it,
    a_tenant_is_created_with_its_administrator,
    an_email_address_is_unique_in_a_tenant,
];

const AGENT: &str = "agent@samarkand.example";

async fn sign_in(env: &TestEnv, email: &str, password: &str) -> Result<SignIn, AppError> {
    env.services.identity.sign_in(email, password.into(), None).await
}

async fn session(env: &TestEnv, email: &str, password: &str) -> String {
    match sign_in(env, email, password).await.unwrap() {
        SignIn::Session(token) => token.expose_secret().to_owned(),
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
    assert_eq!(actor.user.role, Role::Agent);
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
    assert_eq!(events(&company).await, vec![Event::SignInFailed { user_id }; 3]);
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
    let guesses = concurrently(40, |number| {
        let identity = env.services.identity.clone();
        async move { identity.sign_in(AGENT, format!("guess number {number}").into(), None).await }
    });
    let guesses = guesses.await;
    let told = guesses.iter().filter(|guess| matches!(guess, Ok(SignIn::Denied))).count();
    let waits = guesses.iter().filter(|guess| matches!(guess, Err(AppError::TooManyAttempts { .. }))).count();
    assert_eq!((told, waits), (10, 30), "ten were told whether they were right");
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
    let chosen = identity.sign_in(email.as_str(), PASSWORD.into(), Some("bukhara")).await.unwrap();
    let SignIn::Session(token) = chosen else { panic!("{chosen:?}") };
    let actor = identity.authenticate_session(token.expose_secret()).await.unwrap().unwrap();
    assert_eq!(actor.tenant.id, bukhara.id());
    let elsewhere = identity.sign_in(email.as_str(), PASSWORD.into(), Some("khiva")).await.unwrap();
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
    let token = env.services.identity.create_token(&company.agent, "import").await.unwrap();
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
    let token = identity.create_token(&company.manager, "import").await.unwrap();
    let token = token.expose_secret();
    assert!(token.starts_with("aloqa_"), "scanners know a leaked one");
    let actor = identity.authenticate_bearer(token).await.unwrap().unwrap();
    assert_eq!((actor.user.id, actor.tenant.id), (company.manager.user.id, company.id()));
    env.advance_clock(TimeDelta::days(1_000));
    assert!(identity.authenticate_bearer(token).await.unwrap().is_some());
    for guess in ["", "aloqa_", &token["aloqa_".len()..]] {
        assert!(identity.authenticate_bearer(guess).await.unwrap().is_none(), "{guess}");
    }
    assert!(identity.authenticate_session(token).await.unwrap().is_none(), "a token is no session");
    let session = session(&env, AGENT, PASSWORD).await;
    assert!(identity.authenticate_bearer(&session).await.unwrap().is_none(), "a session is no token");
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
        (Role::Administrator, name, Locale::Uz)
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
