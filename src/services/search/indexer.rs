//! Bringing the full-text tables up to date with what was stored before there were any.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::services::Foundation;
use crate::{
    domain::TenantId,
    error::Result,
    persistence::{Backlog, Database},
};

/// The work that a database older than its full-text tables has left to do.
#[derive(Clone)]
pub struct SearchService {
    base: Arc<Foundation>,
}

/// Others want to write too.
const PAUSE: Duration = Duration::from_millis(20);
/// After a failure, such as a database that is away.
const PATIENCE: Duration = Duration::from_secs(10);

impl SearchService {
    pub(in crate::services) fn new(base: Arc<Foundation>) -> Self {
        Self { base }
    }

    /// Indexes all that is not, in batches and beside other work, until done or `stop`; what is done stays done.
    pub async fn run(&self, stop: CancellationToken) {
        let work = async {
            while let Err(error) = self.catch_up(PAUSE).await {
                tracing::warn!(%error, "indexing for search broke off; trying again");
                tokio::time::sleep(PATIENCE).await;
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
    pub async fn catch_up(&self, pause: Duration) -> Result<u64> {
        let database = &self.base.database;
        let tenants = database.read_as_operator().await?.directory().unindexed_tenants().await?;
        let mut batches = 0;
        for tenant in tenants {
            // Clients first: they are fewer, and looked for more often.
            for messages in [false, true] {
                while batch(database, tenant, messages).await? == Backlog::More {
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

async fn batch(database: &Database, tenant: TenantId, messages: bool) -> Result<Backlog> {
    let mut tx = database.begin(tenant).await?;
    let mut index = tx.search_index();
    let left = if messages { index.older_messages().await? } else { index.older_clients().await? };
    tx.commit().await?;
    Ok(left)
}
