//! Stories of who asks: passwords, sessions, tokens, and those who guess.

use aloqa::{
    domain::{Email, Event, EventId, Locale, NewTenant, PersonName, Problem, Role, TimeZone},
    error::AppError,
    services::SignIn,
};
use chrono::TimeDelta;
use secrecy::ExposeSecret as _;

use crate::support::{
    Company, World, at_once,
    people::{PASSWORD, email_of},
};

on_both_engines![
    the_right_password_opens_a_session,
    the_wrong_one_does_not_and_is_recorded,
    a_session_ends_after_its_time_or_when_told,
    ten_failures_make_everyone_wait,
    those_who_guess_at_once_get_no_more_tries,
    who_works_for_two_companies_chooses,
    a_new_password_ends_all_sessions_and_opens_new_ones,
    nothing_that_proves_an_identity_is_stored_as_it_is,
    a_token_acts_for_the_one_who_made_it,
    a_company_begins_with_its_administrator,
    an_address_is_taken_once_in_a_company,
];

const AGENT: &str = "agent@samarkand.example";

async fn sign_in(world: &World, email: &str, password: &str) -> Result<SignIn, AppError> {
    world.services.identity.sign_in(email, password.into(), None).await
}

async fn session(world: &World, email: &str, password: &str) -> String {
    match sign_in(world, email, password).await.unwrap() {
        SignIn::Session(token) => token.expose_secret().to_owned(),
        other => panic!("{other:?}"),
    }
}

async fn is_open(world: &World, session: &str) -> bool {
    world.services.identity.by_session(session).await.unwrap().is_some()
}

async fn events(company: &Company) -> Vec<Event> {
    let (recorded, _) = company.read().await.events().after(EventId(0), 1_000).await.unwrap();
    recorded.into_iter().map(|recorded| recorded.event).collect()
}

async fn the_right_password_opens_a_session(world: World) {
    let company = world.company("samarkand").await;
    let first = session(&world, AGENT, PASSWORD).await;
    let second = session(&world, " Agent@Samarkand.EXAMPLE ", PASSWORD).await;
    assert!(first != second && first.len() >= 43, "256 bits that nobody guesses");
    let actor = world.services.identity.by_session(&first).await.unwrap().unwrap();
    assert_eq!((actor.user.id, actor.tenant.id), (company.agent.user.id, company.id()));
    assert_eq!(actor.user.role, Role::Agent);
    let user_id = company.agent.user.id;
    assert_eq!(events(&company).await, [Event::SignedIn { user_id }, Event::SignedIn { user_id }]);
    for guess in ["", "x", &first[1..], &first.to_uppercase()] {
        assert!(!is_open(&world, guess).await, "{guess}");
    }
}

async fn the_wrong_one_does_not_and_is_recorded(world: World) {
    let company = world.company("samarkand").await;
    for (email, password) in [
        (AGENT, "wrong horse battery"),
        (AGENT, ""),
        (AGENT, "correct horse battery "),
        ("nobody@samarkand.example", PASSWORD),
        ("not an address", PASSWORD),
    ] {
        let denied = sign_in(&world, email, password).await.unwrap();
        assert!(matches!(denied, SignIn::Denied), "{email} {password:?}: {denied:?}");
    }
    let user_id = company.agent.user.id;
    assert_eq!(events(&company).await, vec![Event::SignInFailed { user_id }; 3]);
    assert_eq!(world.raw().await.count("sessions").await, 0);
}

async fn a_session_ends_after_its_time_or_when_told(world: World) {
    let company = world.company("samarkand").await;
    let (old, other) = (session(&world, AGENT, PASSWORD).await, session(&world, AGENT, PASSWORD).await);
    world.services.identity.sign_out(&company.agent, &other).await.unwrap();
    assert!(is_open(&world, &old).await && !is_open(&world, &other).await);
    world.later(TimeDelta::days(14) - TimeDelta::microseconds(1));
    assert!(is_open(&world, &old).await);
    world.later(TimeDelta::microseconds(1));
    assert!(!is_open(&world, &old).await);
}

