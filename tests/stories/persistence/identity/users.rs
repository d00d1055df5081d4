//! Stories of users, their sessions and their tokens.

use aloqa::domain::{Email, PersonName, Role};
use chrono::TimeDelta;

use crate::support::{Company, World, people::email_of};

on_both_engines![
    an_address_is_one_user_of_its_company,
    a_session_is_found_by_its_hash_and_ends,
    a_new_session_sweeps_those_that_are_over,
    a_new_password_ends_the_users_sessions_and_no_one_elses,
    a_token_acts_for_its_user,
    an_address_of_two_companies_has_two_credentials,
    a_role_that_is_not_known_may_do_the_least,
];

async fn start(company: &Company, world: &World, hash: &[u8]) {
    let now = world.clock.now();
    let mut tx = company.begin().await;
    tx.users().start_session(company.agent.user.id, hash, now, now + TimeDelta::hours(1)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn holder(world: &World, hash: &[u8]) -> Option<String> {
    let mut operator = world.database.read_as_operator().await.unwrap();
    let row = operator.directory().session(hash).await.unwrap()?;
    Some(format!("{} of {}", row.user.role.as_str(), row.tenant.slug))
}

async fn an_address_is_one_user_of_its_company(world: World) {
    let (samarkand, bukhara) = world.two_companies().await;
    let (email, now) = (Email::parse("nodira@example.uz").unwrap(), world.clock.now());
    let name = PersonName::parse("Nodira", None).unwrap();
    let mut tx = samarkand.begin().await;
    let id = tx.users().create(&email, &name, Role::Manager, "hash", now).await.unwrap().unwrap();
    assert!(tx.users().create(&email, &name, Role::Agent, "hash", now).await.unwrap().is_none());
    let user = tx.users().by_email(&email).await.unwrap().unwrap();
    assert_eq!(
        (user.id, user.email, user.name, user.role, user.preferences.locale),
        (id, email.clone(), name.clone(), Role::Manager, None)
    );
    tx.commit().await.unwrap();
    let mut tx = bukhara.begin().await;
    assert!(tx.users().by_email(&email).await.unwrap().is_none());
    assert!(tx.users().create(&email, &name, Role::Agent, "hash", now).await.unwrap().is_some());
}

async fn a_session_is_found_by_its_hash_and_ends(world: World) {
    let company = world.company("samarkand").await;
    start(&company, &world, b"one").await;
    start(&company, &world, b"two").await;
    assert_eq!(holder(&world, b"one").await.as_deref(), Some("agent of samarkand"));
    assert_eq!(holder(&world, b"three").await, None);
    let row =
        world.database.read_as_operator().await.unwrap().directory().session(b"two").await.unwrap().unwrap();
    assert_eq!(row.expires_at, Some(world.clock.now() + TimeDelta::hours(1)));
    assert_eq!((row.tenant.id, row.user.id), (company.id(), company.agent.user.id));
    let mut tx = company.begin().await;
    tx.users().end_session(b"one").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(holder(&world, b"one").await, None);
    assert!(holder(&world, b"two").await.is_some());
}

async fn a_new_session_sweeps_those_that_are_over(world: World) {
    let company = world.company("samarkand").await;
    start(&company, &world, b"old").await;
    world.later(TimeDelta::minutes(30));
    start(&company, &world, b"fresh").await;
    world.later(TimeDelta::minutes(31));
    start(&company, &world, b"new").await;
    assert_eq!(world.raw().await.count("sessions").await, 2);
    assert_eq!(holder(&world, b"old").await, None);
}

async fn a_new_password_ends_the_users_sessions_and_no_one_elses(world: World) {
    let company = world.company("samarkand").await;
    let now = world.clock.now();
    start(&company, &world, b"agent").await;
    let mut tx = company.begin().await;
    tx.users().start_session(company.manager.user.id, b"manager", now, now).await.unwrap();
    tx.users().set_password(company.agent.user.id, "new hash").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(holder(&world, b"agent").await, None);
    assert!(holder(&world, b"manager").await.is_some());
    let mut operator = world.database.read_as_operator().await.unwrap();
    for (role, changed) in [(Role::Agent, true), (Role::Manager, false)] {
        let found = operator.directory().credentials(&email_of(role, "samarkand")).await.unwrap();
        assert_eq!(found[0].password_hash == "new hash", changed, "{role:?}");
    }
}

async fn a_token_acts_for_its_user(world: World) {
    let company = world.company("samarkand").await;
    let mut tx = company.begin().await;
    tx.users().create_token(company.manager.user.id, "import", b"token", world.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let mut operator = world.database.read_as_operator().await.unwrap();
    let row = operator.directory().api_token(b"token").await.unwrap().unwrap();
    assert_eq!((row.tenant.id, row.user.id, row.expires_at), (company.id(), company.manager.user.id, None));
    assert!(operator.directory().api_token(b"other").await.unwrap().is_none());
    assert!(operator.directory().session(b"token").await.unwrap().is_none(), "a token is no session");
}

async fn an_address_of_two_companies_has_two_credentials(world: World) {
    let (samarkand, bukhara) = world.two_companies().await;
    let email = Email::parse("nodira@example.uz").unwrap();
    for (company, hash) in [(&samarkand, "one"), (&bukhara, "two")] {
        let name = PersonName::parse("Nodira", None).unwrap();
        let mut tx = company.begin().await;
        tx.users().create(&email, &name, Role::Agent, hash, world.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut operator = world.database.read_as_operator().await.unwrap();
    let found = operator.directory().credentials(&email).await.unwrap();
    let told: Vec<_> =
        found.iter().map(|c| (c.tenant, c.tenant_slug.as_str(), c.password_hash.as_str())).collect();
    assert_eq!(told, [(bukhara.id(), "bukhara", "two"), (samarkand.id(), "samarkand", "one")]);
    let nobody = Email::parse("nobody@example.uz").unwrap();
    assert!(operator.directory().credentials(&nobody).await.unwrap().is_empty());
}

async fn a_role_that_is_not_known_may_do_the_least(world: World) {
    let company = world.company("samarkand").await;
    let mut raw = world.raw().await;
    raw.run("UPDATE users SET role = 'emperor', locale = 'xx' WHERE role = 'administrator'").await.unwrap();
    let email = email_of(Role::Administrator, "samarkand");
    let user = company.read().await.users().by_email(&email).await.unwrap().unwrap();
    assert_eq!((user.role, user.preferences.locale), (Role::ReadOnly, None));
}
