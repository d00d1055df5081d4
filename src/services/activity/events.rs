//! The live stream: what happened in a tenant after a given event, for those who may know.

use std::sync::Arc;

use tokio::sync::broadcast;

use crate::services::{Actor, Foundation};
use crate::{
    domain::{EventId, Recorded, TenantId},
    error::Result,
};

/// Events are read in portions of this many.
const PORTION: i64 = 200;

/// Use cases of live pages.
#[derive(Clone)]
pub struct EventService {
    base: Arc<Foundation>,
}

impl EventService {
    pub(in crate::services) fn new(base: Arc<Foundation>) -> Self {
        Self { base }
    }

    /// Hears of every tenant's new events from now on; what they are is read by [`EventService::after`].
    pub fn follow(&self) -> broadcast::Receiver<TenantId> {
        self.base.database.bell().follow()
    }

    /// The number of the newest event.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`] when the database is away.
    #[tracing::instrument(name = "last_event", level = "debug", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn last_id(&self, actor: &Actor) -> Result<EventId> {
        self.base.database.read(actor.tenant_id()).await?.events().last_id().await
    }

    /// The next events after one, as many as a portion holds, of those that the actor may know; and the number up to
    /// which this is all there was.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`] when the database is away.
    #[tracing::instrument(name = "read_events", level = "debug", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn after(&self, actor: &Actor, id: EventId) -> Result<(Vec<Recorded>, EventId)> {
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        let (recorded, seen) = tx.events().after(id, PORTION).await?;
        let allowed = recorded.into_iter().filter(|r| actor.may(r.event.kind().permission())).collect();
        Ok((allowed, seen))
    }
}
