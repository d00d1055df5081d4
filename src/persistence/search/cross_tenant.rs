//! Statements of the worker that fills the full-text tables, which serves all tenants.

use crate::persistence::CrossTenant;
use crate::{domain::TenantId, error::Result};

impl CrossTenant {
    /// Lists the tenants with clients or messages that are not indexed yet.
    pub async fn unindexed_tenants(&mut self) -> Result<Vec<TenantId>> {
        self.query("SELECT id FROM tenants WHERE client_backlog > 0 OR message_backlog > 0 ORDER BY id")
            .all()
            .await
    }

    /// Marks all rows as not indexed, as after copying the database.
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
