//! Tests of users, their sessions and their API tokens.

use aloqa::{
    domain::{Email, PersonName, Role, UserRole},
    persistence::{Device, NewToken},
};
use chrono::TimeDelta;

use crate::support::{Company, TestEnv, people::email_of};

on_both_engines![
    an_email_address_is_unique_in_its_tenant,
    a_session_is_found_by_its_hash_until_it_ends,
    a_new_session_deletes_expired_ones,
    a_new_password_ends_only_the_sessions_of_its_user,
    a_token_acts_for_its_user,
    an_email_address_in_two_tenants_has_two_credentials,
    an_unknown_role_has_the_fewest_permissions,
];

async fn start_session(company: &Company, env: &TestEnv, hash: &[u8]) {
    let now = env.clock.now();
    let mut tx = company.begin().await;
    tx.users_mut()
        .start_session(company.agent.user.id, hash, &Device::default(), now, now + TimeDelta::hours(1))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn session_owner(env: &TestEnv, hash: &[u8]) -> Option<String> {
    let mut cross_tenant = env.database.read_cross_tenant().await.unwrap();
    let row = cross_tenant.session(hash).await.unwrap()?;
    Some(format!("{} of {}", row.user.role.as_str(), row.tenant.slug))
}

async fn an_email_address_is_unique_in_its_tenant(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    let (email, now) = (Email::parse("nodira@example.uz").unwrap(), env.clock.now());
    let name = PersonName::parse("Nodira", None).unwrap();
    let mut tx = samarkand.begin().await;
    let id = tx
        .users_mut()
        .create(&email, &name, &UserRole::BuiltIn(Role::Manager), "hash", now)
        .await
        .unwrap()
        .unwrap();
    assert!(
        tx.users_mut()
            .create(&email, &name, &UserRole::BuiltIn(Role::Agent), "hash", now)
            .await
            .unwrap()
            .is_none()
    );
    let user = tx.users().by_email(&email).await.unwrap().unwrap();
    assert_eq!(
        (user.id, user.email, user.name, user.role.built_in(), user.preferences.locale),
        (id, email.clone(), name.clone(), Some(Role::Manager), None)
    );
    tx.commit().await.unwrap();
    let mut tx = bukhara.begin().await;
    assert!(tx.users().by_email(&email).await.unwrap().is_none());
    assert!(
        tx.users_mut()
            .create(&email, &name, &UserRole::BuiltIn(Role::Agent), "hash", now)
            .await
            .unwrap()
            .is_some()
    );
}

async fn a_session_is_found_by_its_hash_until_it_ends(env: TestEnv) {
    let company = env.company("samarkand").await;
    start_session(&company, &env, b"one").await;
    start_session(&company, &env, b"two").await;
    assert_eq!(session_owner(&env, b"one").await.as_deref(), Some("agent of samarkand"));
    assert_eq!(session_owner(&env, b"three").await, None);
    let row = env.database.read_cross_tenant().await.unwrap().session(b"two").await.unwrap().unwrap();
    assert_eq!(row.expires_at, Some(env.clock.now() + TimeDelta::hours(1)));
    assert_eq!((row.tenant.id, row.user.id), (company.id(), company.agent.user.id));
    let mut tx = company.begin().await;
    tx.users_mut().end_session(b"one").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(session_owner(&env, b"one").await, None);
    assert!(session_owner(&env, b"two").await.is_some());
}

async fn a_new_session_deletes_expired_ones(env: TestEnv) {
    let company = env.company("samarkand").await;
    start_session(&company, &env, b"old").await;
    env.advance_clock(TimeDelta::minutes(30));
    start_session(&company, &env, b"fresh").await;
    env.advance_clock(TimeDelta::minutes(31));
    start_session(&company, &env, b"new").await;
    assert_eq!(env.raw().await.count("sessions").await, 2);
    assert_eq!(session_owner(&env, b"old").await, None);
}

async fn a_new_password_ends_only_the_sessions_of_its_user(env: TestEnv) {
    let company = env.company("samarkand").await;
    let now = env.clock.now();
    start_session(&company, &env, b"agent").await;
    let mut tx = company.begin().await;
    tx.users_mut()
        .start_session(company.manager.user.id, b"manager", &Device::default(), now, now)
        .await
        .unwrap();
    tx.users_mut().set_password(company.agent.user.id, "new hash").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(session_owner(&env, b"agent").await, None);
    assert!(session_owner(&env, b"manager").await.is_some());
    let mut cross_tenant = env.database.read_cross_tenant().await.unwrap();
    for (role, changed) in [(Role::Agent, true), (Role::Manager, false)] {
        let found = cross_tenant.credentials(&email_of(role, "samarkand")).await.unwrap();
        assert_eq!(found[0].password_hash == "new hash", changed, "{role:?}");
    }
}

async fn a_token_acts_for_its_user(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut tx = company.begin().await;
    let (now, end) = (env.clock.now(), env.clock.now() + TimeDelta::days(1));
    tx.users_mut()
        .create_token(company.manager.user.id, &NewToken::unrestricted("import", b"token", now, end))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut cross_tenant = env.database.read_cross_tenant().await.unwrap();
    let row = cross_tenant.api_token(b"token").await.unwrap().unwrap();
    assert_eq!(
        (row.tenant.id, row.user.id, row.expires_at),
        (company.id(), company.manager.user.id, Some(end))
    );
    assert!(cross_tenant.api_token(b"other").await.unwrap().is_none());
    assert!(cross_tenant.session(b"token").await.unwrap().is_none(), "a token is no session");
}

async fn an_email_address_in_two_tenants_has_two_credentials(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    let email = Email::parse("nodira@example.uz").unwrap();
    for (company, hash) in [(&samarkand, "one"), (&bukhara, "two")] {
        let name = PersonName::parse("Nodira", None).unwrap();
        let mut tx = company.begin().await;
        tx.users_mut()
            .create(&email, &name, &UserRole::BuiltIn(Role::Agent), hash, env.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    let mut cross_tenant = env.database.read_cross_tenant().await.unwrap();
    let found = cross_tenant.credentials(&email).await.unwrap();
    let told: Vec<_> =
        found.iter().map(|c| (c.tenant, c.tenant_slug.as_str(), c.password_hash.as_str())).collect();
    assert_eq!(told, [(bukhara.id(), "bukhara", "two"), (samarkand.id(), "samarkand", "one")]);
    let nobody = Email::parse("nobody@example.uz").unwrap();
    assert!(cross_tenant.credentials(&nobody).await.unwrap().is_empty());
}

async fn an_unknown_role_has_the_fewest_permissions(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut raw = env.raw().await;
    raw.run("UPDATE users SET role = 'emperor', locale = 'xx' WHERE role = 'administrator'").await.unwrap();
    let email = email_of(Role::Administrator, "samarkand");
    let user = company.read().await.users().by_email(&email).await.unwrap().unwrap();
    assert_eq!((user.role.built_in(), user.preferences.locale), (Some(Role::ReadOnly), None));
}
