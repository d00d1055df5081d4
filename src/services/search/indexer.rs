//! Bringing the full-text tables up to date with what was stored before there were any.

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

/// The work that a database older than its full-text tables has left to do.
#[derive(Clone)]
pub struct SearchIndexer {
    deps: Arc<Dependencies>,
    worker: WorkerState<TenantId>,
    /// How long to wait after a batch.
    pause: Duration,
}

/// Others want to write too.
const PAUSE: Duration = Duration::from_millis(20);

impl SearchIndexer {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps, worker: WorkerState::new(1, 1), pause: PAUSE }
    }

    /// Indexes all that is not, with a pause between batches; how many batches there were.
    ///
    /// # Errors
    /// When the database refuses; the batches before stay done.
    #[tracing::instrument(name = "index_for_search", skip_all)]
    pub async fn index_pending(&self, pause: Duration) -> Result<usize> {
        worker::drain(&Self { pause, ..self.clone() }).await
    }
}

/// A job is two batches of a tenant's rows. It needs no lease: the transaction that indexes a batch locks the tenant's
/// count of what is left.
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
        // Clients first: they are fewer, and looked for more often.
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
