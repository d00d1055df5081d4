//! The read transaction of a tenant.

use super::{
    statement::{
        query::{Query, Scope},
        sql::Sql,
    },
    transaction::{Engine, Transaction},
};
use crate::domain::TenantId;

/// The read transaction of a tenant: all of its statements see the same state. It is the only
/// access to a tenant's rows, and cannot change them: the repositories that write are borrowed from
/// a [`UnitOfWork`](super::UnitOfWork).
pub struct Snapshot {
    pub(super) transaction: Transaction,
    tenant: TenantId,
    /// The number of clients that a unit of work has added, which its commit adds to the tenant's
    /// count.
    pub(super) added_clients: i64,
}

impl Snapshot {
    pub(super) fn new(transaction: Transaction, tenant: TenantId) -> Self {
        Self { transaction, tenant, added_clients: 0 }
    }

    /// The tenant of the transaction.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Creates a statement that reads; the tenant is `$1`.
    pub(in crate::persistence) fn query(&mut self, sql: impl Into<Sql>) -> Query<'_> {
        Query::new(&mut self.transaction, Scope::Read(self.tenant), sql.into())
    }

    pub(in crate::persistence) fn engine(&self) -> Engine {
        self.transaction.engine()
    }

    /// The number of clients that this transaction has added minus those that it has deleted.
    pub(in crate::persistence) fn added_clients(&self) -> i64 {
        self.added_clients
    }
}
