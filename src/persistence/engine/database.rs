//! Opening the database, migrating it, and beginning transactions on it.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgPool, Postgres, SqlitePool,
    postgres::{PgListener, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio_util::sync::CancellationToken;

use super::{
    cross_tenant::CrossTenant,
    error::{cannot_open, try_postgres},
    migrations::{PostgresMigrations, SchemaState, SqliteMigrations, migrator, not_migrated},
    snapshot::Snapshot,
    transaction::{Transaction, is_lost},
    unit_of_work::UnitOfWork,
    wake_ups::{NOTIFY_CHANNEL, WakeUps},
};
use crate::{
    domain::{Presence, TenantId},
    error::{AppError, Result},
};

/// The time that a request waits for a connection before it fails as unavailable.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
const POSTGRES_CONNECTIONS: u32 = 12;
/// The number of connections for reads across tenants.
const POSTGRES_CROSS_TENANT_CONNECTIONS: u32 = 4;
const SQLITE_READERS: u32 = 4;
/// The number of rows that a connection of SQLite reads ahead.
const ROW_BUFFER: usize = 256;
/// The PostgreSQL channel for presence on other instances.
const PRESENCE_CHANNEL: &str = "aloqa_presence";

/// A database of either engine.
#[derive(Clone)]
pub struct Database {
    pools: Pools,
    wake_ups: WakeUps,
}

#[derive(Clone)]
enum Pools {
    /// SQLite has one writer at a time, so that the pool of writers has one connection, and waiting
    /// for it is a queue.
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres {
        pool: PgPool,
        /// The connections may read all tenants and nothing else, so that a read across tenants needs no
        /// transaction, and is one round trip instead of two.
        cross_tenant_reads: PgPool,
    },
}

/// The state of row-level security, which checks the tenant in addition to the statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowLevelSecurity {
    /// The engine has no row-level security; every statement filters by its tenant.
    NotSupported,
    /// Row-level security applies to this role.
    Enforced,
    /// The role is a superuser or may bypass row-level security.
    Bypassed,
}

