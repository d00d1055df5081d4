//! The amount of waiting background work of all tenants, for metrics.

use chrono::{DateTime, Utc};

use super::{
    cross_tenant::CrossTenant,
    statement::row::{FromRow, Row},
};
use crate::error::Result;

/// The numbers of waiting jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingWork {
    /// Deliveries that are due and that no worker has leased.
    pub due_deliveries: i64,
    /// Deliveries that are being made.
    pub leased_deliveries: i64,
    /// Deliveries that are tried again later.
    pub retried_deliveries: i64,
    /// Deliveries of scheduled messages.
    pub scheduled_deliveries: i64,
    /// The time since when the oldest delivery that is not leased is due.
    pub oldest_delivery: Option<DateTime<Utc>>,
    /// Files to fetch from providers.
    pub media: i64,
    /// The time since when the oldest file is due.
    pub oldest_media: Option<DateTime<Utc>>,
    /// Imports that are checked, run or cancelled.
    pub imports: i64,
    /// Clients whose duplicates are to be searched.
    pub unmatched_clients: i64,
    /// Notifications of staff.
    pub notifications: i64,
    /// Clients and messages that are not in the index yet.
    pub unindexed: i64,
}

impl FromRow for WaitingWork {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            due_deliveries: row.get("due_deliveries")?,
            leased_deliveries: row.get("leased_deliveries")?,
            retried_deliveries: row.get("retried_deliveries")?,
            scheduled_deliveries: row.get("scheduled_deliveries")?,
            oldest_delivery: row.get("oldest_delivery")?,
            media: row.get("media")?,
            oldest_media: row.get("oldest_media")?,
            imports: row.get("imports")?,
            unmatched_clients: row.get("unmatched_clients")?,
            notifications: row.get("notifications")?,
            unindexed: row.get("unindexed")?,
        })
    }
}

impl CrossTenant {
    /// Counts the waiting work of all tenants.
    pub async fn waiting_work(&mut self, now: DateTime<Utc>) -> Result<WaitingWork> {
        self.query(
            "SELECT
                 (SELECT COUNT(*) FROM deliveries WHERE due_at <= $1 AND leased_until IS NULL) AS due_deliveries,
                 (SELECT COUNT(*) FROM deliveries WHERE leased_until IS NOT NULL) AS leased_deliveries,
                 (SELECT COUNT(*) FROM deliveries WHERE due_at > $1 AND leased_until IS NULL AND attempts > 0)
                     AS retried_deliveries,
                 (SELECT COUNT(*) FROM deliveries WHERE due_at > $1 AND leased_until IS NULL AND attempts = 0)
                     AS scheduled_deliveries,
                 (SELECT MIN(due_at) FROM deliveries WHERE leased_until IS NULL) AS oldest_delivery,
                 (SELECT COUNT(*) FROM media_fetches) AS media,
                 (SELECT MIN(due_at) FROM media_fetches) AS oldest_media,
                 (SELECT COUNT(*) FROM imports WHERE state IN ('checking', 'running', 'cancelling', 'failing'))
                     AS imports,
                 (SELECT COUNT(*) FROM clients WHERE matched = 0) AS unmatched_clients,
                 (SELECT COUNT(*) FROM pending_notifications WHERE message_count > 0) AS notifications,
                 (SELECT CAST(COALESCE(SUM(client_backlog + message_backlog), 0) AS BIGINT) FROM tenants)
                     AS unindexed",
        )
        .bind(now)
        .one()
        .await
    }
}
