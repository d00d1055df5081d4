//! In-process wake-ups of those who poll a table. The table is authoritative, a wake-up only a
//! hint.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, broadcast, watch};

use crate::domain::{Presence, TenantId};

/// The PostgreSQL channel by which instances notify each other of new events.
pub(super) const NOTIFY_CHANNEL: &str = "aloqa_events";

/// A kind of background work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WorkKind {
    /// Delivery of messages.
    Delivery,
    /// Fetching of clients' files.
    Media,
    /// Imports of clients.
    Imports,
    /// Matching of duplicates.
    Duplicates,
    /// Staff notifications.
    Notifications,
    /// Indexing of rows that are older than the full-text tables.
    Search,
}

impl WorkKind {
    const COUNT: usize = 6;

    /// The name in logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Media => "media",
            Self::Imports => "imports",
            Self::Duplicates => "duplicates",
            Self::Notifications => "notifications",
            Self::Search => "search",
        }
    }
}

/// The number of presences that are kept for a slow subscriber. It misses older ones, which are repeated every few
/// seconds.
const PRESENCE_CAPACITY: usize = 64;

/// The wake-ups of those who read a tenant's events, and of the workers.
#[derive(Debug, Clone, Default)]
pub struct WakeUps {
    /// The tenants that have a subscriber in this process.
    tenants: Arc<Mutex<HashMap<TenantId, TenantChannels>>>,
    workers: Arc<[Notify; WorkKind::COUNT]>,
}

#[derive(Debug)]
struct TenantChannels {
    changes: watch::Sender<()>,
    presence: broadcast::Sender<Presence>,
}

/// A wake-up of the subscribers of a tenant.
#[derive(Debug, PartialEq, Eq)]
pub enum WakeUp {
    /// Events were recorded or sessions were ended.
    Changed,
    /// A user's presence, which is not stored anywhere else.
    Presence(Presence),
}

/// A subscription to the wake-ups of one tenant.
#[derive(Debug)]
pub struct TenantWakeUps {
    tenant: TenantId,
    wake_ups: WakeUps,
    changes: watch::Receiver<()>,
    presence: broadcast::Receiver<Presence>,
}

impl WakeUps {
    /// Wakes the subscribers of the tenant.
    pub fn notify(&self, tenant: TenantId) {
        if let Some(channels) = self.tenants().get(&tenant) {
            channels.changes.send_replace(());
        }
    }

    /// Wakes the worker of this kind, also if it is busy now.
    pub fn notify_worker(&self, kind: WorkKind) {
        self.workers[kind as usize].notify_one();
    }

    /// Waits for a wake-up of the worker of this kind.
    pub async fn work_due(&self, kind: WorkKind) {
        self.workers[kind as usize].notified().await;
    }

    /// Wakes the delivery worker.
    pub fn notify_delivery_worker(&self) {
        self.notify_worker(WorkKind::Delivery);
    }

    /// Wakes the worker that fetches files.
    pub fn notify_media_worker(&self) {
        self.notify_worker(WorkKind::Media);
    }

    /// Waits for a wake-up of the delivery worker.
    pub async fn delivery_due(&self) {
        self.work_due(WorkKind::Delivery).await;
    }

    /// Subscribes to the wake-ups of a tenant.
    pub fn subscribe(&self, tenant: TenantId) -> TenantWakeUps {
        let mut tenants = self.tenants();
        let channels = tenants.entry(tenant).or_insert_with(|| TenantChannels {
            changes: watch::Sender::new(()),
            presence: broadcast::Sender::new(PRESENCE_CAPACITY),
        });
        let (changes, presence) = (channels.changes.subscribe(), channels.presence.subscribe());
        TenantWakeUps { tenant, wake_ups: self.clone(), changes, presence }
    }

    /// Passes a user's presence on to the subscribers of its tenant.
    pub(super) fn notify_presence(&self, presence: Presence) {
        if let Some(channels) = self.tenants().get(&presence.tenant) {
            // The last subscriber may have just gone.
            let _ = channels.presence.send(presence);
        }
    }

    fn tenants(&self) -> MutexGuard<'_, HashMap<TenantId, TenantChannels>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TenantWakeUps {
    /// Waits for the next wake-up. Several changes since the last one are one wake-up.
    pub async fn next(&mut self) -> WakeUp {
        loop {
            tokio::select! {
                Ok(()) = self.changes.changed() => return WakeUp::Changed,
                presence = self.presence.recv() => match presence {
                    Ok(presence) => return WakeUp::Presence(presence),
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    // The senders live as long as a subscription does.
                    Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
                },
            }
        }
    }

    /// Discards the wake-up for changes until now, because they are about to be read.
    pub fn forget_changes(&mut self) {
        self.changes.mark_unchanged();
    }
}

impl Drop for TenantWakeUps {
    fn drop(&mut self) {
        let mut tenants = self.wake_ups.tenants();
        // The receiver of this subscription still counts.
        if tenants.get(&self.tenant).is_some_and(|channels| channels.changes.receiver_count() <= 1) {
            tenants.remove(&self.tenant);
        }
    }
}
