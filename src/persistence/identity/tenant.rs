//! The state of a tenant: suspended, resumed, or being deleted.

use chrono::{DateTime, Utc};

use crate::{error::Result, persistence::UnitOfWork};

/// The tenant itself, for writing.
pub struct TenantMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

impl TenantMut<'_> {
    /// Suspends the tenant and ends all of its sessions and live streams; returns false if it is suspended already.
    pub async fn suspend(&mut self, at: DateTime<Utc>) -> Result<bool> {
        let suspended = self
            .work
            .query("UPDATE tenants SET suspended_at = $2 WHERE id = $1 AND suspended_at IS NULL")
            .bind(at)
            .execute()
            .await?;
        self.work.query("DELETE FROM sessions WHERE tenant_id = $1").execute().await?;
        self.work.wake_streams();
        Ok(suspended == 1)
    }

    /// Resumes the tenant, whose waiting messages are sent then; returns false if it is not suspended, or is being deleted.
    pub async fn resume(&mut self) -> Result<bool> {
        let resumed = self
            .work
            .query(
                "UPDATE tenants SET suspended_at = NULL
                 WHERE id = $1 AND suspended_at IS NOT NULL AND deletion_began_at IS NULL",
            )
            .execute()
            .await?;
        self.work.wake_delivery_worker();
        Ok(resumed == 1)
    }

    /// Marks the tenant as being deleted, which allows the deletion of its events.
    pub async fn begin_deletion(&mut self, at: DateTime<Utc>) -> Result<()> {
        self.work
            .query("UPDATE tenants SET deletion_began_at = $2 WHERE id = $1 AND deletion_began_at IS NULL")
            .bind(at)
            .execute()
            .await?;
        Ok(())
    }

    /// Forgets the last messages of up to `limit` chats, so that messages can be deleted before the chats. Returns the
    /// number of chats that had one.
    pub async fn forget_last_messages(&mut self, limit: i64) -> Result<u64> {
        self.work
            .query(
                "UPDATE chats SET last_message_id = NULL WHERE tenant_id = $1 AND id IN (
                     SELECT c.id FROM chats c WHERE c.tenant_id = $1 AND c.last_message_id IS NOT NULL LIMIT $2)",
            )
            .bind(limit)
            .execute()
            .await
    }
}
