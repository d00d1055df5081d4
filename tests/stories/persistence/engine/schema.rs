//! Tests of the schema: both engines agree, and keys start with the tenant.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{
    Engine, TestEnv,
    database::{SchemaState, TestDatabase, raw::Raw},
};

on_both_engines![
    every_tenant_table_has_a_key_that_starts_with_the_tenant,
    every_foreign_key_includes_the_tenant,
    no_row_can_refer_to_a_row_of_another_tenant,
    merges_move_every_reference_to_clients_and_chats,
];

on_postgres![both_engines_have_the_same_schema];

/// The properties of a table that both engines can report, in SQLite's terms.
#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    /// Type, nullability and default of each column.
    columns: BTreeMap<String, (String, bool, Option<String>)>,
    /// Primary and unique keys.
    keys: BTreeSet<String>,
    references: BTreeSet<Reference>,
    /// Columns of each index, and whether it is unique.
    indexes: BTreeMap<String, (String, bool)>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reference {
    columns: String,
    table: String,
    referenced: String,
    on_delete: String,
    on_update: String,
}

type Schema = BTreeMap<String, Table>;

async fn schema(raw: &mut Raw) -> Schema {
    let mut tables = BTreeMap::new();
    for name in raw.tables().await {
        let table = match raw {
            Raw::Sqlite(_) => sqlite_table(raw, &name).await,
            Raw::Postgres(_) => postgres_table(raw, &name).await,
        };
        tables.insert(name, table);
    }
    tables
}

async fn texts<const N: usize>(raw: &mut Raw, sql: &str) -> Vec<[Option<String>; N]> {
    raw.rows(sql).await.into_iter().map(|row| row.try_into().unwrap()).collect()
}

async fn sqlite_table(raw: &mut Raw, name: &str) -> Table {
    let mut table = Table::default();
    let columns =
        format!("SELECT name, type, CAST(\"notnull\" AS TEXT), dflt_value FROM pragma_table_info('{name}')");
    for [column, kind, not_null, default] in texts(raw, &columns).await {
        table.columns.insert(column.unwrap(), (kind.unwrap(), not_null.unwrap() == "0", default));
    }
    let primary = format!(
        "SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_table_info('{name}') WHERE pk > 0 ORDER BY pk)"
    );
    table.keys.insert(raw.rows(&primary).await.remove(0).remove(0).unwrap());
    let indexes = format!(
        "SELECT l.name, l.origin, CAST(l.\"unique\" AS TEXT), (SELECT group_concat(c, ', ') FROM (
             SELECT x.name || CASE x.desc WHEN 1 THEN ' DESC' ELSE '' END AS c
             FROM pragma_index_xinfo(l.name) x WHERE x.key = 1 ORDER BY x.seqno))
         FROM pragma_index_list('{name}') l"
    );
    for [index, origin, unique, columns] in texts(raw, &indexes).await {
        let (columns, unique) = (columns.unwrap(), unique.unwrap() == "1");
        if origin.unwrap() == "c" {
            table.indexes.insert(index.unwrap(), (columns, unique));
        } else {
            table.keys.insert(columns);
        }
    }
    let references = format!(
        "SELECT (SELECT group_concat(\"from\", ', ') FROM (
                     SELECT \"from\" FROM pragma_foreign_key_list('{name}') WHERE id = f.id ORDER BY seq)),
                f.\"table\",
                (SELECT group_concat(\"to\", ', ') FROM (
                     SELECT \"to\" FROM pragma_foreign_key_list('{name}') WHERE id = f.id ORDER BY seq)),
                f.on_delete, f.on_update
         FROM pragma_foreign_key_list('{name}') f WHERE f.seq = 0"
    );
    table.references = references_of(raw, &references).await;
    // SQLite generates row numbers only for a key of one column, so such a table also has a unique key with the tenant.
    if name != "tenants" && table.keys.contains("tenant_id, id") {
        table.keys.remove("id");
    }
    table
}

async fn postgres_table(raw: &mut Raw, name: &str) -> Table {
    let mut table = Table::default();
    let columns = format!(
        "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
                pg_get_expr(d.adbin, d.adrelid)
         FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attrelid = '{name}'::regclass AND a.attnum > 0 AND NOT a.attisdropped"
    );
    for [column, kind, not_null, default] in texts(raw, &columns).await {
        let kind = match kind.unwrap().as_str() {
            "bigint" => "INTEGER",
            "text" | "timestamp with time zone" | "date" => "TEXT",
            "bytea" | "uuid" => "BLOB",
            other => panic!("{name}: what is {other} on SQLite?"),
        };
        // PostgreSQL adds the type to a default text.
        let default = default.map(|text| text.trim_end_matches("::text").to_owned());
        table.columns.insert(column.unwrap(), (kind.to_owned(), not_null.unwrap() == "false", default));
    }
    let list = |numbers: &str, of: &str| {
        format!(
            "(SELECT string_agg(a.attname, ', ' ORDER BY k.position)
              FROM unnest({numbers}) WITH ORDINALITY k (number, position)
              JOIN pg_attribute a ON a.attrelid = {of} AND a.attnum = k.number)"
        )
    };
    let own = list("c.conkey", "c.conrelid");
    let keys = format!(
        "SELECT {own} FROM pg_constraint c WHERE c.conrelid = '{name}'::regclass AND c.contype IN ('p', 'u')"
    );
    table.keys = raw.rows(&keys).await.into_iter().flatten().flatten().collect();
    let action = |column: &str| {
        format!("CASE {column} WHEN 'a' THEN 'NO ACTION' WHEN 'c' THEN 'CASCADE' ELSE {column}::text END")
    };
    let references = format!(
        "SELECT {own}, c.confrelid::regclass::text, {}, {}, {}
         FROM pg_constraint c WHERE c.conrelid = '{name}'::regclass AND c.contype = 'f'",
        list("c.confkey", "c.confrelid"),
        action("c.confdeltype"),
        action("c.confupdtype")
    );
    table.references = references_of(raw, &references).await;
    let indexes = format!(
        "SELECT i.indexrelid::regclass::text, i.indisunique::text,
                (SELECT string_agg(pg_get_indexdef(i.indexrelid, k, true)
                     || CASE WHEN i.indoption[k - 1] & 1 = 1 THEN ' DESC' ELSE '' END, ', ' ORDER BY k)
                 FROM generate_series(1, i.indnkeyatts::int) k)
         FROM pg_index i WHERE i.indrelid = '{name}'::regclass
             AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))"
    );
    for [index, unique, columns] in texts(raw, &indexes).await {
        table.indexes.insert(index.unwrap(), (columns.unwrap(), unique.unwrap() == "true"));
    }
    table
}

