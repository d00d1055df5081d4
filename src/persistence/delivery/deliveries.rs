//! The outbox: messages to be handed to providers.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::persistence::{
    Snapshot, UnitOfWork,
    engine::{FromRow, Row},
};
use crate::{
    domain::{ChannelId, MessageId, MessageStatus, TenantId},
    error::Result,
};

/// Deliveries of a tenant.
pub struct Deliveries<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's deliveries, for writing.
pub struct DeliveriesMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// A delivery that is leased to this worker.
#[derive(Debug, Clone)]
pub struct LeasedDelivery {
    /// The tenant of the delivery.
    pub tenant: TenantId,
    /// The message.
    pub message: MessageId,
    /// The channel that sends it.
    pub channel: ChannelId,
    /// The address of the recipient.
    pub recipient: String,
    /// The number of attempts including this one.
    pub attempts: i64,
    /// The time when it was first enqueued.
    pub created_at: DateTime<Utc>,
}

impl FromRow for LeasedDelivery {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            tenant: row.get("tenant_id")?,
            message: row.get("message_id")?,
            channel: row.get("channel_id")?,
            recipient: row.get("recipient")?,
            attempts: row.get("attempts")?,
            created_at: row.get("created_at")?,
        })
    }
}

impl Deliveries<'_> {
    /// Counts the waiting messages of a channel, or of each: those that are due, and scheduled ones.
    pub async fn count_waiting(
        &mut self,
        channel: Option<ChannelId>,
    ) -> Result<HashMap<ChannelId, (i64, i64)>> {
        let mut query = self.snapshot.query(
            "SELECT d.channel_id, m.status, COUNT(*) FROM deliveries d
             JOIN messages m ON m.tenant_id = d.tenant_id AND m.id = d.message_id
             WHERE d.tenant_id = $1",
        );
        if let Some(channel) = channel {
            query = query.push("AND d.channel_id = ?").bind(channel);
        }
        let rows: Vec<(ChannelId, String, i64)> = query.push("GROUP BY d.channel_id, m.status").all().await?;
        let mut counts: HashMap<_, (i64, i64)> = HashMap::new();
        for (channel, status, count) in rows {
            let (due, scheduled) = counts.entry(channel).or_default();
            *if status == MessageStatus::Scheduled.as_str() { scheduled } else { due } += count;
        }
        Ok(counts)
    }
}

impl DeliveriesMut<'_> {
    /// Adds a message to the outbox; the commit wakes the worker.
    pub async fn enqueue(
        &mut self,
        message: MessageId,
        channel: ChannelId,
        recipient: &str,
        due_at: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<()> {
        self.work
            .query(
                "INSERT INTO deliveries (tenant_id, message_id, channel_id, recipient, due_at,
                     created_at)
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(message)
            .bind(channel)
            .bind(recipient)
            .bind(due_at)
            .bind(at)
            .execute()
            .await?;
        self.work.wake_delivery_worker();
        Ok(())
    }

    /// Removes a message from the outbox; returns `false` if it was not there.
    pub async fn remove(&mut self, message: MessageId) -> Result<bool> {
        Ok(self
            .work
            .query("DELETE FROM deliveries WHERE tenant_id = $1 AND message_id = $2")
            .bind(message)
            .execute()
            .await?
            == 1)
    }

    /// Extends the lease of a delivery.
    pub async fn extend_lease(&mut self, message: MessageId, until: DateTime<Utc>) -> Result<()> {
        self.work
            .query("UPDATE deliveries SET leased_until = $3 WHERE tenant_id = $1 AND message_id = $2")
            .bind(message)
            .bind(until)
            .execute()
            .await?;
        Ok(())
    }

    /// Makes the waiting deliveries of a channel due now, so that they fail at once if the channel
    /// can no longer send them; scheduled ones only with `scheduled`. The commit wakes the worker.
    pub async fn make_due(&mut self, channel: ChannelId, at: DateTime<Utc>, scheduled: bool) -> Result<()> {
        self.work
            .query(
                "UPDATE deliveries SET due_at = $3
                 WHERE tenant_id = $1 AND channel_id = $2 AND due_at > $3 AND leased_until IS NULL
                     AND ($4 = 1 OR EXISTS (
                         SELECT 1 FROM messages m
                         WHERE m.tenant_id = deliveries.tenant_id AND m.id = deliveries.message_id
                             AND m.status = 'queued'))",
            )
            .bind(channel)
            .bind(at)
            .bind(scheduled)
            .execute()
            .await?;
        self.work.wake_delivery_worker();
        Ok(())
    }

    /// Ends the lease of a delivery, which is due again at `due_at`.
    pub async fn postpone(&mut self, message: MessageId, due_at: DateTime<Utc>) -> Result<()> {
        self.work
            .query(
                "UPDATE deliveries SET leased_until = NULL, due_at = $3
                 WHERE tenant_id = $1 AND message_id = $2",
            )
            .bind(message)
            .bind(due_at)
            .execute()
            .await?;
        Ok(())
    }
}
