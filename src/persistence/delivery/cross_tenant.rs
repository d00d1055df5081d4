//! Statements of the delivery and media workers, which serve all tenants.

use chrono::{DateTime, Utc};

use crate::persistence::{
    CrossTenant, LeasedDelivery, LeasedFetch,
    channels::repository::{addresses, read_addresses},
    engine::{FromRow, Row, Sql},
};
use crate::{
    domain::{
        AttachmentId, ChannelAddresses, ChannelId, ChannelProvider, DeliveryPriority, TenantId, Transport,
    },
    error::Result,
};

/// A lane with due deliveries: a transport of a channel, which has one own sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLane {
    /// The tenant of the channel.
    pub tenant: TenantId,
    /// The channel.
    pub channel: ChannelId,
    /// The transport.
    pub transport: Transport,
    /// The provider of the channel.
    pub provider: ChannelProvider,
    /// The addresses of the channel.
    pub addresses: ChannelAddresses,
}

impl FromRow for DueLane {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            tenant: row.get("tenant_id")?,
            channel: row.get("id")?,
            transport: row.get_or("transport", Transport::Other)?,
            provider: row.get("provider")?,
            addresses: read_addresses(row)?,
        })
    }
}

impl CrossTenant {
    /// Lists the lanes with due deliveries; those of suspended tenants wait. It needs two index lookups per channel and transport, independent of the
    /// length of their queues.
    pub async fn due_lanes(&mut self, now: DateTime<Utc>) -> Result<Vec<DueLane>> {
        let mut transports = Sql::from("");
        for (index, transport) in Transport::ALL.iter().enumerate() {
            let select =
                if index == 0 { "SELECT CAST(? AS TEXT) AS transport" } else { "UNION ALL SELECT ?" };
            transports = transports.push(select).bind(*transport);
        }
        self.query(Sql::from("SELECT c.tenant_id, c.id, c.provider, l.transport,").push(addresses()))
            .push("FROM channels c CROSS JOIN (")
            .push(transports)
            .push(
                ") l WHERE EXISTS (
                 SELECT 1 FROM deliveries d
                 WHERE d.tenant_id = c.tenant_id AND d.channel_id = c.id AND d.transport = l.transport
                     AND d.priority IN (0, 1) AND d.due_at <= ? AND d.leased_until IS NULL)
                 AND NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = c.tenant_id AND t.suspended_at IS NOT NULL)
             ORDER BY c.tenant_id, c.created_at, c.id, l.transport",
            )
            .bind(now)
            .all()
            .await
    }

    /// Leases up to `limit` due deliveries of a lane and priority until `until`, the oldest first. Only the first delivery
    /// to a recipient is leased, and none while another one is leased, so that a client receives the messages of a
    /// priority in the order in which they were written.
    pub async fn lease_deliveries(
        &mut self,
        (tenant, channel, transport): (TenantId, ChannelId, Transport),
        priority: DeliveryPriority,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<LeasedDelivery>> {
        // SKIP LOCKED lets several workers lease concurrently, and is a syntax error on SQLite,
        // which has one writer at a time. OFFSET 0 prevents PostgreSQL from converting the search
        // for earlier deliveries to a join, which would compare each delivery of a recipient with
        // each other one.
        self.query(Sql::by_engine(
            "UPDATE deliveries SET leased_until = $4, attempts = attempts + 1
             WHERE rowid IN (
                 SELECT d.rowid FROM deliveries d
                 WHERE d.tenant_id = $1 AND d.channel_id = $2 AND d.due_at <= $3
                     AND d.transport = $6 AND d.priority = $7 AND d.leased_until IS NULL
                     AND NOT EXISTS (
                         SELECT 1 FROM deliveries o
                         WHERE o.tenant_id = d.tenant_id AND o.channel_id = d.channel_id
                             AND o.transport = d.transport
                             AND o.recipient = d.recipient AND o.due_at <= $3
                             AND (o.leased_until IS NOT NULL
                                 OR (o.priority, o.due_at, o.message_id)
                                     < (d.priority, d.due_at, d.message_id)))
                 ORDER BY d.due_at, d.message_id LIMIT $5)
             RETURNING tenant_id, message_id, channel_id, transport, recipient, attempts, created_at",
            "UPDATE deliveries c SET leased_until = $4, attempts = attempts + 1
             FROM (
                 SELECT d.tenant_id, d.message_id FROM deliveries d
                 WHERE d.tenant_id = $1 AND d.channel_id = $2 AND d.due_at <= $3
                     AND d.transport = $6 AND d.priority = $7 AND d.leased_until IS NULL
                     AND NOT EXISTS (
                         SELECT 1 FROM deliveries o
                         WHERE o.tenant_id = d.tenant_id AND o.channel_id = d.channel_id
                             AND o.transport = d.transport
                             AND o.recipient = d.recipient AND o.due_at <= $3
                             AND (o.leased_until IS NOT NULL
                                 OR (o.priority, o.due_at, o.message_id)
                                     < (d.priority, d.due_at, d.message_id))
                         OFFSET 0)
                 ORDER BY d.due_at, d.message_id LIMIT $5 FOR UPDATE SKIP LOCKED) due
             WHERE c.tenant_id = due.tenant_id AND c.message_id = due.message_id
                 AND c.leased_until IS NULL
             RETURNING c.tenant_id, c.message_id, c.channel_id, c.transport, c.recipient, c.attempts,
                 c.created_at",
        ))
        .bind(tenant)
        .bind(channel)
        .bind(now)
        .bind(until)
        .bind(limit)
        .bind(transport)
        .bind(priority.rank())
        .all()
        .await
    }

    /// Lists deliveries with an expired lease: their worker died, perhaps during a call.
    pub async fn expired_deliveries(
        &mut self,
        now: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<LeasedDelivery>> {
        self.query(
            "SELECT tenant_id, message_id, channel_id, transport, recipient, attempts, created_at
             FROM deliveries WHERE leased_until < $1 ORDER BY due_at LIMIT $2",
        )
        .bind(now)
        .bind(limit)
        .all()
        .await
    }

    /// The time when the next delivery that is not leased is due, except those of suspended tenants.
    pub async fn next_delivery_due_at(&mut self) -> Result<Option<DateTime<Utc>>> {
        self.query(
            "SELECT due_at FROM deliveries WHERE leased_until IS NULL
                 AND tenant_id NOT IN (SELECT id FROM tenants WHERE suspended_at IS NOT NULL)
             ORDER BY due_at LIMIT 1",
        )
        .optional()
        .await
    }

    /// Lists the tenants with files that are due to be fetched.
    pub async fn tenants_with_due_fetches(&mut self, now: DateTime<Utc>) -> Result<Vec<TenantId>> {
        self.query("SELECT DISTINCT tenant_id FROM media_fetches WHERE due_at <= $1 ORDER BY tenant_id")
            .bind(now)
            .all()
            .await
    }

    /// Leases up to `limit` due files of a tenant until `until`.
    pub async fn lease_fetches(
        &mut self,
        tenant: TenantId,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<LeasedFetch>> {
        // SKIP LOCKED lets several workers lease concurrently, and is a syntax error on SQLite,
        // which has one writer at a time.
        self.query(Sql::by_engine(
            "UPDATE media_fetches SET due_at = $3, attempts = attempts + 1
             WHERE rowid IN (SELECT rowid FROM media_fetches WHERE tenant_id = $1 AND due_at <= $2
                 ORDER BY due_at LIMIT $4)
             RETURNING tenant_id, attachment_id, attempts",
            "UPDATE media_fetches f SET due_at = $3, attempts = attempts + 1
             FROM (
                 SELECT tenant_id, attachment_id FROM media_fetches WHERE tenant_id = $1 AND due_at <= $2
                 ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED) due
             WHERE f.tenant_id = due.tenant_id AND f.attachment_id = due.attachment_id
             RETURNING f.tenant_id, f.attachment_id, f.attempts",
        ))
        .bind(tenant)
        .bind(now)
        .bind(until)
        .bind(limit)
        .all()
        .await
    }

    /// The tenant of an attachment, for a signed link.
    pub async fn tenant_of_attachment(&mut self, id: AttachmentId) -> Result<Option<TenantId>> {
        self.query("SELECT tenant_id FROM attachments WHERE id = $1").bind(id).optional().await
    }

    /// Lists stored contents that no row refers to any more.
    pub async fn discarded_files(&mut self, limit: i64) -> Result<Vec<(TenantId, String)>> {
        self.query("SELECT tenant_id, file_key FROM discarded_files LIMIT $1").bind(limit).all().await
    }
}
