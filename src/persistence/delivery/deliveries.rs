//! The outbox: messages to be handed to providers.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::persistence::{
    Snapshot, UnitOfWork,
    channels::repository::{addresses, read_addresses},
    engine::{FromRow, Row, Sql},
};
use crate::{
    domain::{
        ChannelAddresses, ChannelId, ChannelProvider, DeliveryPriority, MessageId, MessageStatus, TenantId,
        Transport,
    },
    error::{AppError, Result},
};

/// Deliveries of a tenant.
pub struct Deliveries<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's deliveries, for writing.
pub struct DeliveriesMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// The place of a waiting delivery in its lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuePosition {
    /// The message.
    pub message: MessageId,
    /// The number of deliveries that are sent before it, at most [`QueuePosition::LIMIT`].
    pub ahead: i64,
    /// The transport of the lane.
    pub transport: Transport,
    /// The provider of the channel.
    pub provider: ChannelProvider,
    /// The addresses of the channel.
    pub addresses: ChannelAddresses,
}

impl QueuePosition {
    /// The largest number of deliveries that are counted.
    pub const LIMIT: i64 = 10_000;
}

impl FromRow for QueuePosition {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            message: row.get("message_id")?,
            ahead: row.get("ahead")?,
            transport: row.get_or("transport", Transport::Other)?,
            provider: row.get("provider")?,
            addresses: read_addresses(row)?,
        })
    }
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
    /// The transport, which with the channel is its lane.
    pub transport: Transport,
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
            transport: row.get_or("transport", Transport::Other)?,
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

impl Deliveries<'_> {
    /// The places of waiting messages in their lanes. Messages that are not due, or being sent, have none.
    pub async fn positions(
        &mut self,
        messages: &[MessageId],
        now: DateTime<Utc>,
    ) -> Result<Vec<QueuePosition>> {
        if messages.is_empty() {
            return Ok(Vec::new());
        }
        self.snapshot
            .query(Sql::from("SELECT d.message_id, d.transport, c.provider,").push(addresses()))
            .push(
                ", (SELECT COUNT(*) FROM (
                     SELECT 1 FROM deliveries o
                     WHERE o.tenant_id = $1 AND o.channel_id = d.channel_id AND o.transport = d.transport
                         AND o.priority <= d.priority AND o.due_at <= ?
                         AND (o.priority, o.due_at, o.message_id) < (d.priority, d.due_at, d.message_id)
                     LIMIT ?) AS earlier) AS ahead
                 FROM deliveries d JOIN channels c ON c.tenant_id = d.tenant_id AND c.id = d.channel_id
                 WHERE d.tenant_id = $1 AND d.message_id IN ? AND d.due_at <= ? AND d.leased_until IS NULL",
            )
            .bind(now)
            .bind(QueuePosition::LIMIT)
            .bind(messages)
            .bind(now)
            .all()
            .await
    }
}

impl DeliveriesMut<'_> {
    /// Adds a message that a user wrote to the outbox, before those of [`DeliveriesMut::enqueue_bulk`]; the commit wakes
    /// the worker.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if the message does not exist.
    pub async fn enqueue(
        &mut self,
        message: MessageId,
        channel: ChannelId,
        recipient: &str,
        due_at: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<()> {
        self.insert(message, channel, recipient, DeliveryPriority::Interactive, due_at, at).await
    }

    /// Adds a message of a program, a schedule or a selection to the outbox; the commit wakes the worker.
    ///
    /// # Errors
    /// As [`DeliveriesMut::enqueue`].
    pub async fn enqueue_bulk(
        &mut self,
        message: MessageId,
        channel: ChannelId,
        recipient: &str,
        due_at: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<()> {
        self.insert(message, channel, recipient, DeliveryPriority::Bulk, due_at, at).await
    }

    async fn insert(
        &mut self,
        message: MessageId,
        channel: ChannelId,
        recipient: &str,
        priority: DeliveryPriority,
        due_at: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let added = self
            .work
            .query(
                "INSERT INTO deliveries (tenant_id, message_id, channel_id, transport, recipient, priority,
                     due_at, created_at)
                 SELECT tenant_id, id, $3, transport, $4, $5, $6, $7 FROM messages
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(message)
            .bind(channel)
            .bind(recipient)
            .bind(priority.rank())
            .bind(due_at)
            .bind(at)
            .execute()
            .await?;
        if added == 0 {
            return Err(AppError::NotFound);
        }
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
