//! The outbox as a queue. Its lanes are the channels, each with the rate limit of its provider.

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{ChannelId, TenantId},
    error::{AppError, Result},
    persistence::{DueChannel, LeasedDelivery, WorkKind},
    providers::{Outcome, Reason, registration},
    services::{
        DeliveryService, Dependencies,
        worker::{self, Lane, Queue, WorkerState, Workers},
    },
};

/// The number of deliveries in progress at the same time.
const CONCURRENCY: usize = 32;
/// The number of calls in progress for one channel, so that a provider that hangs does not occupy
/// the whole worker.
const CHANNEL_CONCURRENCY: usize = 8;
/// The duration of a lease, which is longer than a provider's call may take, so that only a dead
/// worker's lease expires.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(60);
/// The number of expired leases that are settled together.
const EXPIRED_BATCH: i64 = 100;

impl Lane for DueChannel {
    type Key = ChannelId;

    fn key(&self) -> ChannelId {
        self.channel
    }

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn rate(&self) -> Option<u32> {
        Some((registration(&self.provider).capabilities.rate)(&self.addresses))
    }
}

/// The state of a new worker.
pub(super) fn worker_state() -> WorkerState<ChannelId> {
    WorkerState::new(CONCURRENCY, CHANNEL_CONCURRENCY)
}

/// A message must never be sent twice silently, so that an expired delivery becomes unknown instead
/// of due.
impl Queue for DeliveryService {
    type Lane = DueChannel;
    type Job = LeasedDelivery;
    const KIND: WorkKind = WorkKind::Delivery;

    fn dependencies(&self) -> &Dependencies {
        &self.deps
    }

    fn worker(&self) -> &WorkerState<ChannelId> {
        &self.worker
    }

    async fn due_lanes(&self, now: DateTime<Utc>) -> Result<Vec<DueChannel>> {
        self.deps.database.read_cross_tenant().await?.due_channels(now).await
    }

    async fn lease_jobs(
        &self,
        shares: Vec<(DueChannel, usize)>,
        now: DateTime<Utc>,
    ) -> Result<Vec<LeasedDelivery>> {
        let mut cross_tenant = self.deps.database.begin_cross_tenant().await?;
        let mut leased = Vec::new();
        for (DueChannel { tenant, channel, .. }, share) in shares {
            let (of, limit) = ((tenant, channel), i64::try_from(share).map_err(AppError::internal)?);
            leased.extend(cross_tenant.lease_deliveries(of, now, now + LEASE, limit).await?);
        }
        cross_tenant.commit().await?;
        Ok(leased)
    }

    fn lane_of(delivery: &LeasedDelivery) -> ChannelId {
        delivery.channel
    }

    async fn perform(&self, delivery: &LeasedDelivery, _stop: &CancellationToken) -> Result<usize> {
        self.deliver(delivery).await.map(|()| 1)
    }

    async fn expired(&self, now: DateTime<Utc>) -> Result<Vec<LeasedDelivery>> {
        let mut cross_tenant = self.deps.database.read_cross_tenant().await?;
        cross_tenant.expired_deliveries(now, EXPIRED_BATCH).await
    }

    async fn settle_unknown(&self, delivery: &LeasedDelivery) -> Result<()> {
        self.record(delivery, Outcome::Unknown(Reason { code: None, text: String::new() })).await
    }
}

impl DeliveryService {
    /// Runs the worker until `stop`, then finishes the deliveries in progress.
    pub async fn run(&self, stop: CancellationToken) {
        Workers::new(self.deps.clone()).queue(self.clone()).run(stop).await;
    }

    /// Leases up to `most` due deliveries, fairly across tenants and within the rate limits of the
    /// channels.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn lease(&self, most: usize) -> Result<Vec<LeasedDelivery>> {
        Ok(worker::lease(self, most).await?.0)
    }

    /// Delivers all due messages one after the other without rate limits, and returns their number.
    /// For tests and tools.
    ///
    /// # Errors
    /// The error that prevents a result from being stored.
    pub async fn drain(&self) -> Result<usize> {
        worker::drain(self).await
    }
}
