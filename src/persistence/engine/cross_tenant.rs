//! A transaction across all tenants.

use super::{
    query::{Query, Scope},
    sql::Sql,
    transaction::Transaction,
};
use crate::error::Result;

/// A transaction that sees all tenants. Only for what cannot know its tenant yet (a session's token, a webhook's address), for
/// the workers' polls, and for the operator's commands. Each module has its own statements of this kind in a file
/// `cross_tenant.rs`.
pub struct CrossTenant {
    transaction: Transaction,
}

impl CrossTenant {
    pub(super) fn new(transaction: Transaction) -> Self {
        Self { transaction }
    }

    /// A statement; its arguments begin at `$1`.
    pub(in crate::persistence) fn query(&mut self, sql: impl Into<Sql>) -> Query<'_> {
        Query::new(&mut self.transaction, Scope::AllTenants, sql.into())
    }

    /// Commits.
    ///
    /// # Errors
    /// When the database refuses; nothing was changed then.
    pub async fn commit(self) -> Result<()> {
        Ok(self.transaction.commit().await?)
    }
}
