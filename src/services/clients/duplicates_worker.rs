//! Background work on duplicates: matching clients that have changed, and deleting merges that can
//! no longer be undone.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::services::clients::merges::{MergeService, clients};
use crate::{
    domain::{MERGE_UNDO_PERIOD, TenantId},
    error::Result,
    persistence::WorkKind,
    services::{
        Dependencies,
        worker::{self, Queue, WorkerState},
    },
};

/// The number of clients in a transaction, so that other writers of an embedded database need not
/// wait long.
const BATCH_SIZE: i64 = 50;
/// The time limit of a transaction, because matching a client takes long if thousands share a name
/// and a date of birth.
const TIME_BUDGET: Duration = Duration::from_millis(100);

impl MergeService {
    /// Matches every changed client, and deletes the merges that can no longer be undone. For tests
    /// and tools.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`].
    #[tracing::instrument(name = "sweep_merges", level = "debug", skip_all)]
    pub async fn sweep(&self) -> Result<()> {
        self.delete_expired().await?;
        worker::drain(self).await.map(drop)
    }

    /// Deletes the merges that can no longer be undone.
    pub(in crate::services) async fn delete_expired(&self) -> Result<()> {
        let before = self.deps.clock.now() - MERGE_UNDO_PERIOD;
        let mut cross_tenant = self.deps.database.read_cross_tenant().await?;
        let old = cross_tenant.tenants_with_merges(before).await?;
        drop(cross_tenant);
        for tenant in old {
            let mut tx = self.deps.database.begin(tenant).await?;
            let merges = tx.merges_mut().delete_before(before).await?;
            tx.commit().await?;
            tracing::info!(%tenant, merges, "merges can't be undone any more");
        }
        Ok(())
    }

    /// Matches a batch of a tenant's clients and returns their number.
    async fn match_batch(&self, tenant: TenantId) -> Result<usize> {
        let mut cross_tenant = self.deps.database.read_cross_tenant().await?;
        let waiting = cross_tenant.clients_to_match(tenant, BATCH_SIZE).await?;
        drop(cross_tenant);
        if waiting.is_empty() {
            return Ok(0);
        }
        let mut tx = self.deps.database.begin(tenant).await?;
        // Clients that another transaction has locked are left for the next batch.
        let claimed = tx.duplicates_mut().lock_pending(&waiting).await?;
        let (begun, mut matched) = (Instant::now(), 0);
        for client in clients(&mut tx, claimed.into_iter()).await? {
            tx.duplicates_mut().recompute(&client).await?;
            matched += 1;
            if begun.elapsed() > TIME_BUDGET {
                break;
            }
        }
        tx.commit().await?;
        Ok(matched)
    }
}

/// A job is a batch of a tenant's clients. It needs no lease, because the transaction that matches
/// the clients locks their rows.
impl Queue for MergeService {
    type Lane = TenantId;
    type Job = TenantId;
    const KIND: WorkKind = WorkKind::Duplicates;

    fn dependencies(&self) -> &Dependencies {
        &self.deps
    }

    fn worker(&self) -> &WorkerState<TenantId> {
        &self.worker
    }

    async fn due_lanes(&self, _now: DateTime<Utc>) -> Result<Vec<TenantId>> {
        self.deps.database.read_cross_tenant().await?.tenants_with_unmatched_clients().await
    }

    async fn lease_jobs(&self, shares: Vec<(TenantId, usize)>, _now: DateTime<Utc>) -> Result<Vec<TenantId>> {
        Ok(shares.into_iter().map(|(tenant, _)| tenant).collect())
    }

    fn lane_of(tenant: &TenantId) -> TenantId {
        *tenant
    }

    async fn perform(&self, tenant: &TenantId, _stop: &CancellationToken) -> Result<usize> {
        // Requests take precedence.
        tokio::task::yield_now().await;
        self.match_batch(*tenant).await
    }
}
