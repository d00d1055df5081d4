//! What is done beside the requests: likenesses of clients that changed, and merges whose time has run out.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::services::clients::merges::{MergeService, clients};
use crate::{
    domain::{ClientId, MERGE_UNDO_PERIOD, TenantId},
    error::Result,
};

/// How long a new client may wait to be seen among the likely pairs.
const PAUSE: Duration = Duration::from_secs(5);
/// So few at once that nobody waits long for the writer of an embedded database.
const BATCH_SIZE: i64 = 50;
/// Where thousands share a name and a birthday, even so few would take long.
const TIME_BUDGET: Duration = Duration::from_millis(100);

impl MergeService {
    /// Sweeps until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                swept = self.sweep() => {
                    if let Err(error) = swept {
                        tracing::warn!(%error, "duplicates could not be looked for; trying again");
                    }
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    /// Matches every client that waits for it, and forgets the merges that can't be undone any more.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`] when the database is away.
    #[tracing::instrument(name = "sweep_merges", level = "debug", skip_all)]
    pub async fn sweep(&self) -> Result<()> {
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
        while self.match_batch().await? > 0 {
            // Who writes meanwhile comes first.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Matches some clients of one tenant; how many.
    async fn match_batch(&self) -> Result<usize> {
        let mut cross_tenant = self.deps.database.read_cross_tenant().await?;
        let waiting = cross_tenant.clients_to_match(BATCH_SIZE).await?;
        drop(cross_tenant);
        let Some((tenant, _)) = waiting.first().copied() else { return Ok(0) };
        let ids: Vec<ClientId> =
            waiting.into_iter().filter(|(of, _): &(TenantId, _)| *of == tenant).map(|(_, id)| id).collect();
        let mut tx = self.deps.database.begin(tenant).await?;
        // Those that someone is changing right now are left for the next time.
        let claimed = tx.duplicates_mut().lock_pending(&ids).await?;
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
