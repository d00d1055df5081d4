//! The outbox: messages on their way to a provider.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::Tx;
use crate::{
    domain::{ChannelId, MessageId, TenantId},
    error::Result,
};

/// Deliveries of a tenant.
pub struct Deliveries<'t> {
    tx: &'t mut Tx,
}

/// A delivery that this worker holds.
#[derive(Debug, Clone)]
pub struct ClaimedDelivery {
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
pub(super) struct ClaimRow {
    tenant_id: i64,
    message_id: i64,
    channel_id: Uuid,
    recipient: String,
    attempts: i64,
    created_at: DateTime<Utc>,
}

impl From<ClaimRow> for ClaimedDelivery {
    fn from(row: ClaimRow) -> Self {
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
    pub(super) fn new(tx: &'t mut Tx) -> Self {
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
        self.tx.wake_worker();
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
    pub async fn renew(&mut self, message: MessageId, until: DateTime<Utc>) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "UPDATE deliveries SET leased_until = $3 WHERE tenant_id = $1 AND message_id = $2",
            message.0,
            until
        )?;
        Ok(())
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
