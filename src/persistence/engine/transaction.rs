//! A transaction of either engine, and the only two functions that execute a statement in it.

use std::borrow::Cow;

use futures_util::future::BoxFuture;
use sqlx::{
    AssertSqlSafe, Executor, IntoArguments, PgPool, Postgres, Sqlite, SqlitePool, error::BoxDynError,
};

use super::statement::{
    row::Row,
    value::{Value, for_postgres, for_sqlite},
};

/// The database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded engine, with one writer at a time.
    Sqlite,
    /// The database server.
    Postgres,
}

/// A transaction of either engine, or the connections for statements that read across tenants, each by itself. Dropping
/// a transaction rolls back.
pub(super) enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    SqliteReads(SqlitePool),
    Postgres(sqlx::Transaction<'static, Postgres>),
    PostgresReads(PgPool),
}

/// A statement in the format of an engine.
#[derive(Clone)]
pub(super) struct Statement {
    pub(super) text: Cow<'static, str>,
    pub(super) arguments: Vec<Value>,
}

impl Transaction {
    pub(super) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) | Self::SqliteReads(_) => Engine::Sqlite,
            Self::Postgres(_) | Self::PostgresReads(_) => Engine::Postgres,
        }
    }

    pub(super) async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => transaction.commit().await,
            Self::SqliteReads(_) | Self::PostgresReads(_) => Ok(()),
        }
    }

    /// Returns all rows of a statement, or the first one. The future is boxed, so that those of the
    /// callers remain small.
    pub(super) fn fetch(&mut self, statement: Statement, all: bool) -> BoxFuture<'_, sqlx::Result<Vec<Row>>> {
        match self {
            Self::Sqlite(transaction) => Box::pin(fetch(&mut **transaction, statement, all)),
            Self::SqliteReads(pool) => Box::pin(fetch(&*pool, statement, all)),
            Self::Postgres(transaction) => Box::pin(fetch(&mut **transaction, statement, all)),
            Self::PostgresReads(pool) => Box::pin(fetch_with_retries(pool, statement, all)),
        }
    }

    /// Executes a statement and returns the number of changed rows.
    pub(super) fn execute(&mut self, statement: Statement) -> BoxFuture<'_, sqlx::Result<u64>> {
        match self {
            Self::Sqlite(transaction) => Box::pin(execute(&mut **transaction, statement)),
            Self::Postgres(transaction) => Box::pin(execute(&mut **transaction, statement)),
            // The engine refuses it, since these connections only read.
            Self::SqliteReads(pool) => Box::pin(execute(&*pool, statement)),
            Self::PostgresReads(pool) => Box::pin(execute(&*pool, statement)),
        }
    }
}

/// The differences between the drivers of the engines when they execute a statement.
trait Driver: sqlx::Database<Arguments: IntoArguments<Self>> {
    fn arguments(values: Vec<Value>) -> Result<Self::Arguments, BoxDynError>;
    fn row(row: Self::Row) -> Row;
    fn changed_rows(result: &Self::QueryResult) -> u64;
}

impl Driver for Sqlite {
    fn arguments(values: Vec<Value>) -> Result<Self::Arguments, BoxDynError> {
        for_sqlite(values)
    }

    fn row(row: Self::Row) -> Row {
        Row::Sqlite(row)
    }

    fn changed_rows(result: &Self::QueryResult) -> u64 {
        result.rows_affected()
    }
}

impl Driver for Postgres {
    fn arguments(values: Vec<Value>) -> Result<Self::Arguments, BoxDynError> {
        for_postgres(values)
    }

    fn row(row: Self::Row) -> Row {
        Row::Postgres(row)
    }

    fn changed_rows(result: &Self::QueryResult) -> u64 {
        result.rows_affected()
    }
}

async fn fetch<'c, D: Driver>(
    connection: impl Executor<'c, Database = D>,
    statement: Statement,
    all: bool,
) -> sqlx::Result<Vec<Row>> {
    let arguments = D::arguments(statement.arguments).map_err(sqlx::Error::Encode)?;
    let query = sqlx::query_with(AssertSqlSafe(statement.text), arguments);
    Ok(if all {
        connection.fetch_all(query).await?.into_iter().map(D::row).collect()
    } else {
        connection.fetch_optional(query).await?.into_iter().map(D::row).collect()
    })
}

async fn execute<'c, D: Driver>(
    connection: impl Executor<'c, Database = D>,
    statement: Statement,
) -> sqlx::Result<u64> {
    let arguments = D::arguments(statement.arguments).map_err(sqlx::Error::Encode)?;
    let result = connection.execute(sqlx::query_with(AssertSqlSafe(statement.text), arguments)).await?;
    Ok(D::changed_rows(&result))
}

/// Executes a statement that reads on a connection of a pool, without a transaction. A connection that was lost while idle
/// is replaced.
async fn fetch_with_retries(pool: &PgPool, statement: Statement, all: bool) -> sqlx::Result<Vec<Row>> {
    for _ in 0..pool.options().get_max_connections() {
        match fetch(pool, statement.clone(), all).await {
            Err(error) if is_lost(&error) => {}
            read => return read,
        }
    }
    fetch(pool, statement, all).await
}

/// True if a connection is lost: it is closed, or the server has ended it (57P01 and following).
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}
