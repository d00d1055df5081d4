//! Execution of statements.

use tracing::Instrument as _;

use super::{
    row::{FromRow, Row},
    sql::Sql,
    value::{ToValue, Value},
};
use crate::persistence::engine::transaction::{Statement, Transaction};
use crate::{
    domain::TenantId,
    error::{AppError, Result},
};

/// A statement to be executed in a transaction.
///
/// ```text
/// let chats: Vec<Chat> = snapshot.query("SELECT … FROM chats WHERE tenant_id = $1 AND id > $2").bind(after).all().await?;
/// ```
///
/// In a tenant's transaction **`$1` is always the tenant** and is bound by the engine, so that no
/// caller can pass another one; further arguments begin at `$2`. In a cross-tenant transaction they
/// begin at `$1`.
#[must_use = "a statement runs when one of its verbs is awaited"]
pub(in crate::persistence) struct Query<'t> {
    transaction: &'t mut Transaction,
    scope: Scope,
    sql: Sql,
}

/// The scope of a statement.
#[derive(Debug, Clone, Copy)]
pub(in crate::persistence::engine) enum Scope {
    /// Read a tenant's rows.
    Read(TenantId),
    /// Read and change a tenant's rows.
    Write(TenantId),
    /// Read and change all rows.
    AllTenants,
}

impl<'t> Query<'t> {
    pub(in crate::persistence::engine) fn new(
        transaction: &'t mut Transaction,
        scope: Scope,
        sql: Sql,
    ) -> Self {
        Self { transaction, scope, sql }
    }

    /// Binds the next argument.
    pub fn bind(mut self, value: impl ToValue) -> Self {
        self.sql = self.sql.bind(value);
        self
    }

    /// Appends a fragment with its arguments.
    pub fn push(mut self, more: impl Into<Sql>) -> Self {
        self.sql.append(more.into());
        self
    }

    /// Returns all rows.
    ///
    /// # Errors
    /// [`AppError::Unavailable`], or [`AppError::Internal`] if a row cannot be read.
    pub async fn all<T: FromRow>(self) -> Result<Vec<T>> {
        self.rows(true).await?.iter().map(T::from_row).collect()
    }

    /// Returns the first row.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if there is none.
    pub async fn one<T: FromRow>(self) -> Result<T> {
        self.optional().await?.ok_or(AppError::NotFound)
    }

    /// Returns the first row, if there is one.
    ///
    /// # Errors
    /// [`AppError::Unavailable`], or [`AppError::Internal`] if the row cannot be read.
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

    pub(in crate::persistence::engine) async fn rows(self, all: bool) -> Result<Vec<Row>> {
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
        #[cfg(any(test, debug_assertions))]
        check(self.scope, &text);
        (self.transaction, Statement { text, arguments })
    }
}

/// Panics in a test if a statement does not filter by the tenant, or writes in a read transaction.
#[cfg(any(test, debug_assertions))]
fn check(scope: Scope, text: &str) {
    use super::tenancy;

    if let Scope::Read(_) | Scope::Write(_) = scope
        && let Err(fault) = tenancy::check(text)
    {
        panic!("{fault}: {text}");
    }
    if let Scope::Read(_) = scope {
        assert!(tenancy::reads(text), "a statement of a snapshot writes or locks: {text}");
    }
}
