//! Running a statement.

use tracing::Instrument as _;

use super::{
    row::{FromRow, Row},
    sql::Sql,
    tenancy,
    transaction::{Statement, Transaction},
    value::{ToValue, Value},
};
use crate::{
    domain::TenantId,
    error::{AppError, Result},
};

/// A statement that is about to run in a transaction.
///
/// ```text
/// let chats: Vec<Chat> = snapshot.query("SELECT … FROM chats WHERE tenant_id = $1 AND id > $2").bind(after).all().await?;
/// ```
///
/// In a tenant's transaction **the tenant is `$1` without being named**, so that no caller can pass another one, and
/// further arguments are `$2` and on. Across tenants they begin at `$1`.
#[must_use = "a statement runs when one of its verbs is awaited"]
pub(in crate::persistence) struct Query<'t> {
    transaction: &'t mut Transaction,
    scope: Scope,
    sql: Sql,
}

/// The scope of a statement.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope {
    /// Read a tenant's rows.
    Read(TenantId),
    /// Read and change a tenant's rows.
    Write(TenantId),
    /// Read and change all rows.
    AllTenants,
}

impl<'t> Query<'t> {
    pub(super) fn new(transaction: &'t mut Transaction, scope: Scope, sql: Sql) -> Self {
        Self { transaction, scope, sql }
    }

    /// Binds the next argument.
    pub fn bind(mut self, value: impl ToValue) -> Self {
        self.sql = self.sql.bind(value);
        self
    }

    /// Appends another text and its arguments.
    pub fn push(mut self, more: impl Into<Sql>) -> Self {
        self.sql.append(more.into());
        self
    }

    /// All rows.
    ///
    /// # Errors
    /// When the database refuses, or a row is not what it must be.
    pub async fn all<T: FromRow>(self) -> Result<Vec<T>> {
        self.rows(true).await?.iter().map(T::from_row).collect()
    }

    /// The first row.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub async fn one<T: FromRow>(self) -> Result<T> {
        self.optional().await?.ok_or(AppError::NotFound)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// When the database refuses, or the row is not what it must be.
    pub async fn optional<T: FromRow>(self) -> Result<Option<T>> {
        self.rows(false).await?.first().map(T::from_row).transpose()
    }

    /// Executes the statement and returns the number of changed rows.
    ///
    /// # Errors
    /// [`AppError::Unavailable`], [`AppError::Conflict`].
    pub async fn execute(self) -> Result<u64> {
        let (transaction, statement) = self.prepare();
        let span = tracing::debug_span!("statement", sql = &*statement.text);
        Ok(transaction.execute(statement).instrument(span).await?)
    }

    pub(super) async fn rows(self, all: bool) -> Result<Vec<Row>> {
        let (transaction, statement) = self.prepare();
        let span = tracing::debug_span!("statement", sql = &*statement.text);
        Ok(transaction.fetch(statement, all).instrument(span).await?)
    }

    fn prepare(self) -> (&'t mut Transaction, Statement) {
        let tenant = match self.scope {
            Scope::Read(tenant) | Scope::Write(tenant) => Some(tenant),
            Scope::AllTenants => None,
        };
        let first = tenant.map(|tenant| Value::Integer(Some(tenant.0)));
        let (text, arguments) = self.sql.render(self.transaction.engine(), first);
        #[cfg(debug_assertions)]
        check(self.scope, &text);
        (self.transaction, Statement { text, arguments })
    }
}

/// Stops a test that runs a statement which could show one tenant's rows to another, or which writes through a read.
#[cfg(debug_assertions)]
fn check(scope: Scope, text: &str) {
    if let Scope::Read(_) | Scope::Write(_) = scope
        && let Err(fault) = tenancy::check(text)
    {
        panic!("{fault}: {text}");
    }
    if let Scope::Read(_) = scope {
        assert!(tenancy::reads(text), "a statement of a snapshot writes or locks: {text}");
    }
}
