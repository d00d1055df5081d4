//! How the delivery worker takes what is due: by channel, so that no queue is in another's way.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::persistence::{CrossTenant, LeasedDelivery, delivery::deliveries::LeasedDeliveryRow};
use crate::{
    domain::{ChannelId, TenantId},
    error::Result,
};

/// A channel for which something is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueChannel {
    /// Whose it is.
    pub tenant: TenantId,
    /// The channel.
    pub channel: ChannelId,
    /// The name of its provider.
    pub provider: String,
    /// The number of SMS.
    pub sms_number: Option<String>,
    /// The Messaging Service.
    pub messaging_service_sid: Option<String>,
}

#[derive(FromRow)]
struct DueRow {
    tenant_id: i64,
    id: Uuid,
    provider: String,
    sms_number: Option<String>,
    messaging_service_sid: Option<String>,
}

impl CrossTenant<'_> {
    /// The channels for which something is due. One look into the index for each channel, however long its queue is.
    pub async fn due_channels(&mut self, now: DateTime<Utc>) -> Result<Vec<DueChannel>> {
        let rows = sql!(cross_tenant self.tx, all(DueRow), "
            SELECT c.tenant_id, c.id, c.provider, c.sms_number, c.messaging_service_sid FROM channels c
            WHERE EXISTS (
                SELECT 1 FROM deliveries d
                WHERE d.tenant_id = c.tenant_id AND d.channel_id = c.id AND d.due_at <= $1 AND d.leased_until IS NULL)
            ORDER BY c.tenant_id, c.created_at, c.id", now)?;
        let due = |row: DueRow| DueChannel {
            tenant: TenantId(row.tenant_id),
            channel: ChannelId(row.id),
            provider: row.provider,
            sms_number: row.sms_number,
            messaging_service_sid: row.messaging_service_sid,
        };
        Ok(rows.into_iter().map(due).collect())
    }

    /// Takes up to `limit` of a channel's deliveries that are due, the oldest first, and leases them until `until`: no
    /// one else gets them before. Of those to one recipient only the first is taken, and none while another is under
    /// way, so that a client reads messages in the order in which they were written.
    pub async fn lease_deliveries(
        &mut self,
        of: (TenantId, ChannelId),
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<LeasedDelivery>> {
        // SKIP LOCKED lets several workers claim side by side, and is a syntax error on SQLite, which has one writer.
        let rows = sql!(cross_tenant self.tx, all(LeasedDeliveryRow), {
            sqlite: "
                UPDATE deliveries SET leased_until = $4, attempts = attempts + 1
                WHERE rowid IN (
                    SELECT d.rowid FROM deliveries d
                    WHERE d.tenant_id = $1 AND d.channel_id = $2 AND d.due_at <= $3 AND d.leased_until IS NULL
                        AND NOT EXISTS (
                            SELECT 1 FROM deliveries o
                            WHERE o.tenant_id = d.tenant_id AND o.channel_id = d.channel_id
                                AND o.recipient = d.recipient AND o.due_at <= $3
                                AND (o.leased_until IS NOT NULL
                                    OR (o.due_at, o.message_id) < (d.due_at, d.message_id)))
                    ORDER BY d.due_at, d.message_id LIMIT $5)
                RETURNING tenant_id, message_id, channel_id, recipient, attempts, created_at",
            postgres: "
                UPDATE deliveries c SET leased_until = $4, attempts = attempts + 1
                FROM (
                    SELECT d.tenant_id, d.message_id FROM deliveries d
                    WHERE d.tenant_id = $1 AND d.channel_id = $2 AND d.due_at <= $3 AND d.leased_until IS NULL
                        AND NOT EXISTS (
                            SELECT 1 FROM deliveries o
                            WHERE o.tenant_id = d.tenant_id AND o.channel_id = d.channel_id
                                AND o.recipient = d.recipient AND o.due_at <= $3
                                AND (o.leased_until IS NOT NULL
                                    OR (o.due_at, o.message_id) < (d.due_at, d.message_id)))
                    ORDER BY d.due_at, d.message_id LIMIT $5 FOR UPDATE SKIP LOCKED) due
                WHERE c.tenant_id = due.tenant_id AND c.message_id = due.message_id AND c.leased_until IS NULL
                RETURNING c.tenant_id, c.message_id, c.channel_id, c.recipient, c.attempts, c.created_at"
        }, of.0.0, of.1.0, now, until, limit)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}
