//! SQL outside of the repositories: to read what is stored, and to make changes that no repository makes.

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _,
    SqliteConnection, postgres::PgConnectOptions, sqlite::SqliteConnectOptions,
};

use crate::support::{Engine, TestEnv};

/// Tables whose rows belong to no tenant.
pub const WITHOUT_TENANT: [&str; 1] = ["sign_in_attempts"];
/// The full-text tables. On PostgreSQL any tenant may read them, because an index can't be used through a policy of reading.
pub const FULL_TEXT: [&str; 2] = ["client_search", "message_search"];

/// A separate connection to the test's database.
pub enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl TestEnv {
    /// A connection that sees all tenants.
    pub async fn raw(&self) -> Raw {
        let mut raw = self.raw_without_tenant().await;
        if matches!(raw, Raw::Postgres(_)) {
            raw.run("SET aloqa.operator = 'on'").await.unwrap();
        }
        raw
    }

    /// True if a secret is stored anywhere in the database as plain text.
    pub async fn contains_plaintext(&self, secret: &str) -> bool {
        let mut raw = self.raw().await;
        let hexadecimal = secret.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        for table in raw.tables().await {
            let rows = raw.dump(&table, "1 = 1").await.concat();
            if rows.contains(secret) || rows.to_lowercase().contains(&hexadecimal) {
                return true;
            }
        }
        let files = self.url.strip_prefix("sqlite://").map(|path| [path.to_owned(), format!("{path}-wal")]);
        files.into_iter().flatten().any(|path| {
            let bytes = std::fs::read(path).unwrap_or_default();
            bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
        })
    }

    /// A connection for which no tenant is set.
    pub async fn raw_without_tenant(&self) -> Raw {
        Raw::connect(self.engine, &self.url).await
    }
}

impl Raw {
    pub async fn connect(engine: Engine, url: &str) -> Self {
        match engine {
            Engine::Sqlite => {
                let options: SqliteConnectOptions = url.parse().unwrap();
                Self::Sqlite(options.foreign_keys(true).connect().await.unwrap())
            }
            Engine::Postgres => {
                let options: PgConnectOptions = url.parse().unwrap();
                Self::Postgres(options.connect().await.unwrap())
            }
        }
    }

    /// Runs statements; returns the number of rows that the last of them changed.
    pub async fn run(&mut self, sql: &str) -> sqlx::Result<u64> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(match self {
            Self::Sqlite(connection) => connection.execute(sql).await?.rows_affected(),
            Self::Postgres(connection) => connection.execute(sql).await?.rows_affected(),
        })
    }

    /// The rows of a statement whose columns are all text.
    pub async fn rows(&mut self, sql: &str) -> Vec<Vec<Option<String>>> {
        let sql = AssertSqlSafe(sql.to_owned());
        macro_rules! texts {
            ($connection:expr) => {{
                let rows = $connection.fetch_all(sql).await.unwrap();
                rows.iter().map(|row| (0..row.len()).map(|i| row.get(i)).collect()).collect()
            }};
        }
        match self {
            Self::Sqlite(connection) => texts!(connection),
            Self::Postgres(connection) => texts!(connection),
        }
    }

    /// The only number that a statement returns.
    pub async fn number(&mut self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql).fetch_one(connection).await.unwrap(),
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_one(connection).await.unwrap(),
        }
    }

    /// The steps of the plan of a statement on SQLite.
    pub async fn query_plan(&mut self, sql: &str) -> Vec<String> {
        let Self::Sqlite(connection) = self else { panic!("plans of PostgreSQL depend on the data") };
        let rows = connection.fetch_all(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).await.unwrap();
        rows.iter().map(|row| row.get("detail")).collect()
    }

    /// The number of rows of a table.
    pub async fn count(&mut self, table: &str) -> i64 {
        self.number(&format!("SELECT COUNT(*) FROM {table}")).await
    }

    /// The names of all tables of the application except the full-text tables, which differ between the engines and
    /// repeat data of other tables ([`FULL_TEXT`]).
    pub async fn tables(&mut self) -> Vec<String> {
        let sql = match self {
            Self::Sqlite(_) => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE '%\\_search%' ESCAPE '\\' ORDER BY name"
            }
            Self::Postgres(_) => {
                "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_%' AND relname NOT LIKE '%\\_search' ORDER BY relname"
            }
        };
        let all = self.rows(sql).await.into_iter().filter_map(|mut row| row.pop().flatten());
        all.filter(|table| !WITHOUT_TENANT.contains(&table.as_str())).collect()
    }

    /// All rows of a table that match a condition, with every value as text; bytes are hexadecimal.
    pub async fn dump(&mut self, table: &str, condition: &str) -> Vec<String> {
        let row = match self {
            Self::Sqlite(_) => {
                let columns = format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')");
                let columns: Vec<_> = self.rows(&columns).await.into_iter().flatten().flatten().collect();
                columns.join(" || '|' || ")
            }
            Self::Postgres(_) => "t::text".to_owned(),
        };
        let sql = format!("SELECT {row} FROM {table} t WHERE {condition} ORDER BY 1");
        self.rows(&sql).await.into_iter().flatten().flatten().collect()
    }

    pub async fn close(self) {
        let _ = match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        };
    }
}
