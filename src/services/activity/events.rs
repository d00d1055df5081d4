//! The live event stream of a tenant, filtered by the user's permissions.

use std::sync::Arc;

use tokio::sync::broadcast;

use crate::services::{Actor, Dependencies};
use crate::{
    domain::{EventId, RecordedEvent, TenantId},
    error::Result,
};

/// The number of events that are read at once.
const BATCH_SIZE: i64 = 200;

/// The use cases of live pages.
#[derive(Clone)]
pub struct EventService {
    pub(super) deps: Arc<Dependencies>,
}

impl EventService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Subscribes to notifications about new events of all tenants; the events themselves are read
    /// by [`EventService::after`].
    pub fn subscribe(&self) -> broadcast::Receiver<TenantId> {
        self.deps.database.wake_ups().subscribe()
    }

    /// The number of the newest event.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`].
    #[tracing::instrument(name = "last_event", level = "debug", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn last_id(&self, actor: &Actor) -> Result<EventId> {
        self.deps.database.read(actor.tenant_id()).await?.events().last_id().await
    }

    /// Reads the next batch of events after `id`. Returns those that the actor may see, and the
    /// number of the last event of the batch.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`].
    #[tracing::instrument(name = "read_events", level = "debug", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn after(&self, actor: &Actor, id: EventId) -> Result<(Vec<RecordedEvent>, EventId)> {
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let (recorded, seen) = tx.events().after(id, BATCH_SIZE).await?;
        let allowed = recorded.into_iter().filter(|r| actor.may(r.event.kind().permission())).collect();
        Ok((allowed, seen))
    }
}
