//! Deletion of many clients at once.

use std::time::Duration;

use tokio::time::Instant;

use crate::services::clients::service::ClientService;
use crate::{
    domain::{ClientId, Event, Permission},
    error::Result,
    persistence::{ClientFilter, DeletionImpact, Snapshot},
    services::{Actor, PageFrame, activity::page_frame},
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

/// The data of the page that asks for the confirmation of a deletion.
#[derive(Debug, Clone, Copy)]
pub struct SelectionImpact {
    /// The data that is deleted.
    pub impact: DeletionImpact,
    /// The newest of the clients.
    pub newest: Option<ClientId>,
    /// The frame of the page.
    pub frame: PageFrame,
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
    /// Computes what deleting these clients also deletes.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "count_selected_clients", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn selection_impact(
        &self,
        actor: &Actor,
        selection: &ClientSelection,
    ) -> Result<SelectionImpact> {
        actor.require(Permission::ClientDelete)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let ids = ids(&mut tx, selection).await?;
        let impact = tx.clients().deletion_impact(&ids).await?;
        let frame = page_frame(&mut tx, actor).await?;
        Ok(SelectionImpact { impact, newest: ids.into_iter().max(), frame })
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
        let ids = ids(&mut self.deps.database.read(actor.tenant_id()).await?, selection).await?;
        let (mut deleted, mut seen) = (0, 0);
        for batch in ids.chunks(BATCH) {
            if begun.elapsed() > TIME_BUDGET {
                break;
            }
            let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
            let gone = tx.clients_mut().delete_many(batch).await?;
            tx.audit_log_mut().erase_clients(&gone).await?;
            for id in gone {
                tx.record(Event::ClientDeleted { client_id: id }, actor.author(), self.deps.clock.now());
                deleted += 1;
            }
            tx.commit().await?;
            seen += batch.len();
        }
        Ok(BulkDeletion { deleted, remaining: i64::try_from(ids.len() - seen).unwrap_or(i64::MAX) })
    }
}

/// The ids of the selected clients.
async fn ids(tx: &mut Snapshot, selection: &ClientSelection) -> Result<Vec<ClientId>> {
    match selection {
        ClientSelection::Ids(ids) => Ok(ids.clone()),
        ClientSelection::Matching { filter, newest } => tx.clients().matching_ids(filter, *newest).await,
    }
}
