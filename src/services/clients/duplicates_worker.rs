//! What is done beside the requests: likenesses of clients that changed, and merges whose time has run out.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::services::clients::merges::{MergeService, clients};
use crate::{
    domain::{ClientId, TenantId, UNDO_FOR},
    error::Result,
};

/// How long a new client may wait to be seen among the likely pairs.
const PAUSE: Duration = Duration::from_secs(5);
/// So few at once that nobody waits long for the writer of an embedded database.
const PORTION: i64 = 50;
/// Where thousands share a name and a birthday, even so few would take long.
const PATIENCE: Duration = Duration::from_millis(100);

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
        let before = self.base.clock.now() - UNDO_FOR;
        let mut operator = self.base.database.read_as_operator().await?;
        let old = operator.directory().tenants_with_merges(before).await?;
        drop(operator);
        for tenant in old {
            let mut tx = self.base.database.begin(tenant).await?;
            let merges = tx.merges().purge(before).await?;
            tx.commit().await?;
            tracing::info!(%tenant, merges, "merges can't be undone any more");
        }
        while self.portion().await? > 0 {
            // Who writes meanwhile comes first.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Matches some clients of one tenant; how many.
    async fn portion(&self) -> Result<usize> {
        let mut operator = self.base.database.read_as_operator().await?;
        let waiting = operator.directory().unmatched_clients(PORTION).await?;
        drop(operator);
        let Some((tenant, _)) = waiting.first().copied() else { return Ok(0) };
        let ids: Vec<ClientId> =
            waiting.into_iter().filter(|(of, _): &(TenantId, _)| *of == tenant).map(|(_, id)| id).collect();
        let mut tx = self.base.database.begin(tenant).await?;
        // Those that someone is changing right now are left for the next time.
        let claimed = tx.matches().claim(&ids).await?;
        let (begun, mut matched) = (Instant::now(), 0);
        for client in clients(&mut tx, claimed.into_iter()).await? {
            tx.matches().refresh(&client).await?;
            matched += 1;
            if begun.elapsed() > PATIENCE {
                break;
            }
        }
        tx.commit().await?;
        Ok(matched)
    }
}
