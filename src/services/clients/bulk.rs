//! Deletion of many clients at once.

use std::time::Duration;

use tokio::time::Instant;

use crate::services::clients::service::ClientService;
use crate::{
    domain::{ClientId, Event, Permission},
    error::Result,
    persistence::{ClientFilter, DeletionImpact},
    services::Actor,
};

/// A selection of clients.
#[derive(Debug, Clone)]
pub enum ClientSelection {
    /// Clients by their ids.
    Ids(Vec<ClientId>),
    /// All clients that match a filter.
    Matching {
        /// The filter of the client list.
        filter: ClientFilter,
        /// The newest client at the time of the confirmation; clients that were created later are
        /// excluded.
        newest: Option<ClientId>,
    },
}

/// The result of deleting a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkDeletion {
    /// The number of deleted clients.
    pub deleted: i64,
    /// The number of remaining clients, which exceed the limit of one request.
    pub remaining: i64,
}

/// The number of clients that one transaction deletes. Other writers wait for its duration.
const BATCH: usize = 50;
/// The maximum duration of one request.
const TIME_BUDGET: Duration = Duration::from_secs(5);

impl ClientService {
    /// Computes what deleting these clients also deletes, and the newest of them.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "count_selected_clients", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn selection_impact(
        &self,
        actor: &Actor,
        selection: &ClientSelection,
    ) -> Result<(DeletionImpact, Option<ClientId>)> {
        actor.require(Permission::ClientDelete)?;
        let ids = self.ids(actor, selection).await?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        Ok((tx.clients().deletion_impact(&ids).await?, ids.into_iter().max()))
    }

    /// Deletes the selected clients with all their data in batches, until the time limit; a
    /// repeated request continues with the remaining ones. Clients that no longer exist are
    /// skipped.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`]. Batches before a failure are not rolled back.
    #[tracing::instrument(name = "delete_clients", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn delete_selected(&self, actor: &Actor, selection: &ClientSelection) -> Result<BulkDeletion> {
        actor.require(Permission::ClientDelete)?;
        let begun = Instant::now();
        let ids = self.ids(actor, selection).await?;
        let (mut deleted, mut seen) = (0, 0);
        for batch in ids.chunks(BATCH) {
            if begun.elapsed() > TIME_BUDGET {
                break;
            }
            let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
            for id in tx.clients_mut().delete_many(batch).await? {
                tx.record(Event::ClientDeleted { client_id: id }, actor.user_id(), self.deps.clock.now());
                deleted += 1;
            }
            tx.commit().await?;
            seen += batch.len();
        }
        Ok(BulkDeletion { deleted, remaining: i64::try_from(ids.len() - seen).unwrap_or(i64::MAX) })
    }

    async fn ids(&self, actor: &Actor, selection: &ClientSelection) -> Result<Vec<ClientId>> {
        match selection {
            ClientSelection::Ids(ids) => Ok(ids.clone()),
            ClientSelection::Matching { filter, newest } => {
                let mut tx = self.deps.database.read(actor.tenant_id()).await?;
                tx.clients().matching_ids(filter, *newest).await
            }
        }
    }
}
