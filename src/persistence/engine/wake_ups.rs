//! The wake-up call for those who follow a table. The table is the truth, the bell only a hint.

use std::sync::Arc;

use tokio::sync::{Notify, broadcast};

use crate::domain::{Presence, TenantId};

/// Rings when a tenant has new events, and when there is something to deliver.
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
    /// Tells all followers of the tenant's events to look.
    pub fn notify(&self, tenant: TenantId) {
        // Nobody listening is fine.
        let _ = self.events.send(tenant);
    }

    /// Tells the delivery worker to look.
    pub fn notify_delivery_worker(&self) {
        self.deliveries.notify_one();
    }

    /// Tells the worker that fetches files to look.
    pub fn notify_media_worker(&self) {
        self.fetches.notify_one();
    }

    /// Waits until there may be a file to fetch.
    pub async fn fetch_due(&self) {
        self.fetches.notified().await;
    }

    /// Hears of every tenant's new events from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<TenantId> {
        self.events.subscribe()
    }

    /// Tells all followers who is at a chat.
    pub(in crate::persistence) fn notify_presence(&self, presence: Presence) {
        let _ = self.presence.send(presence);
    }

    /// Hears who is at every tenant's chats from now on.
    pub fn subscribe_presence(&self) -> broadcast::Receiver<Presence> {
        self.presence.subscribe()
    }

    /// Waits until there may be something to deliver.
    pub async fn delivery_due(&self) {
        self.deliveries.notified().await;
    }
}
