//! The state of the services, for metrics.

use chrono::{DateTime, Utc};

use crate::{
    error::Result,
    metrics::Observation,
    persistence::WorkKind,
    services::{Services, WorkerMetrics},
};

impl Services {
    /// Reads the state of the queues, the live streams and the pools of the database.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`].
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn observe(&self) -> Result<Observation> {
        let now = self.dependencies().clock.now();
        let waiting = self.dependencies().database.read_cross_tenant().await?.waiting_work(now).await?;
        let lag = |due_at: Option<DateTime<Utc>>| {
            due_at.and_then(|due_at| (now - due_at).to_std().ok()).unwrap_or_default()
        };
        let jobs = self.worker_metrics().into_iter().flat_map(|(queue, metrics)| {
            let WorkerMetrics { leased, succeeded, failed, expired } = metrics;
            [("leased", leased), ("succeeded", succeeded), ("failed", failed), ("expired", expired)]
                .map(|(result, count)| (queue.as_str(), result, count))
        });
        Ok(Observation {
            deliveries: vec![
                ("due", waiting.due_deliveries),
                ("in_progress", waiting.leased_deliveries),
                ("retrying", waiting.retried_deliveries),
                ("scheduled", waiting.scheduled_deliveries),
            ],
            queue_length: vec![
                (WorkKind::Delivery.as_str(), waiting.due_deliveries),
                (WorkKind::Media.as_str(), waiting.media),
                (WorkKind::Imports.as_str(), waiting.imports),
                (WorkKind::Duplicates.as_str(), waiting.unmatched_clients),
                (WorkKind::Notifications.as_str(), waiting.notifications),
                (WorkKind::Search.as_str(), waiting.unindexed),
            ],
            queue_lag: vec![
                (WorkKind::Delivery.as_str(), lag(waiting.oldest_delivery)),
                (WorkKind::Media.as_str(), lag(waiting.oldest_media)),
            ],
            jobs: jobs.collect(),
            streams: self.events.open_streams(),
            database_connections: self.dependencies().database.connections(),
        })
    }
}
