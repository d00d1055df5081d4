//! Dumps of databases as SQL text that loads into an empty database through a plain connection.

use std::{fmt::Write as _, process::Command};

use crate::support::{Engine, database::raw::Raw};

/// Dumps a database.
///
/// # Panics
/// If a table is empty: a fixture without rows would prove nothing.
pub async fn dump(engine: Engine, url: &str) -> String {
    let mut raw = Raw::connect(engine, url).await;
    if engine == Engine::Postgres {
        raw.run("SET aloqa.operator = 'on'").await.unwrap();
    }
    let mut empty = Vec::new();
    for table in tables(&mut raw, engine).await {
        if raw.count(&table).await == 0 {
            empty.push(table);
        }
    }
    assert!(empty.is_empty(), "there is nothing in {empty:?}");
    let dump = match engine {
        Engine::Sqlite => sqlite(&mut raw).await,
        Engine::Postgres => postgres(url),
    };
    raw.close().await;
    dump
}

/// All tables except those of the engine, of the migrations, and of the full-text index.
async fn tables(raw: &mut Raw, engine: Engine) -> Vec<String> {
    let names = match engine {
        Engine::Sqlite => {
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name"
        }
        Engine::Postgres => {
            "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_%' ORDER BY relname"
        }
    };
    raw.rows(names).await.into_iter().flatten().flatten().collect()
}

/// Tables, then rows, then indexes and triggers, which act on rows. A virtual table creates its own tables, whose rows
/// are replaced by the dumped ones.
async fn sqlite(raw: &mut Raw) -> String {
    let objects =
        raw.rows("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid").await;
    let objects: Vec<[String; 3]> = objects
        .into_iter()
        .map(|row| row.into_iter().map(Option::unwrap).collect::<Vec<_>>().try_into().unwrap())
        .collect();
    let virtuals: Vec<&str> = objects
        .iter()
        .filter(|[_, _, sql]| sql.starts_with("CREATE VIRTUAL TABLE"))
        .map(|[_, name, _]| name.as_str())
        .collect();
    let made_by_itself = |name: &str| {
        virtuals.iter().any(|table| name.strip_prefix(table).is_some_and(|rest| rest.starts_with('_')))
    };
    let mut text = "PRAGMA foreign_keys = OFF;\nBEGIN;\n".to_owned();
    let tables = || objects.iter().filter(|[kind, ..]| kind == "table");
    for [_, name, sql] in tables() {
        if name != "sqlite_sequence" && !made_by_itself(name) {
            writeln!(text, "{sql};").unwrap();
        }
    }
    for [_, name, sql] in tables().filter(|[_, name, _]| !virtuals.contains(&name.as_str())) {
        if made_by_itself(name) || name == "sqlite_sequence" {
            writeln!(text, "DELETE FROM {name};").unwrap();
        }
        let columns = format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{name}')");
        let columns: Vec<_> = raw.rows(&columns).await.into_iter().flatten().flatten().collect();
        let order = if sql.contains("WITHOUT ROWID") { "1" } else { "rowid" };
        let rows = format!("SELECT {} FROM {name} ORDER BY {order}", columns.join(" || ', ' || "));
        for row in raw.rows(&rows).await.into_iter().flatten().flatten() {
            writeln!(text, "INSERT INTO {name} VALUES ({row});").unwrap();
        }
    }
    for [kind, _, sql] in &objects {
        if kind != "table" {
            writeln!(text, "{sql};").unwrap();
        }
    }
    text + "COMMIT;\nPRAGMA foreign_keys = ON;\n"
}

/// Runs `pg_dump` as the role that owns the tables, with access to all tenants. Statements that set up the session and
/// commands of `psql` are omitted.
fn postgres(url: &str) -> String {
    let mut command = Command::new("pg_dump");
    command.args(["--inserts", "--enable-row-security", "--no-owner", "--no-privileges", url]);
    let output = command.env("PGOPTIONS", "-c aloqa.operator=on").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let start = text.find("\nCREATE ").unwrap();
    let of_psql = |line: &&str| ["\\restrict ", "\\unrestrict "].iter().any(|start| line.starts_with(start));
    let lines: Vec<_> = text[start..].lines().filter(|line| !of_psql(line)).collect();
    format!("SET check_function_bodies = false;\n{}\n", lines.join("\n"))
}
