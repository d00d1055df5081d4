//! Tests of `aloqa transfer`: everything moves from the embedded database to PostgreSQL, and both answer the same.

use std::{collections::BTreeMap, fs};

use aloqa::{
    domain::Email,
    persistence::{Database, TransferredTable},
};
use serde_json::Value;

use crate::support::{
    Engine, TestEnv,
    database::{SchemaState, TestDatabase, raw::WITHOUT_TENANT},
    http::Visitor,
    process::program::Installation,
};

on_postgres! {
    everything_is_transferred_and_both_answer_the_same,
    an_interrupted_transfer_continues_and_no_server_starts_before,
    a_transfer_refuses_what_it_cannot_do,
}

/// A populated embedded database of two tenants.
async fn source() -> (TestEnv, TestDatabase) {
    let place = TestDatabase::new(Engine::Sqlite, SchemaState::Migrated).await;
    let env = TestEnv::new(Engine::Sqlite, place.url()).await;
    env.populated_tenant("samarkand").await;
    env.populated_tenant("bukhara").await;
    (env, place)
}

async fn pages(visitor: &Visitor) -> Vec<Value> {
    let mut pages = Vec::new();
    let chats = visitor.get("/crm/chats").json().await.is(200).value();
    let chat = format!("/crm/chats/{}", chats["items"][0]["id"]);
    let paths = [
        "/crm/clients?q=aziza",
        "/crm/clients?limit=100",
        "/crm/chats?q=salom",
        "/crm/instant-messages",
        "/spotlight?q=salom",
        &chat,
    ];
    for path in paths {
        let mut page = visitor.get(path).json().await.is(200).value();
        // Each request has an id of its own.
        if let Some(page) = page.as_object_mut() {
            page.remove("request_id");
        }
        pages.push(page);
    }
    pages.push(chats);
    pages
}

async fn everything_is_transferred_and_both_answer_the_same(env: TestEnv) {
    let (from, place) = source().await;
    let company = from.services.tenants.by_slug("samarkand").await.unwrap();
    let email = Email::parse("manager@samarkand.example").unwrap();
    let manager = from.services.tenants.actor(company, &email).await.unwrap();
    let token = from.token_of(&manager).await;
    let mut told = Vec::new();
    let tables =
        from.database.transfer_to(&env.database, |table, done, all| told.push((table.to_owned(), done, all)));
    let tables = tables.await.unwrap();

    let mut before = from.raw().await;
    let mut after = env.raw().await;
    let names = before.tables().await;
    assert_eq!(names, after.tables().await);
    let with_all: BTreeMap<_, _> = tables.iter().map(|table| (table.name.as_str(), table)).collect();
    for name in names.iter().map(String::as_str).chain(WITHOUT_TENANT) {
        let TransferredTable { rows, checksum, .. } = with_all[name];
        let count = u64::try_from(before.count(name).await).unwrap();
        assert_eq!((count, after.count(name).await), (*rows, i64::try_from(count).unwrap()), "{name}");
        assert_eq!(checksum.len(), 32);
        assert!(count == 0 || told.contains(&(name.to_owned(), count, count)), "{name}: {told:?}");
    }
    assert_eq!(tables.len(), names.len() + WITHOUT_TENANT.len());
    let constraints = "SELECT COUNT(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated";
    assert_eq!(after.number(constraints).await, 0);
    let keys = "SELECT COUNT(*) FROM pg_constraint WHERE contype = 'f'";
    assert!(after.number(keys).await > 30, "foreign keys are back");

    let mut tx = env.database.begin_cross_tenant().await.unwrap();
    tx.mark_all_unindexed().await.unwrap();
    tx.commit().await.unwrap();
    env.services.search_indexer.index_pending(std::time::Duration::ZERO).await.unwrap();
    let visitor = |site: &TestEnv| Visitor { bearer: Some(token.clone()), ..site.site().visitor() };
    assert_eq!(pages(&visitor(&env)).await, pages(&visitor(&from)).await);

    // New rows get the ids that they would have got.
    let new = |site: &TestEnv| {
        let visitor = visitor(site);
        async move {
            let body = serde_json::json!({ "first_name": "Nodira", "phone": "+998901112233" });
            visitor.post("/crm/clients").json_body(body).json().await.is(201).value()["id"].clone()
        }
    };
    assert_eq!(new(&env).await, new(&from).await);
    assert!(env.database.check_transfer_is_finished().await.is_ok());
    from.database.close().await;
    place.remove();
}

