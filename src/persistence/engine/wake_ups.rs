//! In-process wake-ups of those who poll a table. The table is the truth, a wake-up only a hint.

use std::sync::Arc;

use tokio::sync::{Notify, broadcast};

use crate::domain::{Presence, TenantId};

/// The PostgreSQL channel by which instances notify each other of new events.
pub(super) const NOTIFY_CHANNEL: &str = "aloqa_events";

/// Notifies those who follow a tenant's events or presence, and workers that have something to do.
#[derive(Debug, Clone)]
pub struct WakeUps {
    events: broadcast::Sender<TenantId>,
    presence: broadcast::Sender<Presence>,
    deliveries: Arc<Notify>,
    fetches: Arc<Notify>,
}

impl Default for WakeUps {
    fn default() -> Self {
        // A follower that is more than this behind is told that it lagged, and reads the table, as always.
        Self {
            events: broadcast::Sender::new(1024),
            presence: broadcast::Sender::new(1024),
            deliveries: Arc::default(),
            fetches: Arc::default(),
        }
    }
}

impl WakeUps {
    /// Notifies the followers of a tenant's events.
    pub fn notify(&self, tenant: TenantId) {
        // Nobody listening is fine.
        let _ = self.events.send(tenant);
    }

    /// Notifies the delivery worker.
    pub fn notify_delivery_worker(&self) {
        self.deliveries.notify_one();
    }

    /// Notifies the worker that fetches files.
    pub fn notify_media_worker(&self) {
        self.fetches.notify_one();
    }

    /// Waits until there may be a file to fetch.
    pub async fn fetch_due(&self) {
        self.fetches.notified().await;
    }

    /// Receives the tenants that have new events from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<TenantId> {
        self.events.subscribe()
    }

    /// Notifies all followers of who is at a chat.
    pub(super) fn notify_presence(&self, presence: Presence) {
        let _ = self.presence.send(presence);
    }

    /// Receives who is at every tenant's chats from now on.
    pub fn subscribe_presence(&self) -> broadcast::Receiver<Presence> {
        self.presence.subscribe()
    }

    /// Waits until there may be something to deliver.
    pub async fn delivery_due(&self) {
        self.deliveries.notified().await;
    }
}
