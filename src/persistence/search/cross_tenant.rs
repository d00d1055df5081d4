//! Statements of the worker that fills the full-text tables: it serves all tenants.

use crate::persistence::CrossTenant;
use crate::{domain::TenantId, error::Result};

impl CrossTenant {
    /// The workspaces that have clients or messages which are not in the full-text tables yet.
    pub async fn unindexed_tenants(&mut self) -> Result<Vec<TenantId>> {
        self.query("SELECT id FROM tenants WHERE client_backlog > 0 OR message_backlog > 0 ORDER BY id")
            .all()
            .await
    }

    /// Notes that nothing of any workspace is in the full-text tables, as after its rows were copied here.
    pub async fn mark_all_unindexed(&mut self) -> Result<()> {
        self.query(
            "UPDATE tenants SET
             client_backlog = COALESCE((SELECT MAX(c.id) FROM clients c
                 WHERE c.tenant_id = tenants.id), 0),
             message_backlog = COALESCE((SELECT MAX(m.id) FROM messages m
                 WHERE m.tenant_id = tenants.id), 0)",
        )
        .execute()
        .await?;
        Ok(())
    }
}
