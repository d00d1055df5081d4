//! A tenant's read transaction.

use super::{
    query::{Query, Scope},
    sql::Sql,
    transaction::{Engine, Transaction},
};
use crate::domain::TenantId;

/// A tenant's read transaction: all of its statements see the same moment. There is no other way to a tenant's rows, and none
/// to change them: the repositories that write are borrowed from a [`UnitOfWork`](super::UnitOfWork).
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

    /// The tenant that it belongs to.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// A statement that reads; the tenant is `$1`.
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
