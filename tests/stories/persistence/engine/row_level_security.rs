//! Tests of row-level security, which protects tenants when a statement does not filter by tenant.

use std::borrow::Cow;

use crate::support::{
    TestEnv,
    database::raw::{FULL_TEXT, Raw, WITHOUT_TENANT},
};

on_postgres![
    every_table_enforces_row_level_security_for_its_owner_too,
    without_a_tenant_no_row_is_visible_or_inserted,
    a_tenant_cannot_see_change_or_insert_rows_of_another,
    the_tenant_setting_ends_with_its_transaction,
];

async fn every_table_enforces_row_level_security_for_its_owner_too(env: TestEnv) {
    let mut raw = env.raw().await;
    let open = raw
        .rows(
            "SELECT c.relname::text FROM pg_class c
             WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
                 AND (c.relname = 'tenants' OR EXISTS (
                     SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'))
                 AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                     AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
             ORDER BY 1",
        )
        .await;
    let open: Vec<_> = open.into_iter().flatten().flatten().collect();
    assert_eq!(open, [""; 0], "without a wall");
    let walled = raw.number("SELECT COUNT(*) FROM pg_class WHERE relforcerowsecurity").await;
    assert_eq!(
        usize::try_from(walled).unwrap(),
        raw.tables().await.len() + WITHOUT_TENANT.len() + FULL_TEXT.len(),
        "all others have a tenant"
    );
    let second = raw
        .rows(
            "SELECT polrelid::regclass::text FROM pg_policy GROUP BY polrelid HAVING COUNT(*) > 1 ORDER BY 1",
        )
        .await;
    let second: Vec<_> = second.into_iter().flatten().flatten().collect();
    assert_eq!(second, FULL_TEXT, "a second policy would be a second way in");
    let reading =
        raw.number("SELECT COUNT(*) FROM pg_policy WHERE polname = 'reading' AND polcmd = 'r'").await;
    assert_eq!(usize::try_from(reading).unwrap(), FULL_TEXT.len());
}

/// Copies rows of each table into a table without row-level security, to try to insert them; returns the table names.
async fn copy_rows(raw: &mut Raw, condition: &str) -> Vec<String> {
    let tables = raw.tables().await;
    for table in &tables {
        let column = if table == "tenants" { "id" } else { "tenant_id" };
        raw.run(&format!(
            "CREATE TEMPORARY TABLE copy_of_{table} AS SELECT * FROM {table} WHERE {column} {condition}"
        ))
        .await
        .unwrap();
        assert!(raw.count(&format!("copy_of_{table}")).await > 0, "{table}");
    }
    tables
}

/// Asserts that row-level security refuses the statement, and not another constraint.
async fn assert_refused(raw: &mut Raw, sql: &str) {
    let refused = raw.run(sql).await.expect_err(sql);
    let code = refused.as_database_error().and_then(|error| error.code().map(Cow::into_owned));
    assert_eq!(code.as_deref(), Some("42501"), "{sql}: {refused}");
}

async fn without_a_tenant_no_row_is_visible_or_inserted(env: TestEnv) {
    env.populated_tenant("samarkand").await;
    let mut raw = env.raw().await;
    let tables = copy_rows(&mut raw, "> 0").await;
    raw.run("INSERT INTO sign_in_attempts VALUES ('peer 203.0.113.7', 1, NOW())").await.unwrap();
    raw.run("RESET aloqa.operator").await.unwrap();
    assert_eq!(raw.count("sign_in_attempts").await, 0, "only transactions across tenants see it");
    assert_refused(&mut raw, "INSERT INTO sign_in_attempts VALUES ('peer 203.0.113.8', 1, NOW())").await;
    for table in &tables {
        assert_eq!(raw.count(table).await, 0, "{table}");
        assert_refused(
            &mut raw,
            &format!("INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM copy_of_{table}"),
        )
        .await;
        assert_eq!(raw.run(&format!("DELETE FROM {table}")).await.unwrap(), 0, "{table}");
    }
    raw.run("SET aloqa.tenant = ''; SET aloqa.operator = 'off'").await.unwrap();
    for table in &tables {
        assert_eq!(raw.count(table).await, 0, "{table}");
    }
}

async fn a_tenant_cannot_see_change_or_insert_rows_of_another(env: TestEnv) {
    let (here, there) = (env.populated_tenant("samarkand").await, env.populated_tenant("bukhara").await);
    let (here, there) = (here.company.id(), there.company.id());
    let mut raw = env.raw().await;
    let tables = copy_rows(&mut raw, &format!("= {there}")).await;
    raw.run(&format!("RESET aloqa.operator; SET aloqa.tenant = '{here}'")).await.unwrap();
    for table in &tables {
        let column = if table == "tenants" { "id" } else { "tenant_id" };
        let own = raw.number(&format!("SELECT COUNT(*) FROM {table} WHERE {column} = {here}")).await;
        assert!(own > 0, "{table}: one's own is seen");
        assert_eq!(raw.count(table).await, own, "{table}: another's is not");
        assert_refused(
            &mut raw,
            &format!("INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM copy_of_{table}"),
        )
        .await;
        if table != "tenants" {
            assert_refused(&mut raw, &format!("UPDATE {table} SET tenant_id = {there}")).await;
            let taken = format!("UPDATE {table} SET tenant_id = {here} WHERE tenant_id = {there}");
            assert_eq!(raw.run(&taken).await.unwrap(), 0, "{table}");
        }
        let deleted = format!("DELETE FROM {table} WHERE {column} = {there}");
        assert_eq!(raw.run(&deleted).await.unwrap(), 0, "{table}");
    }
    for table in FULL_TEXT {
        let of_other = format!("SELECT COUNT(*) FROM {table} WHERE tenant_id = {there}");
        let before = raw.number(&of_other).await;
        assert!(before > 0, "{table}");
        for sql in [
            format!("DELETE FROM {table} WHERE tenant_id = {there}"),
            format!("UPDATE {table} SET words = '' WHERE tenant_id = {there}"),
        ] {
            assert_eq!(raw.run(&sql).await.unwrap(), 0, "{sql}");
        }
        assert_refused(&mut raw, &format!("UPDATE {table} SET tenant_id = {there}")).await;
        assert_eq!(raw.number(&of_other).await, before, "{table}");
    }
}

async fn the_tenant_setting_ends_with_its_transaction(env: TestEnv) {
    let mine = env.populated_tenant("samarkand").await;
    let mut raw = env.raw_without_tenant().await;
    raw.run("BEGIN").await.unwrap();
    raw.run(&format!("SET LOCAL aloqa.tenant = '{}'", mine.company.id())).await.unwrap();
    assert_eq!(raw.count("clients").await, 2);
    raw.run("COMMIT").await.unwrap();
    assert_eq!(raw.count("clients").await, 0);
    raw.run("BEGIN; SET LOCAL aloqa.operator = 'on'").await.unwrap();
    assert_eq!(raw.count("clients").await, 2);
    raw.run("ROLLBACK").await.unwrap();
    assert_eq!(raw.count("clients").await, 0);
    raw.close().await;
}
