//! A transaction of either engine, and the only two functions that execute a statement in it.

use std::borrow::Cow;

use futures_util::future::BoxFuture;
use sqlx::{AssertSqlSafe, Executor as _, PgPool, Postgres, Sqlite};

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

/// A transaction of either engine. Dropping it rolls back.
pub(super) enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
    /// Statements that read across tenants, each by itself.
    PostgresReads(PgPool),
}

/// A statement in the format of an engine.
pub(super) struct Statement {
    pub(super) text: Cow<'static, str>,
    pub(super) arguments: Vec<Value>,
}

impl Transaction {
    pub(super) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) | Self::PostgresReads(_) => Engine::Postgres,
        }
    }

    pub(super) async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => transaction.commit().await,
            Self::PostgresReads(_) => Ok(()),
        }
    }

    /// Returns all rows of a statement, or the first one. The future is boxed, so that those of the
    /// callers remain small.
    pub(super) fn fetch(&mut self, statement: Statement, all: bool) -> BoxFuture<'_, sqlx::Result<Vec<Row>>> {
        Box::pin(async move {
            match self {
                Self::Sqlite(transaction) => {
                    let arguments = for_sqlite(statement.arguments).map_err(sqlx::Error::Encode)?;
                    let query = sqlx::query_with(AssertSqlSafe(statement.text), arguments);
                    Ok(if all {
                        transaction.fetch_all(query).await?.into_iter().map(Row::Sqlite).collect()
                    } else {
                        transaction.fetch_optional(query).await?.into_iter().map(Row::Sqlite).collect()
                    })
                }
                Self::Postgres(transaction) => {
                    let arguments = for_postgres(statement.arguments).map_err(sqlx::Error::Encode)?;
                    let query = sqlx::query_with(AssertSqlSafe(statement.text), arguments);
                    Ok(if all {
                        transaction.fetch_all(query).await?.into_iter().map(Row::Postgres).collect()
                    } else {
                        transaction.fetch_optional(query).await?.into_iter().map(Row::Postgres).collect()
                    })
                }
                Self::PostgresReads(pool) => read(pool, &statement, all).await,
            }
        })
    }

    /// Executes a statement and returns the number of changed rows.
    pub(super) fn execute(&mut self, statement: Statement) -> BoxFuture<'_, sqlx::Result<u64>> {
        Box::pin(async move {
            let text = AssertSqlSafe(statement.text);
            Ok(match self {
                Self::Sqlite(transaction) => {
                    let arguments = for_sqlite(statement.arguments).map_err(sqlx::Error::Encode)?;
                    transaction.execute(sqlx::query_with(text, arguments)).await?.rows_affected()
                }
                Self::Postgres(transaction) => {
                    let arguments = for_postgres(statement.arguments).map_err(sqlx::Error::Encode)?;
                    transaction.execute(sqlx::query_with(text, arguments)).await?.rows_affected()
                }
                // It is refused, since the connections only read.
                Self::PostgresReads(pool) => {
                    let arguments = for_postgres(statement.arguments).map_err(sqlx::Error::Encode)?;
                    pool.execute(sqlx::query_with(text, arguments)).await?.rows_affected()
                }
            })
        })
    }
}

/// Executes a statement that reads on a connection of a pool, without a transaction. A connection that was lost while idle
/// is replaced.
async fn read(pool: &PgPool, statement: &Statement, all: bool) -> sqlx::Result<Vec<Row>> {
    for _ in 0..pool.options().get_max_connections() {
        match read_once(pool, statement, all).await {
            Err(error) if is_lost(&error) => {}
            read => return read,
        }
    }
    read_once(pool, statement, all).await
}

async fn read_once(pool: &PgPool, statement: &Statement, all: bool) -> sqlx::Result<Vec<Row>> {
    let arguments = for_postgres(statement.arguments.clone()).map_err(sqlx::Error::Encode)?;
    let query = sqlx::query_with(AssertSqlSafe(statement.text.clone()), arguments);
    Ok(if all {
        pool.fetch_all(query).await?.into_iter().map(Row::Postgres).collect()
    } else {
        pool.fetch_optional(query).await?.into_iter().map(Row::Postgres).collect()
    })
}

/// True if a connection is lost: it is closed, or the server has ended it (57P01 and following).
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}