impl Database {
    /// Opens `sqlite://PATH` (the file and its folder are created) or `postgres://…`.
    ///
    /// # Errors
    /// An error for a URL of another kind, or if the database cannot be reached.
    #[tracing::instrument(skip_all)]
    pub async fn open(url: &str) -> Result<Self> {
        let pools = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = |connections| {
                PgPoolOptions::new()
                    .max_connections(connections)
                    .acquire_timeout(ACQUIRE_TIMEOUT)
                    // The test would be a round trip before each use; `begin_on` and `Transaction::fetch`
                    // detect a lost connection, too.
                    .test_before_acquire(false)
            };
            try_postgres(url).await?;
            let pool = options(POSTGRES_CONNECTIONS).connect(url).await?;
            let cross_tenant_reads = options(POSTGRES_CROSS_TENANT_CONNECTIONS)
                .after_connect(|connection, _| {
                    Box::pin(async move { connection.execute(READ_ACROSS_TENANTS).await.map(drop) })
                })
                .connect_lazy(url)?;
            Pools::Postgres { pool, cross_tenant_reads }
        } else if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url)?
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // An acknowledged webhook survives power loss, not only a crash.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(ACQUIRE_TIMEOUT)
                // A page's rows fit, so that the connection's thread needs not wait for the task that reads them.
                .row_buffer_size(ROW_BUFFER)
                .pragma("cache_size", "-16000")
                .pragma("mmap_size", "268435456")
                .pragma("temp_store", "memory");
            if let Some(folder) = options.get_filename().parent().filter(|f| *f != Path::new("")) {
                std::fs::create_dir_all(folder).map_err(|error| AppError::path(folder, &error))?;
            }
            let pool = || {
                SqlitePoolOptions::new()
                    .acquire_timeout(ACQUIRE_TIMEOUT)
                    .min_connections(1)
                    // The test would be a call of the connection's thread before each use, and no file is lost while idle.
                    .test_before_acquire(false)
                    // A commit that fails because the disk is full ends the transaction, which then can't be rolled back:
                    // the connection takes itself to be in one for ever, and is replaced.
                    .before_acquire(|connection, _| {
                        let is_sound = !connection.is_in_transaction();
                        Box::pin(async move { Ok(is_sound) })
                    })
            };
            let write = open_with_retries(|| pool().max_connections(1).connect_with(options.clone())).await;
            let write = write.map_err(|error| cannot_open(options.get_filename(), error))?;
            let read = pool()
                .max_connections(SQLITE_READERS)
                .connect_with(options.pragma("query_only", "on"))
                .await?;
            Pools::Sqlite { read, write }
        } else {
            return Err(AppError::internal("the database URL must begin with sqlite: or postgres:"));
        };
        Ok(Self { pools, wake_ups: WakeUps::default() })
    }

    /// The file of an embedded database by its URL; `None` for another URL.
    pub fn embedded_file(url: &str) -> Option<PathBuf> {
        let options = SqliteConnectOptions::from_str(url).ok().filter(|_| url.starts_with("sqlite:"))?;
        Some(options.get_filename().to_owned())
    }

    /// The options of the connections to the embedded database; `None` for PostgreSQL.
    pub(super) fn sqlite_options(&self) -> Option<SqliteConnectOptions> {
        match &self.pools {
            Pools::Sqlite { read, .. } => Some(SqliteConnectOptions::clone(&read.connect_options())),
            Pools::Postgres { .. } => None,
        }
    }

    /// The pool of PostgreSQL; `None` for the embedded database.
    pub(super) fn postgres_pool(&self) -> Option<&PgPool> {
        match &self.pools {
            Pools::Sqlite { .. } => None,
            Pools::Postgres { pool, .. } => Some(pool),
        }
    }

    /// Migrates the schema to the current version; several instances may do so at once.
    ///
    /// # Errors
    /// An error if a migration fails, or if the schema is newer than this program.
    #[tracing::instrument(skip_all)]
    pub async fn migrate(&self) -> Result<()> {
        match &self.pools {
            Pools::Sqlite { write, .. } => {
                // On PostgreSQL sqlx locks against other instances. On SQLite it does not, so the
                // write lock is used.
                let mut tx = write.begin_with("BEGIN IMMEDIATE").await?;
                // The same as `run`, which does not accept a borrowed connection in a future that
                // is `Send`.
                migrator::<SqliteMigrations>()
                    .run_direct(None, &mut *tx, false)
                    .await
                    .map_err(not_migrated)?;
                Ok(tx.commit().await?)
            }
            Pools::Postgres { pool, .. } => {
                migrator::<PostgresMigrations>().run(pool).await.map_err(not_migrated)
            }
        }
    }

    /// The state of the schema, which is only read.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn schema_state(&self) -> Result<SchemaState> {
        const VERSIONS: &str = "SELECT version FROM _sqlx_migrations ORDER BY version";
        let applied: Vec<i64> = match &self.pools {
            Pools::Sqlite { read, .. } => {
                let exists = "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";
                let exists: i64 = sqlx::query_scalar(exists).fetch_one(read).await?;
                if exists == 0 { Vec::new() } else { sqlx::query_scalar(VERSIONS).fetch_all(read).await? }
            }
            Pools::Postgres { pool, .. } => {
                let exists = "SELECT COUNT(to_regclass('_sqlx_migrations'))";
                let exists: i64 = sqlx::query_scalar(exists).fetch_one(pool).await?;
                if exists == 0 { Vec::new() } else { sqlx::query_scalar(VERSIONS).fetch_all(pool).await? }
            }
        };
        Ok(SchemaState::of(&applied))
    }

    /// Begins a tenant's write transaction. SQLite takes the write lock at once; a transaction that
    /// reads first and writes later would otherwise fail instead of waiting.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn begin(&self, tenant: TenantId) -> Result<UnitOfWork> {
        let transaction = self.transaction(true, &of_tenant(tenant)).await?;
        Ok(UnitOfWork::new(transaction, tenant, self.wake_ups.clone()))
    }

    /// Begins a tenant's read transaction, whose statements all see the same state. It blocks no
    /// other transaction.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn read(&self, tenant: TenantId) -> Result<Snapshot> {
        Ok(Snapshot::new(self.transaction(false, &of_tenant(tenant)).await?, tenant))
    }

    /// Begins a write transaction across all tenants.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn begin_cross_tenant(&self) -> Result<CrossTenant> {
        Ok(CrossTenant::new(self.transaction(true, ACROSS_TENANTS).await?))
    }

    /// Begins a read across all tenants. Each of its statements sees a state of its own.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn read_cross_tenant(&self) -> Result<CrossTenant> {
        Ok(CrossTenant::new(self.transaction(false, ACROSS_TENANTS).await?))
    }

    /// Begins a transaction, within a span by which transactions are counted.
    #[tracing::instrument(level = "debug", skip_all, fields(writes))]
    pub(super) async fn transaction(&self, writes: bool, scope: &str) -> Result<Transaction> {
        Ok(match &self.pools {
            Pools::Sqlite { write, .. } if writes => {
                Transaction::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?)
            }
            Pools::Sqlite { read, .. } if scope == ACROSS_TENANTS => Transaction::SqliteReads(read.clone()),
            Pools::Sqlite { read, .. } => Transaction::Sqlite(read.begin_with("BEGIN DEFERRED").await?),
            Pools::Postgres { cross_tenant_reads, .. } if !writes && scope == ACROSS_TENANTS => {
                Transaction::PostgresReads(cross_tenant_reads.clone())
            }
            Pools::Postgres { pool, .. } => {
                // By default each statement would see a state of its own, and a page of several
                // statements would be inconsistent.
                let begin = if writes { "BEGIN" } else { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" };
                Transaction::Postgres(begin_on(pool, &format!("{begin}; {scope}")).await?)
            }
        })
    }

    /// The wake-ups of this database.
    pub fn wake_ups(&self) -> &WakeUps {
        &self.wake_ups
    }

    /// `sqlite` or `postgres`.
    pub fn engine_name(&self) -> &'static str {
        match self.pools {
            Pools::Sqlite { .. } => "sqlite",
            Pools::Postgres { .. } => "postgres",
        }
    }

    /// The number of connections by pool and state.
    pub fn connections(&self) -> Vec<(&'static str, &'static str, u32)> {
        let count = |name, size: u32, idle: usize| {
            let idle = u32::try_from(idle).unwrap_or(u32::MAX);
            [(name, "idle", idle), (name, "used", size.saturating_sub(idle))]
        };
        match &self.pools {
            Pools::Sqlite { read, write } => {
                [count("read", read.size(), read.num_idle()), count("write", write.size(), write.num_idle())]
            }
            Pools::Postgres { pool, cross_tenant_reads } => [
                count("tenants", pool.size(), pool.num_idle()),
                count("cross_tenant_reads", cross_tenant_reads.size(), cross_tenant_reads.num_idle()),
            ],
        }
        .concat()
    }

    /// Checks that the database answers.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn ping(&self) -> Result<()> {
        let mut tx = self.read_cross_tenant().await?;
        tx.query("SELECT CAST(1 AS BIGINT)").one::<i64>().await?;
        Ok(())
    }

    /// Determines if row-level security applies to the role of the connection.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn row_level_security(&self) -> Result<RowLevelSecurity> {
        let Pools::Postgres { pool, .. } = &self.pools else {
            return Ok(RowLevelSecurity::NotSupported);
        };
        let statement = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";
        let bypassed: bool = sqlx::query_scalar(statement).fetch_one(pool).await?;
        Ok(if bypassed { RowLevelSecurity::Bypassed } else { RowLevelSecurity::Enforced })
    }

    /// Relays wake-ups from other instances until `stop`. On SQLite there are no other instances.
    pub async fn relay_wake_ups(&self, stop: CancellationToken) {
        let Pools::Postgres { pool, .. } = &self.pools else {
            return;
        };
        while !stop.is_cancelled() {
            let relay = async {
                let mut listener = PgListener::connect_with(pool).await?;
                listener.listen_all([NOTIFY_CHANNEL, PRESENCE_CHANNEL]).await?;
                loop {
                    let notification = listener.recv().await?;
                    if notification.channel() == PRESENCE_CHANNEL {
                        if let Ok(presence) = serde_json::from_str(notification.payload()) {
                            self.wake_ups.notify_presence(presence);
                        }
                    } else if let Ok(tenant) = notification.payload().parse() {
                        self.wake_ups.notify(tenant);
                    }
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                failed = relay => {
                    let failed: sqlx::Result<()> = failed;
                    tracing::warn!(error = ?failed.err(), "listening for other instances broke off; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Publishes presence on all instances without storing it.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn publish_presence(&self, presence: Presence) -> Result<()> {
        match &self.pools {
            Pools::Sqlite { .. } => self.wake_ups.notify_presence(presence),
            // The relay also delivers it to this instance.
            Pools::Postgres { pool, .. } => {
                let payload = serde_json::to_string(&presence).map_err(AppError::internal)?;
                sqlx::query("SELECT pg_notify($1, $2)")
                    .bind(PRESENCE_CHANNEL)
                    .bind(payload)
                    .execute(pool)
                    .await?;
            }
        }
        Ok(())
    }

    /// Closes all connections; on SQLite the write-ahead log is merged into the file.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres { pool, cross_tenant_reads } => {
                cross_tenant_reads.close().await;
                pool.close().await;
            }
        }
    }
}

/// The setting of row-level security for a tenant. SET has no parameters; the text consists of
/// constants and an integer.
pub(super) fn of_tenant(tenant: TenantId) -> String {
    format!("SET LOCAL aloqa.tenant = '{tenant}'")
}

const ACROSS_TENANTS: &str = "SET LOCAL aloqa.operator = 'on'";

/// The same for a connection that only reads.
const READ_ACROSS_TENANTS: &str = "SET aloqa.operator = 'on'; SET default_transaction_read_only = 'on'";

/// Begins a transaction and applies its settings in one round trip. A connection that was lost
/// while idle, for example because the server was restarted, is replaced.
async fn begin_on(pool: &PgPool, statements: &str) -> sqlx::Result<sqlx::Transaction<'static, Postgres>> {
    for _ in 0..POSTGRES_CONNECTIONS {
        match pool.begin_with(AssertSqlSafe(statements.to_owned())).await {
            Err(error) if is_lost(&error) => {}
            begun => return begun,
        }
    }
    pool.begin_with(AssertSqlSafe(statements.to_owned())).await
}