async fn an_interrupted_transfer_continues_and_no_server_starts_before(env: TestEnv) {
    let (from, place) = source().await;
    // A value that PostgreSQL refuses interrupts the transfer in the middle.
    let mut raw = from.raw().await;
    let good = raw
        .rows("SELECT created_at FROM messages ORDER BY id DESC LIMIT 1")
        .await
        .remove(0)
        .remove(0)
        .unwrap();
    let break_off = "UPDATE messages SET created_at = 'soon' WHERE id = (SELECT MAX(id) FROM messages)";
    raw.run(break_off).await.unwrap();
    let failed = from.database.transfer_to(&env.database, |_, _, _| {}).await;
    assert!(failed.is_err());
    assert!(env.raw().await.count("clients").await > 0, "some tables are there");
    let unfinished = env.database.check_transfer_is_finished().await.unwrap_err().to_string();
    assert!(unfinished.contains("unfinished"), "{unfinished}");
    let aloqa = Installation::new(Some(&env.url));
    let refused = aloqa.run(&["serve"], "").await;
    assert!(refused.code == Some(1) && refused.err.contains("aloqa transfer"), "{}", refused.err);

    let mend = format!("UPDATE messages SET created_at = '{good}' WHERE id = (SELECT MAX(id) FROM messages)");
    raw.run(&mend).await.unwrap();
    let mut again = Vec::new();
    let tables = from.database.transfer_to(&env.database, |table, _, _| again.push(table.to_owned())).await;
    assert!(
        tables.unwrap().iter().all(|table| table.rows > 0 || WITHOUT_TENANT.contains(&table.name.as_str()))
    );
    assert!(again.contains(&"messages".to_owned()) && !again.contains(&"clients".to_owned()), "{again:?}");
    assert!(env.database.check_transfer_is_finished().await.is_ok());
    from.database.close().await;
    place.remove();
}

async fn a_transfer_refuses_what_it_cannot_do(env: TestEnv) {
    let (from, place) = source().await;
    // A row that changes between two parts of a transfer is noticed by its checksum.
    let mut raw = from.raw().await;
    raw.run("UPDATE messages SET created_at = 'soon'").await.unwrap();
    assert!(from.database.transfer_to(&env.database, |_, _, _| {}).await.is_err());
    raw.run("UPDATE messages SET created_at = '2026-03-02T09:00:00+00:00'").await.unwrap();
    raw.run("UPDATE clients SET first_name = 'Another'").await.unwrap();
    let changed = from.database.transfer_to(&env.database, |_, _, _| {}).await.unwrap_err().to_string();
    assert!(changed.contains("clients") && changed.contains("Stop the server"), "{changed}");

    let other = TestDatabase::new(Engine::Postgres, SchemaState::Migrated).await;
    let occupied = TestEnv::new(Engine::Postgres, other.url()).await;
    occupied.company("khiva").await;
    let error = from.database.transfer_to(&occupied.database, |_, _, _| {}).await.unwrap_err().to_string();
    assert!(error.contains("not empty"), "{error}");
    assert!(occupied.database.check_transfer_is_finished().await.is_ok(), "nothing was changed");
    let backwards = occupied.database.transfer_to(&from.database, |_, _, _| {}).await;
    assert!(backwards.unwrap_err().to_string().contains("from sqlite://"));

    let aloqa = Installation::new(None);
    let missing = format!("sqlite://{}", aloqa.data().join("nothing.db").display());
    for (source, target, expected) in [
        (missing.as_str(), env.url.as_str(), "there is no database"),
        (env.url.as_str(), env.url.as_str(), "--from must begin with sqlite:"),
        (from.url.as_str(), from.url.as_str(), "--to must begin with postgres:"),
    ] {
        let refused = aloqa.run(&["transfer", "--from", source, "--to", target], "").await;
        assert!(refused.code == Some(1) && refused.err.contains(expected), "{}", refused.err);
    }
    assert!(!fs::exists(aloqa.data().join("nothing.db")).unwrap(), "nothing is created");
    for database in [&from.database, &occupied.database] {
        Database::close(database).await;
    }
    place.remove();
    other.remove();
}
