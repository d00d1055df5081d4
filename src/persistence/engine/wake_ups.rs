//! In-process wake-ups of those who poll a table. The table is authoritative, a wake-up only a
//! hint.

use std::sync::Arc;

use tokio::sync::{Notify, broadcast};

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

/// The wake-ups of those who read a tenant's events, and of the workers.
#[derive(Debug, Clone)]
pub struct WakeUps {
    events: broadcast::Sender<TenantId>,
    presence: broadcast::Sender<Presence>,
    workers: Arc<[Notify; WorkKind::COUNT]>,
}

impl Default for WakeUps {
    fn default() -> Self {
        // A subscriber that falls behind by more than this is notified of the lag, and reads the
        // table as usual.
        Self {
            events: broadcast::Sender::new(1024),
            presence: broadcast::Sender::new(1024),
            workers: Arc::default(),
        }
    }
}

impl WakeUps {
    /// Wakes all readers of the tenant's events.
    pub fn notify(&self, tenant: TenantId) {
        // There may be no subscriber.
        let _ = self.events.send(tenant);
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

    /// Subscribes to new events of all tenants.
    pub fn subscribe(&self) -> broadcast::Receiver<TenantId> {
        self.events.subscribe()
    }

    /// Notifies all subscribers of a user's presence.
    pub(super) fn notify_presence(&self, presence: Presence) {
        let _ = self.presence.send(presence);
    }

    /// Subscribes to presence in all tenants.
    pub fn subscribe_presence(&self) -> broadcast::Receiver<Presence> {
        self.presence.subscribe()
    }
}
