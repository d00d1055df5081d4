//! Indexing of rows that are older than the full-text tables.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::services::{
    Dependencies,
    worker::{self, Queue, WorkerState},
};
use crate::{
    domain::TenantId,
    error::Result,
    persistence::{Database, IndexProgress, WorkKind},
};

/// The indexer of a database that is older than its full-text tables.
#[derive(Clone)]
pub struct SearchIndexer {
    deps: Arc<Dependencies>,
    worker: WorkerState<TenantId>,
    /// The pause after a batch.
    pause: Duration,
}

/// The pause after a batch, so that other writers get their turn.
const PAUSE: Duration = Duration::from_millis(20);

impl SearchIndexer {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps, worker: WorkerState::new(1, 1), pause: PAUSE }
    }

    /// Indexes all pending rows with a pause between batches, and returns the number of batches.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`]; completed batches are kept.
    #[tracing::instrument(name = "index_for_search", skip_all)]
    pub async fn index_pending(&self, pause: Duration) -> Result<usize> {
        worker::drain(&Self { pause, ..self.clone() }).await
    }
}

/// A job consists of two batches of a tenant's rows. It needs no lease, because the transaction
/// that indexes a batch locks the tenant's count of pending rows.
impl Queue for SearchIndexer {
    type Lane = TenantId;
    type Job = TenantId;
    const KIND: WorkKind = WorkKind::Search;

    fn dependencies(&self) -> &Dependencies {
        &self.deps
    }

    fn worker(&self) -> &WorkerState<TenantId> {
        &self.worker
    }

    async fn due_lanes(&self, _now: DateTime<Utc>) -> Result<Vec<TenantId>> {
        self.deps.database.read_cross_tenant().await?.unindexed_tenants().await
    }

    async fn lease_jobs(&self, shares: Vec<(TenantId, usize)>, _now: DateTime<Utc>) -> Result<Vec<TenantId>> {
        Ok(shares.into_iter().map(|(tenant, _)| tenant).collect())
    }

    fn lane_of(tenant: &TenantId) -> TenantId {
        *tenant
    }

    async fn perform(&self, tenant: &TenantId, _stop: &CancellationToken) -> Result<usize> {
        let database = &self.deps.database;
        // Clients are indexed first, because they are fewer and searched for more often.
        if batch(database, *tenant, false).await? == IndexProgress::More {
            tokio::time::sleep(self.pause).await;
            return Ok(1);
        }
        if batch(database, *tenant, true).await? == IndexProgress::Done {
            tracing::info!(%tenant, "all clients and messages are indexed for search");
        }
        tokio::time::sleep(self.pause).await;
        Ok(2)
    }
}

async fn batch(database: &Database, tenant: TenantId, messages: bool) -> Result<IndexProgress> {
    let mut tx = database.begin(tenant).await?;
    let mut index = tx.search_index_mut();
    let left =
        if messages { index.index_older_messages().await? } else { index.index_older_clients().await? };
    tx.commit().await?;
    Ok(left)
}
