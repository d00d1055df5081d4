//! Files of clients, which are fetched from the provider after the message was stored, with
//! repeated attempts.
//!
//! A worker leases a due file for longer than a fetch takes, so that the file of a dead worker
//! becomes due again. Fetching a file twice is harmless, because the second result is discarded.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::TryStreamExt as _;
use tokio_util::sync::CancellationToken;

use crate::services::{
    ChannelService, Dependencies, FileService, Uploads,
    worker::{self, Backoff, Queue, WorkerState, Workers},
};
use crate::{
    domain::{Event, FetchFailure, TenantId, UPLOAD_LIMIT},
    error::{AppError, Result},
    persistence::{LeasedFetch, Source, WorkKind},
    providers::{Provider, media::FetchError},
};

/// The number of files that are fetched concurrently.
const CONCURRENCY: usize = 8;
/// The number of files of one tenant that are fetched concurrently.
const TENANT_CONCURRENCY: usize = 3;
/// The duration of a lease, which is longer than a fetch and a thumbnail take.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// Pauses between attempts. They grow fast, because a file is often available a moment later, or
/// else not soon.
const BACKOFF: Backoff = Backoff { min: Duration::from_secs(1), max: Duration::from_mins(30), factor: 4 };
/// The number of attempts, which together with the pauses take about three hours.
const MAX_ATTEMPTS: i64 = 12;

/// The use cases of files at providers.
#[derive(Clone)]
pub struct MediaService {
    deps: Arc<Dependencies>,
    channels: ChannelService,
    files: FileService,
    worker: WorkerState<TenantId>,
}

/// The result of a fetch.
enum Outcome {
    Stored(Uploads),
    /// The fetch is repeated; the failure is that of the last attempt.
    Retry(String, FetchFailure),
    Lost(FetchFailure),
}

impl MediaService {
    pub(in crate::services) fn new(
        deps: Arc<Dependencies>,
        channels: ChannelService,
        files: FileService,
    ) -> Self {
        Self { deps, channels, files, worker: WorkerState::new(CONCURRENCY, TENANT_CONCURRENCY) }
    }

    /// Runs the worker until `stop`, then finishes the running fetches.
    pub async fn run(&self, stop: CancellationToken) {
        Workers::new(self.deps.clone()).queue(self.clone()).run(stop).await;
    }

    /// Fetches all due files one after the other and returns their number. For tests and tools.
    ///
    /// # Errors
    /// The error that prevents a result from being stored.
    pub async fn drain(&self) -> Result<usize> {
        worker::drain(self).await
    }

