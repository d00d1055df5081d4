//! The live streams of a tenant's events, filtered by the user's permissions.

use std::sync::Arc;

use crate::services::{
    Actor, Dependencies,
    activity::event_hub::{EventHubs, EventStream},
    identity::service::token_hash,
};
use crate::{domain::EventId, error::Result};

/// The use cases of live pages.
#[derive(Clone)]
pub struct EventService {
    pub(super) deps: Arc<Dependencies>,
    hubs: EventHubs,
}

impl EventService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps, hubs: EventHubs::default() }
    }

    /// The number of open streams of this process.
    pub fn open_streams(&self) -> usize {
        self.hubs.open_streams()
    }

    /// Opens a stream of the events after `after`, or from now on, for as long as the session or API token is valid.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unauthenticated`] if the token is not valid any more;
    /// [`crate::error::AppError::TooManyAttempts`] if the user or the tenant has too many open streams.
    #[tracing::instrument(name = "open_stream", level = "debug", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn open_stream(
        &self,
        actor: &Actor,
        token: &str,
        after: Option<EventId>,
    ) -> Result<EventStream> {
        self.hubs.open_stream(&self.deps, actor, token_hash(token), after).await
    }
}
