//! In-process wake-ups of those who poll a table. The table is the truth, a wake-up only a hint.

use std::sync::Arc;

use tokio::sync::{Notify, broadcast};

use crate::domain::{Presence, TenantId};

/// The PostgreSQL channel by which instances notify each other of new events.
pub(super) const NOTIFY_CHANNEL: &str = "aloqa_events";

/// A kind of background work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WorkKind {
    /// Messages that wait for their provider.
    Delivery,
    /// Files that are still at a provider.
    Media,
    /// Tables of clients that are being imported.
    Imports,
    /// Clients whose duplicates are to be looked for.
    Duplicates,
    /// Notifications of team members.
    Notifications,
    /// Rows that are older than the search index.
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

/// Wakes the followers of a tenant's events, and the workers that have something to do.
#[derive(Debug, Clone)]
pub struct WakeUps {
    events: broadcast::Sender<TenantId>,
    presence: broadcast::Sender<Presence>,
    workers: Arc<[Notify; WorkKind::COUNT]>,
}

impl Default for WakeUps {
    fn default() -> Self {
        // A follower that is more than this behind is told that it lagged, and reads the table, as always.
        Self {
            events: broadcast::Sender::new(1024),
            presence: broadcast::Sender::new(1024),
            workers: Arc::default(),
        }
    }
}

impl WakeUps {
    /// Tells all followers of the tenant's events to look.
    pub fn notify(&self, tenant: TenantId) {
        // Nobody listening is fine.
        let _ = self.events.send(tenant);
    }

    /// Tells the worker of this kind to look, also if it is busy now.
    pub fn notify_worker(&self, kind: WorkKind) {
        self.workers[kind as usize].notify_one();
    }

    /// Waits until there may be something to do for the worker of this kind.
    pub async fn work_due(&self, kind: WorkKind) {
        self.workers[kind as usize].notified().await;
    }

    /// Tells the delivery worker to look.
    pub fn notify_delivery_worker(&self) {
        self.notify_worker(WorkKind::Delivery);
    }

    /// Tells the worker that fetches files to look.
    pub fn notify_media_worker(&self) {
        self.notify_worker(WorkKind::Media);
    }

    /// Waits until there may be something to deliver.
    pub async fn delivery_due(&self) {
        self.work_due(WorkKind::Delivery).await;
    }

    /// Hears of every tenant's new events from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<TenantId> {
        self.events.subscribe()
    }

    /// Tells all followers who is at a chat.
    pub(super) fn notify_presence(&self, presence: Presence) {
        let _ = self.presence.send(presence);
    }

    /// Hears who is at every tenant's chats from now on.
    pub fn subscribe_presence(&self) -> broadcast::Receiver<Presence> {
        self.presence.subscribe()
    }
}
