//! Bringing the full-text tables up to date with what was stored before there were any.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::services::Dependencies;
use crate::{
    domain::TenantId,
    error::Result,
    persistence::{Database, IndexProgress},
};

/// The work that a database older than its full-text tables has left to do.
#[derive(Clone)]
pub struct SearchIndexer {
    deps: Arc<Dependencies>,
}

/// Others want to write too.
const PAUSE: Duration = Duration::from_millis(20);
/// After a failure, such as a database that is away.
const RETRY_DELAY: Duration = Duration::from_secs(10);

impl SearchIndexer {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Indexes all that is not, in batches and beside other work, until done or `stop`; what is done stays done.
    pub async fn run(&self, stop: CancellationToken) {
        let work = async {
            while let Err(error) = self.index_pending(PAUSE).await {
                tracing::warn!(%error, "indexing for search broke off; trying again");
                tokio::time::sleep(RETRY_DELAY).await;
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = work => {}
        }
    }

    /// Indexes all that is not, with a pause between batches; how many batches there were.
    ///
    /// # Errors
    /// When the database refuses; the batches before stay done.
    #[tracing::instrument(name = "index_for_search", skip_all)]
    pub async fn index_pending(&self, pause: Duration) -> Result<u64> {
        let database = &self.deps.database;
        let tenants = database.read_cross_tenant().await?.unindexed_tenants().await?;
        let mut batches = 0;
        for tenant in tenants {
            // Clients first: they are fewer, and looked for more often.
            for messages in [false, true] {
                while batch(database, tenant, messages).await? == IndexProgress::More {
                    batches += 1;
                    tokio::time::sleep(pause).await;
                }
                batches += 1;
            }
            tracing::info!(%tenant, "all clients and messages are indexed for search");
        }
        Ok(batches)
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
