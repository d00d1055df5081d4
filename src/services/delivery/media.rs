//! Files that clients send: fetched from the provider after the message was stored, however often it takes.
//!
//! A worker claims what is due for longer than a fetch may take; a row of one that died comes due again by itself. To
//! fetch twice does no harm: the second finds that the file is here.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::TryStreamExt as _;
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::services::{ChannelService, Dependencies, FileService, Uploads};
use crate::{
    domain::{Event, FetchFailure, UPLOAD_LIMIT},
    error::{AppError, Result},
    persistence::{LeasedFetch, Source},
    providers::{Provider, media::FetchError},
};

/// Files that are fetched at once.
const CONCURRENCY: usize = 4;
/// Longer than a fetch and the making of a small picture take.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// The longest sleep: another instance may have stored something without our hearing of it.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
const MIN_BACKOFF: TimeDelta = TimeDelta::seconds(1);
const MAX_BACKOFF: TimeDelta = TimeDelta::minutes(30);
/// With the pauses between them, these take some three hours.
const MAX_ATTEMPTS: i64 = 12;
const SWEEP_INTERVAL: TimeDelta = TimeDelta::hours(6);

/// Use cases of files that come from providers.
#[derive(Clone)]
pub struct MediaService {
    deps: Arc<Dependencies>,
    channels: ChannelService,
    files: FileService,
    permits: Arc<Semaphore>,
}

/// What came of a fetch.
enum Outcome {
    Stored(Uploads),
    Retry(String),
    Lost(FetchFailure),
}

impl MediaService {
    pub(in crate::services) fn new(
        deps: Arc<Dependencies>,
        channels: ChannelService,
        files: FileService,
    ) -> Self {
        Self { deps, channels, files, permits: Arc::new(Semaphore::new(CONCURRENCY)) }
    }

    /// Fetches until `stop`, and cleans up behind what was deleted. Errors are logged and tried again.
    pub async fn run(&self, stop: CancellationToken) {
        let running = TaskTracker::new();
        let mut swept: Option<DateTime<Utc>> = None;
        while !stop.is_cancelled() {
            let pause = self.poll(&running).await.unwrap_or_else(|error| {
                tracing::error!(%error, "the files to fetch could not be read; trying again");
                POLL_INTERVAL
            });
            if let Err(error) = self.files.remove_discarded().await {
                tracing::warn!(%error, "files of what was deleted could not be removed; trying again");
            }
            let now = self.deps.clock.now();
            if swept.is_none_or(|at| now - at >= SWEEP_INTERVAL) {
                swept = Some(now);
                let files = self.files.clone();
                running.spawn(async move {
                    match files.remove_orphans().await {
                        Ok(0) => {}
                        Ok(removed) => tracing::info!(removed, "files that nobody needs were removed"),
                        Err(error) => tracing::warn!(%error, "the store could not be swept"),
                    }
                });
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.deps.database.wake_ups().fetch_due() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        running.close();
        running.wait().await;
    }

    async fn poll(&self, running: &TaskTracker) -> Result<Duration> {
        let free = i64::try_from(self.permits.available_permits()).unwrap_or(0);
        for claimed in self.lease(free).await? {
            let permit = self.permits.clone().acquire_owned().await.map_err(AppError::internal)?;
            let service = self.clone();
            running.spawn(async move {
                if let Err(error) = service.fetch(claimed).await {
                    tracing::error!(%error, file = %claimed.attachment, "what came of a file could not be stored");
                }
                drop(permit);
                // There may be more than one batch.
                service.deps.database.wake_ups().notify_media_worker();
            });
        }
        let next = self.deps.database.read_cross_tenant().await?.next_fetch_due_at().await?;
        let until_due = next.map(|due| (due - self.deps.clock.now()).to_std().unwrap_or_default());
        Ok(until_due.unwrap_or(POLL_INTERVAL).clamp(Duration::from_millis(20), POLL_INTERVAL))
    }

    pub(super) async fn lease(&self, limit: i64) -> Result<Vec<LeasedFetch>> {
        let now = self.deps.clock.now();
        let next = self.deps.database.read_cross_tenant().await?.next_fetch_due_at().await?;
        if limit == 0 || next.is_none_or(|due| due > now) {
            return Ok(Vec::new());
        }
        let mut cross_tenant = self.deps.database.begin_cross_tenant().await?;
        let claimed = cross_tenant.lease_fetches(now, now + LEASE, limit).await?;
        cross_tenant.commit().await?;
        Ok(claimed)
    }

    /// Fetches everything that is due now, one after the other, and says how many there were. For tests and tools.
    ///
    /// # Errors
    /// What keeps an outcome from being stored.
    pub async fn drain(&self) -> Result<usize> {
        let claimed = self.lease(1_000).await?;
        for claim in &claimed {
            self.fetch(*claim).await?;
        }
        Ok(claimed.len())
    }

    /// Fetches one file. No transaction is open meanwhile.
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
        // Deleted since, together with its client.
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
            Err(FetchError::Retry(why)) => return Ok(Outcome::Retry(why)),
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
            Err(error) => Ok(Outcome::Retry(error.to_string())),
        }
    }

    async fn record(&self, claimed: LeasedFetch, source: &Source, outcome: Outcome) -> Result<()> {
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(claimed.tenant).await?;
        let id = claimed.attachment;
        let (changed, kept) = match outcome {
            Outcome::Retry(why) if claimed.attempts < MAX_ATTEMPTS => {
                tracing::info!(why, "a file did not come; trying again");
                tx.attachments_mut().postpone(id, now + backoff(claimed.attempts)).await?;
                (false, None)
            }
            Outcome::Retry(why) => {
                tracing::warn!(why, "a file did not come; giving up");
                (tx.attachments_mut().mark_failed(id, FetchFailure::Gone).await?, None)
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

/// Four times as long each time: media are often there a moment later, and else not soon.
fn backoff(attempts: i64) -> TimeDelta {
    let doublings = u32::try_from((attempts - 1).clamp(0, 10)).unwrap_or(0);
    (MIN_BACKOFF * 4_i32.pow(doublings)).min(MAX_BACKOFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_adds_up_to_hours() {
        let pauses: Vec<_> = (1..MAX_ATTEMPTS).map(backoff).collect();
        assert_eq!(pauses[..3], [1, 4, 16].map(TimeDelta::seconds));
        assert!(pauses.is_sorted());
        let all: TimeDelta = pauses.into_iter().sum();
        assert!((TimeDelta::hours(2)..TimeDelta::hours(4)).contains(&all), "{all}");
    }
}
