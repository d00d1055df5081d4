//! The audit log: reading and exporting it.

use std::sync::Arc;

use crate::{
    domain::{Event, Permission, TenantId},
    error::Result,
    persistence::{AuditBatches, AuditEntry, AuditFilter, Database, ListPage, PageRequest, Position},
    services::{Actor, Dependencies, Framed},
};

/// The number of entries that an export reads at once.
const BATCH: i64 = 500;

/// The use cases of those who read the audit log.
#[derive(Clone)]
pub struct AuditService {
    deps: Arc<Dependencies>,
}

/// An export that is being read.
pub struct AuditExport {
    database: Database,
    tenant: TenantId,
    batches: AuditBatches,
}

impl AuditService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Lists a page of entries, the newest first.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "list_audit_log", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &AuditFilter,
        request: PageRequest,
        position: Position,
    ) -> Result<Framed<ListPage<AuditEntry>>> {
        actor.require(Permission::AuditRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let page = tx.audit_log().page(filter, request, position).await?;
        Framed::new(page, &mut tx, actor).await
    }

    /// Begins an export. The export itself is recorded before the first batch, and is its first entry.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "export_audit_log", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn export(&self, actor: &Actor, filter: AuditFilter, query: String) -> Result<AuditExport> {
        actor.require(Permission::AuditRead)?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.record(Event::AuditExported { query }, actor.author(), self.deps.clock.now());
        tx.commit().await?;
        let batches = AuditBatches::new(filter);
        Ok(AuditExport { database: self.deps.database.clone(), tenant: actor.tenant_id(), batches })
    }
}

impl AuditExport {
    /// Reads the next batch; an empty one is the end.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`].
    pub async fn next(&mut self) -> Result<Vec<AuditEntry>> {
        let mut tx = self.database.read(self.tenant).await?;
        tx.audit_log().next_batch(&mut self.batches, BATCH).await
    }
}
