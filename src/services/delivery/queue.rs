//! The outbox as a queue. Its lanes are the own senders, which are the transports of a channel, each with the rate limit of
//! its provider. In a lane, messages that users write by hand are sent before those of programs and schedules.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{ChannelId, DeliveryPriority, Message, MessageId, MessageStatus, TenantId, Transport},
    error::{AppError, Result},
    persistence::{DueLane, LeasedDelivery, QueuePosition, Snapshot, WorkKind},
    providers::{Outcome, Reason, registration},
    services::{
        DeliveryService, Dependencies,
        worker::{self, Lane, Queue, WorkerState, Workers},
    },
};

/// The number of deliveries in progress at the same time.
const CONCURRENCY: usize = 32;
/// The number of calls in progress for one lane, so that a provider that hangs does not occupy
/// the whole worker.
const LANE_CONCURRENCY: usize = 8;
/// The duration of a lease, which is longer than a provider's call may take, so that only a dead
/// worker's lease expires.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(60);
/// The number of expired leases that are settled together.
const EXPIRED_BATCH: i64 = 100;

/// The key of a lane: the channel and the transport.
pub(super) type SenderKey = (ChannelId, Transport);

impl Lane for DueLane {
    type Key = SenderKey;

    fn key(&self) -> SenderKey {
        (self.channel, self.transport)
    }

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn rate(&self) -> Option<u32> {
        Some((registration(&self.provider).capabilities.rate)(&self.addresses, self.transport))
    }
}

/// The state of a new worker.
pub(super) fn worker_state() -> WorkerState<SenderKey> {
    WorkerState::new(CONCURRENCY, LANE_CONCURRENCY)
}

/// A message must never be sent twice silently, so that an expired delivery becomes unknown instead
/// of due.
impl Queue for DeliveryService {
    type Lane = DueLane;
    type Job = LeasedDelivery;
    const KIND: WorkKind = WorkKind::Delivery;

    fn dependencies(&self) -> &Dependencies {
        &self.deps
    }

    fn worker(&self) -> &WorkerState<SenderKey> {
        &self.worker
    }

    async fn due_lanes(&self, now: DateTime<Utc>) -> Result<Vec<DueLane>> {
        self.deps.database.read_cross_tenant().await?.due_lanes(now).await
    }

    async fn lease_jobs(
        &self,
        shares: Vec<(DueLane, usize)>,
        now: DateTime<Utc>,
    ) -> Result<Vec<LeasedDelivery>> {
        let mut cross_tenant = self.deps.database.begin_cross_tenant().await?;
        let mut leased = Vec::new();
        for (DueLane { tenant, channel, transport, .. }, share) in shares {
            let mut left = share;
            for priority in DeliveryPriority::ALL {
                let (of, limit) =
                    ((tenant, channel, transport), i64::try_from(left).map_err(AppError::internal)?);
                let found = cross_tenant.lease_deliveries(of, priority, now, now + LEASE, limit).await?;
                left = left.saturating_sub(found.len());
                leased.extend(found);
                if left == 0 {
                    break;
                }
            }
        }
        cross_tenant.commit().await?;
        Ok(leased)
    }

    fn lane_of(delivery: &LeasedDelivery) -> SenderKey {
        (delivery.channel, delivery.transport)
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

/// The time that a message waits for others, if it is long enough to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueWait {
    /// The number of messages that are sent before it, at most [`QueuePosition::LIMIT`].
    pub ahead: i64,
    /// The expected time by the rate of its sender, in seconds. Other workspaces and slow providers can make it longer.
    pub seconds: i64,
}

/// The shortest wait that is shown, in seconds.
const SHOWN_WAIT: i64 = 5;

/// The waits of the queued messages among these that wait for others.
pub(in crate::services) async fn queue_waits(
    tx: &mut Snapshot,
    messages: &[Message],
    now: DateTime<Utc>,
) -> Result<HashMap<MessageId, QueueWait>> {
    let queued = messages.iter().filter(|message| message.status == MessageStatus::Queued);
    let queued: Vec<_> = queued.map(|message| message.id).collect();
    let wait = |of: QueuePosition| {
        let rate = (registration(&of.provider).capabilities.rate)(&of.addresses, of.transport);
        let seconds = of.ahead / i64::from(rate.max(1));
        (seconds >= SHOWN_WAIT).then_some((of.message, QueueWait { ahead: of.ahead, seconds }))
    };
    Ok(tx.deliveries().positions(&queued, now).await?.into_iter().filter_map(wait).collect())
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