async fn ten_failures_make_everyone_wait(world: World) {
    world.company("samarkand").await;
    for _ in 0..10 {
        assert!(matches!(sign_in(&world, AGENT, "wrong horse battery").await, Ok(SignIn::Denied)));
    }
    for password in ["wrong horse battery", PASSWORD] {
        let waits = sign_in(&world, AGENT, password).await;
        assert!(matches!(waits, Err(AppError::TooMany { .. })), "{waits:?}");
    }
    session(&world, "manager@samarkand.example", PASSWORD).await;
    world.later(TimeDelta::minutes(15));
    session(&world, AGENT, PASSWORD).await;
    // A success forgets the failures before it.
    for _ in 0..9 {
        sign_in(&world, AGENT, "wrong horse battery").await.unwrap();
    }
    session(&world, AGENT, PASSWORD).await;
    assert!(matches!(sign_in(&world, AGENT, "wrong horse battery").await, Ok(SignIn::Denied)));
}

async fn those_who_guess_at_once_get_no_more_tries(world: World) {
    world.company("samarkand").await;
    let guesses = at_once(40, |number| {
        let identity = world.services.identity.clone();
        async move { identity.sign_in(AGENT, format!("guess number {number}").into(), None).await }
    });
    let guesses = guesses.await;
    let told = guesses.iter().filter(|guess| matches!(guess, Ok(SignIn::Denied))).count();
    let waits = guesses.iter().filter(|guess| matches!(guess, Err(AppError::TooMany { .. }))).count();
    assert_eq!((told, waits), (10, 30), "ten were told whether they were right");
}

async fn who_works_for_two_companies_chooses(world: World) {
    let (samarkand, bukhara) = world.two_companies().await;
    let email = Email::parse("nodira@example.uz").unwrap();
    let name = PersonName::parse("Nodira", None).unwrap();
    for company in [&samarkand, &bukhara] {
        let password = PASSWORD.into();
        world.services.tenants.create_user(company.id(), &email, &name, Role::Agent, password).await.unwrap();
    }
    let SignIn::Choose(workspaces) = sign_in(&world, email.as_str(), PASSWORD).await.unwrap() else {
        panic!("there is a choice")
    };
    let offered: Vec<_> = workspaces.iter().map(|w| (w.slug.as_str(), w.name.as_str())).collect();
    assert_eq!(offered, [("bukhara", "bukhara LLC"), ("samarkand", "samarkand LLC")]);
    assert_eq!(world.raw().await.count("sessions").await, 0);

    let identity = &world.services.identity;
    let chosen = identity.sign_in(email.as_str(), PASSWORD.into(), Some("bukhara")).await.unwrap();
    let SignIn::Session(token) = chosen else { panic!("{chosen:?}") };
    let actor = identity.by_session(token.expose_secret()).await.unwrap().unwrap();
    assert_eq!(actor.tenant.id, bukhara.id());
    let elsewhere = identity.sign_in(email.as_str(), PASSWORD.into(), Some("khiva")).await.unwrap();
    assert!(matches!(elsewhere, SignIn::Denied));

    // Another password in one of them leaves nothing to choose.
    let password = "another horse battery";
    world.services.tenants.reset_password(bukhara.id(), &email, password.into()).await.unwrap();
    let only = session(&world, email.as_str(), PASSWORD).await;
    let actor = identity.by_session(&only).await.unwrap().unwrap();
    assert_eq!(actor.tenant.id, samarkand.id());
}

