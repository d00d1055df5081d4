//! Statements of the workers for duplicates, merges and imports, which serve all tenants.

use chrono::{DateTime, Utc};

use crate::persistence::{CrossTenant, LeasedImport, engine::Sql};
use crate::{
    domain::{ClientId, TenantId},
    error::Result,
};

impl CrossTenant {
    /// Lists the tenants with clients whose duplicates have to be computed. It needs one index
    /// lookup per tenant, independent of the number of clients.
    pub async fn tenants_with_unmatched_clients(&mut self) -> Result<Vec<TenantId>> {
        self.query(
            "SELECT id FROM tenants t
             WHERE EXISTS (SELECT 1 FROM clients c WHERE c.tenant_id = t.id AND c.matched = 0)
             ORDER BY id",
        )
        .all()
        .await
    }

    /// Lists clients of a tenant whose duplicates have to be computed.
    pub async fn clients_to_match(&mut self, tenant: TenantId, limit: i64) -> Result<Vec<ClientId>> {
        self.query("SELECT id FROM clients WHERE tenant_id = $1 AND matched = 0 ORDER BY id LIMIT $2")
            .bind(tenant)
            .bind(limit)
            .all()
            .await
    }

    /// Lists the tenants with merges from before a time.
    pub async fn tenants_with_merges(&mut self, before: DateTime<Utc>) -> Result<Vec<TenantId>> {
        self.query("SELECT DISTINCT tenant_id FROM merges WHERE created_at < $1").bind(before).all().await
    }

    /// Lists the tenants with an import that waits for a worker.
    pub async fn tenants_with_waiting_imports(&mut self, now: DateTime<Utc>) -> Result<Vec<TenantId>> {
        self.query(
            "SELECT DISTINCT tenant_id FROM imports
             WHERE state IN ('checking', 'running', 'cancelling', 'failing')
                 AND (leased_until IS NULL OR leased_until < $1)
             ORDER BY tenant_id",
        )
        .bind(now)
        .all()
        .await
    }

    /// Leases a waiting import of a tenant until `until`.
    pub async fn lease_import(
        &mut self,
        tenant: TenantId,
        lease: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<LeasedImport>> {
        // SKIP LOCKED is a syntax error on SQLite, which has one writer at a time.
        self.query(Sql::by_engine(
            "UPDATE imports SET lease = $2, leased_until = $4
             WHERE id = (
                 SELECT id FROM imports
                 WHERE tenant_id = $1 AND state IN ('checking', 'running', 'cancelling', 'failing')
                     AND (leased_until IS NULL OR leased_until < $3)
                 ORDER BY id LIMIT 1)
             RETURNING tenant_id, id",
            "UPDATE imports i SET lease = $2, leased_until = $4
             FROM (
                 SELECT tenant_id, id FROM imports
                 WHERE tenant_id = $1 AND state IN ('checking', 'running', 'cancelling', 'failing')
                     AND (leased_until IS NULL OR leased_until < $3)
                 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) waiting
             WHERE i.tenant_id = waiting.tenant_id AND i.id = waiting.id
             RETURNING i.tenant_id, i.id",
        ))
        .bind(tenant)
        .bind(lease)
        .bind(now)
        .bind(until)
        .optional()
        .await
    }

    /// Lists imports from before a time whose files are still stored and that need no worker.
    pub async fn imports_with_files(
        &mut self,
        before: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<LeasedImport>> {
        self.query(
            "SELECT tenant_id, id FROM imports
             WHERE created_at < $1 AND file_key IS NOT NULL
                 AND state NOT IN ('checking', 'running', 'cancelling', 'failing')
             ORDER BY created_at LIMIT $2",
        )
        .bind(before)
        .bind(limit)
        .all()
        .await
    }
}
