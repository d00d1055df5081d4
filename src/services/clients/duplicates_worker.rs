//! Background work on duplicates: pairs of clients that changed, and merges that can't be undone any more.

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

/// So few at once that nobody waits long for the writer of an embedded database.
const BATCH_SIZE: i64 = 50;
/// Where thousands share a name and a birthday, even so few would take long.
const TIME_BUDGET: Duration = Duration::from_millis(100);

impl MergeService {
    /// Matches every client that waits for it, and deletes the merges that can't be undone any more.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`] when the database is away.
    #[tracing::instrument(name = "sweep_merges", level = "debug", skip_all)]
    pub async fn sweep(&self) -> Result<()> {
        self.delete_expired().await?;
        worker::drain(self).await.map(drop)
    }

    /// Deletes the merges that can't be undone any more.
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

    /// Matches some clients of a tenant; how many.
    async fn match_batch(&self, tenant: TenantId) -> Result<usize> {
        let mut cross_tenant = self.deps.database.read_cross_tenant().await?;
        let waiting = cross_tenant.clients_to_match(tenant, BATCH_SIZE).await?;
        drop(cross_tenant);
        if waiting.is_empty() {
            return Ok(0);
        }
        let mut tx = self.deps.database.begin(tenant).await?;
        // Those that someone is changing right now are left for the next time.
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

/// A job is a portion of a tenant's clients. It needs no lease: the rows are locked in the transaction that matches them.
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
        // Requests that write come first.
        tokio::task::yield_now().await;
        self.match_batch(*tenant).await
    }
}
