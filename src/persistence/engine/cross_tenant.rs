//! Transactions across all tenants.

use super::{
    statement::{
        query::{Query, Scope},
        sql::Sql,
    },
    transaction::Transaction,
};
use crate::error::Result;

/// A transaction that sees all tenants. It is used where the tenant is not known yet (a session's
/// token, a webhook), by the workers' polls, and by the operator's commands. The statements of this
/// kind are in the file `cross_tenant.rs` of their module.
pub struct CrossTenant {
    transaction: Transaction,
}

impl CrossTenant {
    pub(super) fn new(transaction: Transaction) -> Self {
        Self { transaction }
    }

    /// Creates a statement; its arguments begin at `$1`.
    pub(in crate::persistence) fn query(&mut self, sql: impl Into<Sql>) -> Query<'_> {
        Query::new(&mut self.transaction, Scope::AllTenants, sql.into())
    }

    /// Commits the transaction.
    ///
    /// # Errors
    /// [`AppError::Unavailable`](crate::error::AppError::Unavailable); nothing was changed.
    pub async fn commit(self) -> Result<()> {
        Ok(self.transaction.commit().await?)
    }
}
