//! The outbox: messages on their way to a provider.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::persistence::Tx;
use crate::{
    domain::{ChannelId, MessageId, MessageStatus, TenantId},
    error::Result,
};

/// Deliveries of a tenant.
pub struct Deliveries<'t> {
    tx: &'t mut Tx,
}

/// A delivery that this worker holds.
#[derive(Debug, Clone)]
pub struct LeasedDelivery {
    /// Whose it is.
    pub tenant: TenantId,
    /// The message.
    pub message: MessageId,
    /// The channel that it leaves by.
    pub channel: ChannelId,
    /// The address that it goes to.
    pub recipient: String,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// When it was first queued.
    pub created_at: DateTime<Utc>,
}

#[derive(FromRow)]
pub(in crate::persistence) struct LeasedDeliveryRow {
    tenant_id: i64,
    message_id: i64,
    channel_id: Uuid,
    recipient: String,
    attempts: i64,
    created_at: DateTime<Utc>,
}

impl From<LeasedDeliveryRow> for LeasedDelivery {
    fn from(row: LeasedDeliveryRow) -> Self {
        Self {
            tenant: TenantId(row.tenant_id),
            message: MessageId(row.message_id),
            channel: ChannelId(row.channel_id),
            recipient: row.recipient,
            attempts: row.attempts,
            created_at: row.created_at,
        }
    }
}

impl<'t> Deliveries<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// Puts a message into the outbox; the commit wakes the worker.
    pub async fn enqueue(
        &mut self,
        message: MessageId,
        channel: ChannelId,
        recipient: &str,
        due_at: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO deliveries (tenant_id, message_id, channel_id, recipient, due_at, created_at)
            VALUES ($1, $2, $3, $4, $5, $6)",
            message.0,
            channel.0,
            recipient,
            due_at,
            at
        )?;
        self.tx.wake_delivery_worker();
        Ok(())
    }

    /// Takes a message out of the outbox; `false` when it was out already.
    pub async fn remove(&mut self, message: MessageId) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "DELETE FROM deliveries WHERE tenant_id = $1 AND message_id = $2",
            message.0
        )?;
        Ok(rows == 1)
    }

    /// Holds a delivery for longer.
    pub async fn extend_lease(&mut self, message: MessageId, until: DateTime<Utc>) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "UPDATE deliveries SET leased_until = $3 WHERE tenant_id = $1 AND message_id = $2",
            message.0,
            until
        )?;
        Ok(())
    }

    /// Makes what waits for a channel due now, so that it is seen at once that it can't leave any more; what waits for its
    /// own time stays, unless `scheduled` too. The commit wakes the worker.
    pub async fn make_due(&mut self, channel: ChannelId, at: DateTime<Utc>, scheduled: bool) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE deliveries SET due_at = $3
            WHERE tenant_id = $1 AND channel_id = $2 AND due_at > $3 AND leased_until IS NULL
                AND ($4 = 1 OR EXISTS (
                    SELECT 1 FROM messages m
                    WHERE m.tenant_id = deliveries.tenant_id AND m.id = deliveries.message_id
                        AND m.status = 'queued'))",
            channel.0,
            at,
            i64::from(scheduled)
        )?;
        self.tx.wake_delivery_worker();
        Ok(())
    }

    /// How many messages wait for a channel: to go out as soon as they can, and at a time of their own.
    pub async fn count_waiting(&mut self, channel: ChannelId) -> Result<(i64, i64)> {
        let rows = sql!(
            self.tx,
            all((String, i64)),
            "
            SELECT m.status, COUNT(*) FROM deliveries d
            JOIN messages m ON m.tenant_id = d.tenant_id AND m.id = d.message_id
            WHERE d.tenant_id = $1 AND d.channel_id = $2 GROUP BY m.status",
            channel.0
        )?;
        let scheduled = MessageStatus::Scheduled.as_str();
        let count = |wanted: bool| {
            rows.iter().filter(|(status, _)| (status == scheduled) == wanted).map(|(_, count)| count).sum()
        };
        Ok((count(false), count(true)))
    }

    /// Gives a delivery back, to be tried again at `due_at`.
    pub async fn postpone(&mut self, message: MessageId, due_at: DateTime<Utc>) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE deliveries SET leased_until = NULL, due_at = $3
            WHERE tenant_id = $1 AND message_id = $2",
            message.0,
            due_at
        )?;
        Ok(())
    }
}