    /// Fetches a file. No transaction is open during the request.
    #[tracing::instrument(name = "fetch_file", skip_all, fields(tenant = %claimed.tenant, file = %claimed.attachment,
        attempt = claimed.attempts))]
    async fn fetch(&self, claimed: LeasedFetch) -> Result<()> {
        let mut tx = self.deps.database.read(claimed.tenant).await?;
        let source = tx.attachments().source(claimed.attachment).await?;
        let message = match &source {
            Some(source) => tx.messages().find(source.message).await?,
            None => None,
        };
        let sealed = match message.and_then(|message| message.channel) {
            Some(channel) => tx.channels().get(channel).await?,
            None => None,
        };
        drop(tx);
        // The file was deleted together with its client.
        let Some(source) = source else { return Ok(()) };
        let outcome = match sealed {
            Some(sealed) => {
                self.download(claimed, &source, self.channels.provider(&sealed)?.as_ref()).await?
            }
            None => Outcome::Lost(FetchFailure::Gone),
        };
        self.record(claimed, &source, outcome).await
    }

    async fn download(
        &self,
        claimed: LeasedFetch,
        source: &Source,
        provider: &dyn Provider,
    ) -> Result<Outcome> {
        let fetched = match provider.fetch(&source.url).await {
            Ok(fetched) => fetched,
            Err(FetchError::Retry(why)) => return Ok(Outcome::Retry(why, FetchFailure::Gone)),
            Err(FetchError::Gone) => return Ok(Outcome::Lost(FetchFailure::Gone)),
            Err(FetchError::TooLarge) => return Ok(Outcome::Lost(FetchFailure::TooLarge)),
            Err(FetchError::Refused(why)) => {
                tracing::warn!(why, "a file is not fetched from where it is said to be");
                return Ok(Outcome::Lost(FetchFailure::Refused));
            }
        };
        if fetched.length().is_some_and(|length| length > UPLOAD_LIMIT) {
            return Ok(Outcome::Lost(FetchFailure::TooLarge));
        }
        let name = fetched.name().unwrap_or_else(|| source.name.clone());
        let mut uploads = self.files.uploads_of(claimed.tenant);
        let content = fetched.content().map_err(AppError::internal);
        match uploads.add(&name, content, UPLOAD_LIMIT).await {
            Ok(()) => Ok(Outcome::Stored(uploads)),
            Err(AppError::TooLarge) => Ok(Outcome::Lost(FetchFailure::TooLarge)),
            // The operator may raise the limit, or somebody delete what is not needed.
            Err(error @ AppError::Invalid(_)) => {
                Ok(Outcome::Retry(error.to_string(), FetchFailure::StorageFull))
            }
            Err(error) => Ok(Outcome::Retry(error.to_string(), FetchFailure::Gone)),
        }
    }

    async fn record(&self, claimed: LeasedFetch, source: &Source, outcome: Outcome) -> Result<()> {
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(claimed.tenant).await?;
        let id = claimed.attachment;
        let (changed, kept) = match outcome {
            Outcome::Retry(why, _) if claimed.attempts < MAX_ATTEMPTS => {
                tracing::info!(why, "a file did not come; trying again");
                tx.attachments_mut().postpone(id, now + BACKOFF.delta(claimed.attempts)).await?;
                (false, None)
            }
            Outcome::Retry(why, failure) => {
                tracing::warn!(why, "a file did not come; giving up");
                (tx.attachments_mut().mark_failed(id, failure).await?, None)
            }
            Outcome::Lost(why) => (tx.attachments_mut().mark_failed(id, why).await?, None),
            Outcome::Stored(uploads) => match uploads.files() {
                [file] => (tx.attachments_mut().mark_stored(id, file).await?, Some(uploads)),
                _ => (false, None),
            },
        };
        if changed {
            tx.record(
                Event::MessageFilesChanged { chat_id: source.chat, message_id: source.message },
                None,
                now,
            );
        }
        if let Some(uploads) = kept.filter(|_| changed) {
            uploads.commit();
        }
        tx.commit().await
    }
}

/// Fetching a file twice is harmless, so that a file whose worker died becomes due again.
impl Queue for MediaService {
    type Lane = TenantId;
    type Job = LeasedFetch;
    const KIND: WorkKind = WorkKind::Media;

    fn dependencies(&self) -> &Dependencies {
        &self.deps
    }

    fn worker(&self) -> &WorkerState<TenantId> {
        &self.worker
    }

    async fn due_lanes(&self, now: DateTime<Utc>) -> Result<Vec<TenantId>> {
        self.deps.database.read_cross_tenant().await?.tenants_with_due_fetches(now).await
    }

    async fn lease_jobs(
        &self,
        shares: Vec<(TenantId, usize)>,
        now: DateTime<Utc>,
    ) -> Result<Vec<LeasedFetch>> {
        let mut cross_tenant = self.deps.database.begin_cross_tenant().await?;
        let mut leased = Vec::new();
        for (tenant, share) in shares {
            let limit = i64::try_from(share).map_err(AppError::internal)?;
            leased.extend(cross_tenant.lease_fetches(tenant, now, now + LEASE, limit).await?);
        }
        cross_tenant.commit().await?;
        Ok(leased)
    }

    fn lane_of(fetch: &LeasedFetch) -> TenantId {
        fetch.tenant
    }

    async fn perform(&self, fetch: &LeasedFetch, _stop: &CancellationToken) -> Result<usize> {
        self.fetch(*fetch).await.map(|()| 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_adds_up_to_hours() {
        let pauses: Vec<_> = (1..MAX_ATTEMPTS).map(|attempts| BACKOFF.longest(attempts)).collect();
        assert_eq!(pauses[..3], [1, 4, 16].map(Duration::from_secs));
        assert!(pauses.is_sorted());
        let all: Duration = pauses.into_iter().sum();
        assert!((Duration::from_hours(2)..Duration::from_hours(4)).contains(&all), "{all:?}");
    }
}