async fn references_of(raw: &mut Raw, sql: &str) -> BTreeSet<Reference> {
    let references = texts::<5>(raw, sql).await.into_iter().map(|row| {
        let [columns, table, referenced, on_delete, on_update] = row.map(Option::unwrap);
        Reference { columns, table, referenced, on_delete, on_update }
    });
    references.collect()
}

async fn both_engines_have_the_same_schema(env: TestEnv) {
    let place = TestDatabase::new(Engine::Sqlite, SchemaState::Migrated).await;
    let mut raw = Raw::connect(Engine::Sqlite, &place.url()).await;
    let sqlite = schema(&mut raw).await;
    raw.close().await;
    let postgres = schema(&mut env.raw().await).await;
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    assert!(sqlite.len() >= 16, "all tables were read");
    for (name, table) in &sqlite {
        let other = &postgres[name];
        assert_eq!(table.columns, other.columns, "columns of {name}");
        assert_eq!(table.keys, other.keys, "keys of {name}");
        assert_eq!(table.references, other.references, "references of {name}");
        assert_eq!(table.indexes, other.indexes, "indexes of {name}");
    }
}

async fn every_tenant_table_has_a_key_that_starts_with_the_tenant(env: TestEnv) {
    for (name, table) in schema(&mut env.raw().await).await {
        if name == "tenants" {
            continue;
        }
        let (_, nullable, _) = &table.columns["tenant_id"];
        assert!(!nullable, "{name}.tenant_id");
        let leads = |key: &String| key.split(", ").next() == Some("tenant_id");
        assert!(table.keys.iter().any(leads), "{name}: {:?}", table.keys);
    }
}

async fn every_foreign_key_includes_the_tenant(env: TestEnv) {
    for (name, table) in schema(&mut env.raw().await).await {
        if name == "tenants" {
            continue;
        }
        assert!(!table.references.is_empty(), "{name} belongs to nobody");
        for reference in &table.references {
            let carried = if reference.table == "tenants" {
                reference.columns == "tenant_id" && reference.referenced == "id"
            } else {
                reference.columns.starts_with("tenant_id, ")
                    && reference.referenced.starts_with("tenant_id, ")
            };
            assert!(carried, "{name}: {reference:?}");
        }
    }
}

async fn no_row_can_refer_to_a_row_of_another_tenant(env: TestEnv) {
    let (here, there) = (env.populated_tenant("samarkand").await, env.populated_tenant("bukhara").await);
    let (here, there) = (here.company.id(), there.company.id());
    let mut raw = env.raw().await;
    let mut tried = 0;
    for (name, table) in schema(&mut raw).await {
        for reference in table.references.iter().filter(|reference| reference.table != "tenants") {
            let column = reference.columns.split(", ").nth(1).unwrap();
            let other = reference.referenced.split(", ").nth(1).unwrap();
            let across = format!(
                "UPDATE {name} SET {column} = (SELECT {other} FROM {} WHERE tenant_id = {there} LIMIT 1)
                 WHERE tenant_id = {here}",
                reference.table
            );
            let refused = raw.run(&across).await.expect_err(&across);
            let because =
                refused.as_database_error().map(sqlx::error::DatabaseError::is_foreign_key_violation);
            assert_eq!(because, Some(true), "{across}: {refused}");
            tried += 1;
        }
        let moved = format!("UPDATE {name} SET tenant_id = {there} WHERE tenant_id = {here}");
        let references = table.references.iter().any(|reference| reference.table != "tenants");
        assert!(!references || raw.run(&moved).await.is_err(), "{moved}");
    }
    assert!(tried >= 16, "only {tried} references were tried");
}

/// References to clients and chats, which a merge has to move or which are deleted with the merged client.
const MOVED_BY_MERGES: [(&str, &str); 14] = [
    ("chats", "clients"),
    ("match_keys", "clients"),
    ("client_search", "clients"),
    ("contacts", "clients"),
    ("drafts", "chats"),
    ("duplicates", "clients"),
    ("invitations", "clients"),
    ("members", "chats"),
    ("members", "clients"),
    ("members", "contacts"),
    ("merges", "clients"),
    ("messages", "chats"),
    ("messages", "members"),
    ("pending_notifications", "chats"),
];

async fn merges_move_every_reference_to_clients_and_chats(env: TestEnv) {
    let owners = ["clients", "contacts", "chats", "members"];
    for (name, table) in schema(&mut env.raw().await).await {
        for reference in
            table.references.iter().filter(|reference| owners.contains(&reference.table.as_str()))
        {
            assert!(
                MOVED_BY_MERGES.contains(&(name.as_str(), reference.table.as_str())),
                "{name} refers to {}: teach `src/persistence/clients/merge_transfer.rs` to move it there and back, then this list",
                reference.table
            );
        }
    }
}
