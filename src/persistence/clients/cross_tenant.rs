//! Statements of the workers for duplicates, merges and imports: they serve all tenants.

use chrono::{DateTime, Utc};

use crate::persistence::{CrossTenant, LeasedImport, engine::Sql};
use crate::{
    domain::{ClientId, ImportId, TenantId},
    error::Result,
};

impl CrossTenant {
    /// Clients whose likenesses are to be worked out again.
    pub async fn clients_to_match(&mut self, limit: i64) -> Result<Vec<(TenantId, ClientId)>> {
        self.query("SELECT tenant_id, id FROM clients WHERE matched = 0 ORDER BY tenant_id, id LIMIT $1")
            .bind(limit)
            .all()
            .await
    }

    /// The tenants with merges from before a time.
    pub async fn tenants_with_merges(&mut self, before: DateTime<Utc>) -> Result<Vec<TenantId>> {
        self.query("SELECT DISTINCT tenant_id FROM merges WHERE created_at < $1").bind(before).all().await
    }

    /// Whether an import waits for someone to go on with it.
    pub async fn has_waiting_import(&mut self, now: DateTime<Utc>) -> Result<bool> {
        let found: Option<ImportId> = self
            .query(
                "SELECT id FROM imports WHERE state IN ('checking', 'running', 'cancelling', 'failing')
                 AND (leased_until IS NULL OR leased_until < $1) LIMIT 1",
            )
            .bind(now)
            .optional()
            .await?;
        Ok(found.is_some())
    }

    /// Takes an import that waits for someone and leases it until `until`.
    pub async fn lease_import(
        &mut self,
        lease: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<LeasedImport>> {
        // As with deliveries: SKIP LOCKED is a syntax error on SQLite, which has one writer.
        self.query(Sql::by_engine(
            "UPDATE imports SET lease = $1, leased_until = $3
             WHERE id = (
                 SELECT id FROM imports WHERE state IN ('checking', 'running', 'cancelling',
                     'failing')
                     AND (leased_until IS NULL OR leased_until < $2)
                 ORDER BY id LIMIT 1)
             RETURNING tenant_id, id",
            "UPDATE imports i SET lease = $1, leased_until = $3
             FROM (
                 SELECT tenant_id, id FROM imports WHERE state IN ('checking', 'running',
                     'cancelling', 'failing')
                     AND (leased_until IS NULL OR leased_until < $2)
                 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) waiting
             WHERE i.tenant_id = waiting.tenant_id AND i.id = waiting.id
             RETURNING i.tenant_id, i.id",
        ))
        .bind(lease)
        .bind(now)
        .bind(until)
        .optional()
        .await
    }

    /// Imports whose file is older than that, and not being read.
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
