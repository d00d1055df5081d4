//! Statements of the notification worker, which serves all tenants.

use chrono::{DateTime, Utc};

use crate::persistence::CrossTenant;
use crate::{domain::TenantId, error::Result};

impl CrossTenant {
    /// Lists the tenants that are not suspended, with due notifications, or with events from which none were queued yet.
    pub async fn tenants_with_pending_notifications(&mut self, now: DateTime<Utc>) -> Result<Vec<TenantId>> {
        self.query(
            "SELECT c.tenant_id FROM notification_cursors c
             JOIN event_counters e ON e.tenant_id = c.tenant_id AND e.last_id > c.last_id
             WHERE EXISTS (SELECT 1 FROM notification_settings s
                 WHERE s.tenant_id = c.tenant_id AND s.address IS NOT NULL)
                 AND c.tenant_id NOT IN (SELECT id FROM tenants WHERE suspended_at IS NOT NULL)
             UNION
             SELECT tenant_id FROM pending_notifications
             WHERE message_count > 0 AND due_at <= $1
                 AND tenant_id NOT IN (SELECT id FROM tenants WHERE suspended_at IS NOT NULL)
                 AND (leased_until IS NULL OR leased_until < $1)",
        )
        .bind(now)
        .all()
        .await
    }
}
