//! Records the statements of a page, and prints their query plans.

use std::{
    fmt, mem,
    sync::{Arc, Mutex},
};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _, SqliteConnection};
use tracing::{
    Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id},
};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::seed::Seed;

/// The statements since they were last taken.
#[derive(Clone, Default)]
pub struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    pub fn take(&self) -> Vec<String> {
        mem::take(&mut self.0.lock().unwrap())
    }
}

/// Records all statements from now on.
pub fn listen() -> Statements {
    let statements = Statements::default();
    tracing_subscriber::registry().with(statements.clone()).init();
    statements
}

struct Sql(Option<String>);

impl Visit for Sql {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "sql" {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        if attributes.metadata().name() == "statement" {
            let mut sql = Sql(None);
            attributes.record(&mut sql);
            let text = sql.0.unwrap_or_default();
            self.0.lock().unwrap().push(text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}

/// Prints the plan of each statement about clients, once, under the page that used it first.
pub async fn print(seed: &Seed, url: &str, asked: Vec<(&str, Vec<String>)>) {
    let mut seen = Vec::new();
    for (page, statements) in asked {
        for sql in statements {
            if seen.contains(&sql) || !(sql.contains("clients") || sql.contains("_search")) {
                continue;
            }
            println!("\n{page}\n  {sql}");
            for line in plan(seed, url, &sql).await {
                println!("    {line}");
            }
            seen.push(sql);
        }
    }
}

async fn plan(seed: &Seed, url: &str, sql: &str) -> Vec<String> {
    if seed.database.engine_name() == "sqlite" {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        let rows = connection.fetch_all(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).await.unwrap();
        return rows.iter().map(|row| row.get::<String, _>("detail")).collect();
    }
    // A plan for any arguments; an argument that the statement does not use has no type.
    let kind = |number| if sql.contains(&format!("${number}")) { "unknown" } else { "text" };
    let kinds: Vec<_> = (1..=9).map(kind).collect();
    let mut connection = PgConnection::connect(url).await.unwrap();
    let prepared = format!(
        "SET aloqa.tenant = '{}'; SET plan_cache_mode = force_generic_plan; PREPARE page ({}) AS {sql}",
        seed.tenant,
        kinds.join(", ")
    );
    connection.execute(AssertSqlSafe(prepared)).await.unwrap();
    let explained = format!("EXPLAIN (COSTS OFF) EXECUTE page ({})", ["NULL"; 9].join(", "));
    let rows = connection.fetch_all(AssertSqlSafe(explained)).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}