/// Opens a file that another process may be opening for the first time, with several attempts. For
/// the change to a write-ahead log, SQLite takes a lock without waiting for it.
async fn open_with_retries<F>(connect: impl Fn() -> F) -> sqlx::Result<SqlitePool>
where
    F: Future<Output = sqlx::Result<SqlitePool>>,
{
    const PAUSE: Duration = Duration::from_millis(20);
    let is_busy = |error: &sqlx::Error| {
        let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
        code.is_some_and(|code| code & 0xff == 5)
    };
    for _ in 0..ACQUIRE_TIMEOUT.as_millis() / PAUSE.as_millis() {
        match connect().await {
            Err(error) if is_busy(&error) => tokio::time::sleep(PAUSE).await,
            done => return done,
        }
    }
    connect().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_transaction_that_the_engine_ended_leaves_no_connection_behind() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("aloqa.db").display());
        let database = Database::open(&url).await.unwrap();
        database.migrate().await.unwrap();
        for _ in 0..3 {
            let mut tx = database.begin_cross_tenant().await.unwrap();
            // As after a commit for which the disk has no room.
            tx.query("ROLLBACK").execute().await.unwrap();
            assert!(tx.commit().await.is_err());
        }
        assert!(database.read_cross_tenant().await.unwrap().tenants().await.unwrap().is_empty());
        database.begin_cross_tenant().await.unwrap().commit().await.unwrap();
    }
}