async fn a_new_password_ends_all_sessions_and_opens_new_ones(world: World) {
    let company = world.company("samarkand").await;
    let (one, two) = (session(&world, AGENT, PASSWORD).await, session(&world, AGENT, PASSWORD).await);
    let manager = session(&world, "manager@samarkand.example", PASSWORD).await;
    let (email, new) = (email_of(Role::Agent, "samarkand"), "another horse battery");
    let tenants = &world.services.tenants;
    let short = tenants.reset_password(company.id(), &email, "seven77".into()).await.unwrap_err();
    assert!(matches!(short, AppError::Invalid(_)));
    assert!(is_open(&world, &one).await, "nothing has changed yet");
    tenants.reset_password(company.id(), &email, new.into()).await.unwrap();
    assert!(!is_open(&world, &one).await && !is_open(&world, &two).await);
    assert!(is_open(&world, &manager).await);
    assert!(matches!(sign_in(&world, AGENT, PASSWORD).await, Ok(SignIn::Denied)));
    session(&world, AGENT, new).await;

    let nobody = Email::parse("nobody@samarkand.example").unwrap();
    let unknown = tenants.reset_password(company.id(), &nobody, new.into()).await.unwrap_err();
    assert!(
        matches!(&unknown, AppError::Invalid(e) if e.iter().next() == Some(("email", &Problem::NotFound)))
    );
}

async fn nothing_that_proves_an_identity_is_stored_as_it_is(world: World) {
    let company = world.company("samarkand").await;
    let new = "another horse battery";
    world
        .services
        .tenants
        .reset_password(company.id(), &email_of(Role::Agent, "samarkand"), new.into())
        .await
        .unwrap();
    let session = session(&world, AGENT, new).await;
    let token = world.services.identity.create_token(&company.agent, "import").await.unwrap();
    for secret in [PASSWORD, new, &session, token.expose_secret()] {
        assert!(!world.holds_in_clear(secret).await);
    }
    assert!(world.holds_in_clear("import").await, "the search would find it");
    let hashes = world.raw().await.rows("SELECT password_hash FROM users WHERE role = 'agent'").await;
    let hash = hashes[0][0].as_deref().unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{hash}");
}

async fn a_token_acts_for_the_one_who_made_it(world: World) {
    let company = world.company("samarkand").await;
    let identity = &world.services.identity;
    let token = identity.create_token(&company.manager, "import").await.unwrap();
    let token = token.expose_secret();
    assert!(token.starts_with("aloqa_"), "scanners know a leaked one");
    let actor = identity.by_bearer(token).await.unwrap().unwrap();
    assert_eq!((actor.user.id, actor.tenant.id), (company.manager.user.id, company.id()));
    world.later(TimeDelta::days(1_000));
    assert!(identity.by_bearer(token).await.unwrap().is_some());
    for guess in ["", "aloqa_", &token["aloqa_".len()..]] {
        assert!(identity.by_bearer(guess).await.unwrap().is_none(), "{guess}");
    }
    assert!(identity.by_session(token).await.unwrap().is_none(), "a token is no session");
    let session = session(&world, AGENT, PASSWORD).await;
    assert!(identity.by_bearer(&session).await.unwrap().is_none(), "a session is no token");
}

async fn a_company_begins_with_its_administrator(world: World) {
    let tenants = &world.services.tenants;
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
    session(&world, admin.as_str(), PASSWORD).await;
    let nobody = Email::parse("nobody@khiva.example").unwrap();
    assert!(matches!(tenants.actor(tenant, &nobody).await, Err(AppError::Invalid(_))));
    assert!(matches!(tenants.by_slug("nowhere").await, Err(AppError::Invalid(_))));
}

async fn an_address_is_taken_once_in_a_company(world: World) {
    let (samarkand, bukhara) = world.two_companies().await;
    let tenants = &world.services.tenants;
    let (email, name) =
        (Email::parse("nodira@example.uz").unwrap(), PersonName::parse("Nodira", None).unwrap());
    tenants.create_user(samarkand.id(), &email, &name, Role::Agent, PASSWORD.into()).await.unwrap();
    let taken =
        tenants.create_user(samarkand.id(), &email, &name, Role::Agent, PASSWORD.into()).await.unwrap_err();
    assert!(matches!(&taken, AppError::Conflict(conflict) if conflict.field == Some("email")), "{taken:?}");
    tenants.create_user(bukhara.id(), &email, &name, Role::Agent, PASSWORD.into()).await.unwrap();
}
