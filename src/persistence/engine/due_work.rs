//! Finds the queues with due work, in one statement.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    cross_tenant::CrossTenant,
    statement::row::{FromRow, Row},
    wake_ups::WorkKind,
};
use crate::error::Result;

struct DueWork {
    delivery_due_at: Option<DateTime<Utc>>,
    lease_ends_at: Option<DateTime<Utc>>,
    fetch_due_at: Option<DateTime<Utc>>,
    imports: i64,
    duplicates: i64,
    notifications: i64,
    search: i64,
}

impl FromRow for DueWork {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            delivery_due_at: row.get("delivery_due_at")?,
            lease_ends_at: row.get("lease_ends_at")?,
            fetch_due_at: row.get("fetch_due_at")?,
            imports: row.get("imports")?,
            duplicates: row.get("duplicates")?,
            notifications: row.get("notifications")?,
            search: row.get("search")?,
        })
    }
}

impl CrossTenant {
    /// Lists the queues that have a job, with the time when the first one is due. Each part is an
    /// index lookup; the deliveries of suspended tenants are passed over.
    pub async fn due_work(&mut self, now: DateTime<Utc>) -> Result<Vec<(WorkKind, DateTime<Utc>)>> {
        // A delivery is leased only when it is due, so leases are searched among the due ones.
        let due: DueWork = self
            .query(
                "SELECT
                     (SELECT due_at FROM deliveries WHERE leased_until IS NULL
                         AND tenant_id NOT IN (SELECT id FROM tenants WHERE suspended_at IS NOT NULL)
                         ORDER BY due_at LIMIT 1) AS delivery_due_at,
                     (SELECT MIN(leased_until) FROM deliveries WHERE due_at <= $1) AS lease_ends_at,
                     (SELECT due_at FROM media_fetches ORDER BY due_at LIMIT 1) AS fetch_due_at,
                     CAST(CASE WHEN EXISTS (
                         SELECT 1 FROM imports
                         WHERE state IN ('checking', 'running', 'cancelling', 'failing')
                             AND (leased_until IS NULL OR leased_until < $1))
                         THEN 1 ELSE 0 END AS BIGINT) AS imports,
                     CAST(CASE WHEN EXISTS (SELECT 1 FROM clients WHERE matched = 0)
                         THEN 1 ELSE 0 END AS BIGINT) AS duplicates,
                     CAST(CASE WHEN EXISTS (
                         SELECT 1 FROM notification_cursors c
                         JOIN event_counters e ON e.tenant_id = c.tenant_id AND e.last_id > c.last_id
                         WHERE EXISTS (SELECT 1 FROM notification_settings s
                             WHERE s.tenant_id = c.tenant_id AND s.address IS NOT NULL)
                             AND c.tenant_id NOT IN (SELECT id FROM tenants WHERE suspended_at IS NOT NULL))
                         OR EXISTS (
                             SELECT 1 FROM pending_notifications
                             WHERE message_count > 0 AND due_at <= $1
                                 AND tenant_id NOT IN (SELECT id FROM tenants WHERE suspended_at IS NOT NULL)
                                 AND (leased_until IS NULL OR leased_until < $1))
                         THEN 1 ELSE 0 END AS BIGINT) AS notifications,
                     CAST(CASE WHEN EXISTS (
                         SELECT 1 FROM tenants WHERE client_backlog > 0 OR message_backlog > 0)
                         THEN 1 ELSE 0 END AS BIGINT) AS search",
            )
            .bind(now)
            .one()
            .await?;
        let waiting = |some: i64| (some > 0).then_some(now);
        let kinds = [
            (WorkKind::Delivery, due.delivery_due_at),
            // A lease has expired when its last moment has passed.
            (WorkKind::Delivery, due.lease_ends_at.map(|end| end + TimeDelta::microseconds(1))),
            (WorkKind::Media, due.fetch_due_at),
            (WorkKind::Imports, waiting(due.imports)),
            (WorkKind::Duplicates, waiting(due.duplicates)),
            (WorkKind::Notifications, waiting(due.notifications)),
            (WorkKind::Search, waiting(due.search)),
        ];
        Ok(kinds.into_iter().filter_map(|(kind, at)| Some((kind, at?))).collect())
    }
}
