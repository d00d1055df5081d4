//! The wake-up call for those who follow a table. The table is the truth, the bell only a hint.

use std::sync::Arc;

use tokio::sync::{Notify, broadcast};

use crate::domain::{Presence, TenantId};

/// Rings when a tenant has new events, and when there is something to deliver.
#[derive(Debug, Clone)]
pub struct Bell {
    events: broadcast::Sender<TenantId>,
    presence: broadcast::Sender<Presence>,
    deliveries: Arc<Notify>,
    fetches: Arc<Notify>,
}

impl Default for Bell {
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

impl Bell {
    /// Tells all followers of the tenant's events to look.
    pub fn ring(&self, tenant: TenantId) {
        // Nobody listening is fine.
        let _ = self.events.send(tenant);
    }

    /// Tells the delivery worker to look.
    pub fn ring_worker(&self) {
        self.deliveries.notify_one();
    }

    /// Tells the worker that fetches files to look.
    pub fn ring_fetcher(&self) {
        self.fetches.notify_one();
    }

    /// Waits until there may be a file to fetch.
    pub async fn fetches(&self) {
        self.fetches.notified().await;
    }

    /// Hears of every tenant's new events from now on.
    pub fn follow(&self) -> broadcast::Receiver<TenantId> {
        self.events.subscribe()
    }

    /// Tells all followers who is at a chat.
    pub(in crate::persistence) fn tell(&self, presence: Presence) {
        let _ = self.presence.send(presence);
    }

    /// Hears who is at every tenant's chats from now on.
    pub fn follow_presence(&self) -> broadcast::Receiver<Presence> {
        self.presence.subscribe()
    }

    /// Waits until there may be something to deliver.
    pub async fn deliveries(&self) {
        self.deliveries.notified().await;
    }
}
