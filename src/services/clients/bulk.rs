//! Deleting many clients at once.

use std::time::Duration;

use tokio::time::Instant;

use crate::services::clients::service::ClientService;
use crate::{
    domain::{ClientId, Event, Permission},
    error::Result,
    persistence::{ClientFilter, DeletionImpact},
    services::Actor,
};

/// Which clients are meant.
#[derive(Debug, Clone)]
pub enum ClientSelection {
    /// These.
    Ids(Vec<ClientId>),
    /// All that match.
    Matching {
        /// What they match.
        filter: ClientFilter,
        /// The last one by id: who came after the question was asked is not meant.
        newest: Option<ClientId>,
    },
}

/// What came of a deletion of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkDeletion {
    /// How many were deleted.
    pub deleted: i64,
    /// How many are left to delete: there were more than one request should take.
    pub remaining: i64,
}

/// Clients that are deleted in one transaction: others who write wait for as long as that takes.
const BATCH: usize = 50;
/// How long one request goes on.
const TIME_BUDGET: Duration = Duration::from_secs(5);

impl ClientService {
    /// What would go with these clients, and the newest of them.
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

    /// Deletes these clients with all that belongs to them, in batches, and stops after some seconds: asked again, it goes
    /// on with those that are left. Who is not there any more is passed over.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`]. The batches before a failure stay done.
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
