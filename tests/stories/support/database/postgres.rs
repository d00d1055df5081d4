//! Databases on the PostgreSQL server that `ALOQA_TEST_POSTGRES_URL` names.
//!
//! One thread creates and drops them over one connection. The name of the connection is that of the test run, which is
//! part of the databases' names as well, so that other runs see that this one is alive. A later run drops the databases
//! that a former one left.

use std::{collections::VecDeque, env, str::FromStr as _, sync::OnceLock, thread};

use aloqa::persistence::{Database, RowLevelSecurity};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Executor as _, PgConnection, Row as _, postgres::PgConnectOptions,
};
use tokio::sync::{mpsc, oneshot};
use url::Url;
use uuid::Uuid;

use crate::support::{database::SchemaState, requirements::POSTGRES_URL};

/// Prefix of the names of all databases and connections.
const PREFIX: &str = "aloqa_test_";

enum Order {
    Create { schema: SchemaState, done: oneshot::Sender<Result<String, String>> },
    Drop(String),
}

static ORDERS: OnceLock<mpsc::UnboundedSender<Order>> = OnceLock::new();

fn order(order: Order) {
    let orders = ORDERS.get_or_init(|| {
        let (sender, receiver) = mpsc::unbounded_channel();
        thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(serve_orders(receiver));
        });
        sender
    });
    orders.send(order).unwrap_or_else(|_| panic!("the thread that makes databases is gone"));
}

/// Creates a database; returns its URL and its name.
pub async fn create(schema: SchemaState) -> (String, String) {
    let (done, answer) = oneshot::channel();
    order(Order::Create { schema, done });
    let name = answer.await.unwrap().unwrap_or_else(|error| panic!("{POSTGRES_URL}: {error}"));
    (url_of(&name), name)
}

/// Schedules a database to be dropped.
pub fn drop_soon(name: String) {
    order(Order::Drop(name));
}

fn url_of(database: &str) -> String {
    let mut url: Url = env::var(POSTGRES_URL).unwrap().parse().unwrap();
    url.set_path(database);
    url.into()
}

struct DatabaseServer {
    connection: PgConnection,
    version: u32,
    run: String,
    made: usize,
    leaving: VecDeque<String>,
}

/// Number of databases that are kept until they are dropped: if connections have only just been closed, dropping takes
/// the server a tenth of a second; later it finds them closed.
const LEAVING: usize = 8;

async fn serve_orders(mut orders: mpsc::UnboundedReceiver<Order>) {
    let mut server = DatabaseServer::open().await.map_err(|error| error.to_string());
    while let Some(order) = orders.recv().await {
        match (&mut server, order) {
            (Ok(server), Order::Create { schema, done }) => {
                let _ = done.send(server.create(schema).await.map_err(|error| error.to_string()));
            }
            (Err(error), Order::Create { done, .. }) => {
                let _ = done.send(Err(error.clone()));
            }
            (Ok(server), Order::Drop(name)) => server.drop_later(name).await,
            (Err(_), Order::Drop(_)) => {}
        }
    }
}

type AnyError = Box<dyn std::error::Error + Send + Sync>;

impl DatabaseServer {
    async fn open() -> Result<Self, AnyError> {
        let run = Uuid::new_v4().simple().to_string()[..12].to_owned();
        let options = PgConnectOptions::from_str(&env::var(POSTGRES_URL)?)?;
        let connection = options.application_name(&format!("{PREFIX}{run}")).connect().await?;
        let mut server = Self { connection, version: 0, run, made: 0, leaving: VecDeque::new() };
        server.version = server.column("SHOW server_version_num").await?.concat().parse()?;
        server.sweep().await?;
        server.make_template().await?;
        Ok(server)
    }

    fn template(&self) -> String {
        format!("{PREFIX}template_{}", self.run)
    }

    async fn make_template(&mut self) -> Result<(), AnyError> {
        let name = self.template();
        self.run(&format!("CREATE DATABASE {name}")).await?;
        let database = Database::open(&url_of(&name)).await?;
        if database.row_level_security().await? != RowLevelSecurity::Enforced {
            return Err("its role bypasses row-level security, so the tests of it would prove nothing".into());
        }
        database.migrate().await?;
        database.close().await;
        Ok(())
    }

    async fn create(&mut self, schema: SchemaState) -> sqlx::Result<String> {
        let name = format!("{PREFIX}{}_{}", self.run, self.made);
        self.made += 1;
        let template = match schema {
            SchemaState::Migrated => self.template(),
            SchemaState::Empty => "template0".to_owned(),
        };
        // The default since version 15 writes each page to the write-ahead log, which takes ten times as long.
        let strategy = if self.version >= 150_000 { "STRATEGY file_copy" } else { "" };
        self.run(&format!("CREATE DATABASE {name} TEMPLATE {template} {strategy}")).await?;
        Ok(name)
    }

    /// Drops the databases of earlier runs. The thread ends with its process, so each run leaves its template and its
    /// last databases.
    async fn sweep(&mut self) -> sqlx::Result<()> {
        let alive = self.column("SELECT application_name FROM pg_stat_activity").await?;
        for name in self.column("SELECT datname::text FROM pg_database").await? {
            let Some(rest) = name.strip_prefix(PREFIX) else { continue };
            let run = rest.strip_prefix("template_").unwrap_or(rest).split('_').next().unwrap_or_default();
            if !alive.contains(&format!("{PREFIX}{run}")) {
                self.drop(&name, "").await;
            }
        }
        Ok(())
    }

    async fn drop_later(&mut self, name: String) {
        self.leaving.push_back(name);
        if self.leaving.len() > LEAVING
            && let Some(first) = self.leaving.pop_front()
        {
            self.drop(&first, "WITH (FORCE)").await;
        }
    }

    /// Best effort: a database that can't be dropped now is dropped by a later run.
    async fn drop(&mut self, name: &str, how: &str) {
        let _ = self.run(&format!("DROP DATABASE IF EXISTS {name} {how}")).await;
    }

    async fn run(&mut self, statement: &str) -> sqlx::Result<()> {
        self.connection.execute(AssertSqlSafe(statement.to_owned())).await?;
        Ok(())
    }

    async fn column(&mut self, statement: &'static str) -> sqlx::Result<Vec<String>> {
        let rows = self.connection.fetch_all(statement).await?;
        Ok(rows.iter().filter_map(|row| row.try_get(0).ok()).collect())
    }
}
