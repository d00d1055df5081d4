//! The outbox as a queue: its lanes are the channels, each with the rate that its provider takes.

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{ChannelId, TenantId},
    error::{AppError, Result},
    persistence::{DueChannel, LeasedDelivery, WorkKind},
    providers::{Outcome, Reason},
    services::{
        DeliveryService, Dependencies,
        worker::{self, Lane, Queue, WorkerState, Workers},
    },
};

/// Deliveries that are under way at once.
const CONCURRENCY: usize = 32;
/// Calls that are under way at once by one channel, so that one provider that hangs does not occupy the whole worker.
const CHANNEL_CONCURRENCY: usize = 8;
/// Longer than a provider's call may take, so that only a worker that died lets a lease run out.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(60);
/// Expired leases that are settled together.
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
        Some(rate(self))
    }
}

/// Messages a second that a channel hands over at most. Twilio queues what is more than the sender's own rate, so this
/// only keeps us from being told 429: short codes and services have many senders' worth, a bot may 30.
fn rate(due: &DueChannel) -> u32 {
    let short_code = due.sms_number.as_deref().is_some_and(|number| !number.starts_with('+'));
    match due.provider.as_str() {
        "telegram" => 25,
        _ if short_code || due.messaging_service_sid.is_some() || due.sms_number.is_none() => 40,
        _ => 10,
    }
}

/// The state of a worker that begins.
pub(super) fn worker_state() -> WorkerState<ChannelId> {
    WorkerState::new(CONCURRENCY, CHANNEL_CONCURRENCY)
}

/// A message must not be sent twice silently, so an expired delivery becomes unknown instead of due.
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
    /// Delivers until `stop`, then finishes what is under way.
    pub async fn run(&self, stop: CancellationToken) {
        Workers::new(self.deps.clone()).queue(self.clone()).run(stop).await;
    }

    /// Takes up to `most` deliveries that are due: fair to tenants, and no more than each channel's provider takes. They
    /// are this worker's until their lease runs out.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database is away.
    pub async fn lease(&self, most: usize) -> Result<Vec<LeasedDelivery>> {
        Ok(worker::lease(self, most).await?.0)
    }

    /// Delivers everything that is due now, one after the other and however much a provider takes, and says how many there
    /// were. For tests and tools.
    ///
    /// # Errors
    /// What keeps an outcome from being stored.
    pub async fn drain(&self) -> Result<usize> {
        worker::drain(self).await
    }
}
