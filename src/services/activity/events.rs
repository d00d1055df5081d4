//! The live stream: what happened in a tenant after a given event, for those who may know.

use std::sync::Arc;

use tokio::sync::broadcast;

use crate::services::{Actor, Dependencies};
use crate::{
    domain::{EventId, RecordedEvent, TenantId},
    error::Result,
};

/// Events are read in portions of this many.
const BATCH_SIZE: i64 = 200;

/// Use cases of live pages.
#[derive(Clone)]
pub struct EventService {
    deps: Arc<Dependencies>,
}

impl EventService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Hears of every tenant's new events from now on; what they are is read by [`EventService::after`].
    pub fn subscribe(&self) -> broadcast::Receiver<TenantId> {
        self.deps.database.wake_ups().subscribe()
    }

    /// The number of the newest event.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`] when the database is away.
    #[tracing::instrument(name = "last_event", level = "debug", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn last_id(&self, actor: &Actor) -> Result<EventId> {
        self.deps.database.read(actor.tenant_id()).await?.events().last_id().await
    }

    /// The next events after one, as many as a portion holds, of those that the actor may know; and the number up to
    /// which this is all there was.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`] when the database is away.
    #[tracing::instrument(name = "read_events", level = "debug", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn after(&self, actor: &Actor, id: EventId) -> Result<(Vec<RecordedEvent>, EventId)> {
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let (recorded, seen) = tx.events().after(id, BATCH_SIZE).await?;
        let allowed = recorded.into_iter().filter(|r| actor.may(r.event.kind().permission())).collect();
        Ok((allowed, seen))
    }
}
