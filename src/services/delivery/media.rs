//! Files that clients send: fetched from the provider after the message was stored, however often it takes.
//!
//! A worker claims what is due for longer than a fetch may take; a row of one that died comes due again by itself. To
//! fetch twice does no harm: the second finds that the file is here.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::TryStreamExt as _;
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::services::{ChannelService, FileService, Foundation, Uploads};
use crate::{
    domain::{Event, LostFile, UPLOAD_LIMIT},
    error::{AppError, Result},
    persistence::{ClaimedFetch, Source},
    providers::{Provider, media::FetchError},
};

/// Files that are fetched at once.
const CONCURRENCY: usize = 4;
/// Longer than a fetch and the making of a small picture take.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// The longest sleep: another instance may have stored something without our hearing of it.
const POLL: Duration = Duration::from_secs(1);
const FIRST_BACKOFF: TimeDelta = TimeDelta::seconds(1);
const LONGEST_BACKOFF: TimeDelta = TimeDelta::minutes(30);
/// With the pauses between them, these take some three hours.
const MOST_ATTEMPTS: i64 = 12;
const SWEEP_EVERY: TimeDelta = TimeDelta::hours(6);

/// Use cases of files that come from providers.
#[derive(Clone)]
pub struct MediaService {
    base: Arc<Foundation>,
    channels: ChannelService,
    files: FileService,
    permits: Arc<Semaphore>,
}

/// What came of a fetch.
enum Outcome {
    Here(Uploads),
    Again(String),
    Lost(LostFile),
}

impl MediaService {
    pub(in crate::services) fn new(
        base: Arc<Foundation>,
        channels: ChannelService,
        files: FileService,
    ) -> Self {
        Self { base, channels, files, permits: Arc::new(Semaphore::new(CONCURRENCY)) }
    }

    /// Fetches until `stop`, and cleans up behind what was deleted. Errors are logged and tried again.
    pub async fn run(&self, stop: CancellationToken) {
        let running = TaskTracker::new();
        let mut swept: Option<DateTime<Utc>> = None;
        while !stop.is_cancelled() {
            let pause = self.round(&running).await.unwrap_or_else(|error| {
                tracing::error!(%error, "the files to fetch could not be read; trying again");
                POLL
            });
            if let Err(error) = self.files.remove_discarded().await {
                tracing::warn!(%error, "files of what was deleted could not be removed; trying again");
            }
            let now = self.base.clock.now();
            if swept.is_none_or(|at| now - at >= SWEEP_EVERY) {
                swept = Some(now);
                let files = self.files.clone();
                running.spawn(async move {
                    match files.sweep().await {
                        Ok(0) => {}
                        Ok(removed) => tracing::info!(removed, "files that nobody needs were removed"),
                        Err(error) => tracing::warn!(%error, "the store could not be swept"),
                    }
                });
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.base.database.bell().fetches() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        running.close();
        running.wait().await;
    }

    async fn round(&self, running: &TaskTracker) -> Result<Duration> {
        let free = i64::try_from(self.permits.available_permits()).unwrap_or(0);
        for claimed in self.claim(free).await? {
            let permit = self.permits.clone().acquire_owned().await.map_err(AppError::internal)?;
            let service = self.clone();
            running.spawn(async move {
                if let Err(error) = service.fetch(claimed).await {
                    tracing::error!(%error, file = %claimed.attachment, "what came of a file could not be stored");
                }
                drop(permit);
                // There may be more than one batch.
                service.base.database.bell().ring_fetcher();
            });
        }
        let next = self.base.database.read_as_operator().await?.directory().next_fetch().await?;
        let until_due = next.map(|due| (due - self.base.clock.now()).to_std().unwrap_or_default());
        Ok(until_due.unwrap_or(POLL).clamp(Duration::from_millis(20), POLL))
    }

    pub(super) async fn claim(&self, limit: i64) -> Result<Vec<ClaimedFetch>> {
        let now = self.base.clock.now();
        let next = self.base.database.read_as_operator().await?.directory().next_fetch().await?;
        if limit == 0 || next.is_none_or(|due| due > now) {
            return Ok(Vec::new());
        }
        let mut operator = self.base.database.begin_as_operator().await?;
        let claimed = operator.directory().claim_fetches(now, now + LEASE, limit).await?;
        operator.commit().await?;
        Ok(claimed)
    }

    /// Fetches everything that is due now, one after the other, and says how many there were. For tests and tools.
    ///
    /// # Errors
    /// What keeps an outcome from being stored.
    pub async fn drain(&self) -> Result<usize> {
        let claimed = self.claim(1_000).await?;
        for claim in &claimed {
            self.fetch(*claim).await?;
        }
        Ok(claimed.len())
    }

    /// Fetches one file. No transaction is open meanwhile.
    #[tracing::instrument(name = "fetch_file", skip_all, fields(tenant = %claimed.tenant, file = %claimed.attachment,
        attempt = claimed.attempts))]
    async fn fetch(&self, claimed: ClaimedFetch) -> Result<()> {
        let mut tx = self.base.database.read(claimed.tenant).await?;
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
            Some(sealed) => self.bring(claimed, &source, self.channels.provider(&sealed)?.as_ref()).await?,
            None => Outcome::Lost(LostFile::Gone),
        };
        self.record(claimed, &source, outcome).await
    }

    async fn bring(
        &self,
        claimed: ClaimedFetch,
        source: &Source,
        provider: &dyn Provider,
    ) -> Result<Outcome> {
        let fetched = match provider.fetch(&source.url).await {
            Ok(fetched) => fetched,
            Err(FetchError::Again(why)) => return Ok(Outcome::Again(why)),
            Err(FetchError::Gone) => return Ok(Outcome::Lost(LostFile::Gone)),
            Err(FetchError::TooLarge) => return Ok(Outcome::Lost(LostFile::TooLarge)),
            Err(FetchError::Refused(why)) => {
                tracing::warn!(why, "a file is not fetched from where it is said to be");
                return Ok(Outcome::Lost(LostFile::Refused));
            }
        };
        if fetched.length().is_some_and(|length| length > UPLOAD_LIMIT) {
            return Ok(Outcome::Lost(LostFile::TooLarge));
        }
        let name = fetched.name().unwrap_or_else(|| source.name.clone());
        let mut uploads = self.files.uploads_of(claimed.tenant);
        let content = fetched.content().map_err(AppError::internal);
        match uploads.take(&name, content, UPLOAD_LIMIT).await {
            Ok(()) => Ok(Outcome::Here(uploads)),
            Err(AppError::TooLarge) => Ok(Outcome::Lost(LostFile::TooLarge)),
            Err(error) => Ok(Outcome::Again(error.to_string())),
        }
    }

    async fn record(&self, claimed: ClaimedFetch, source: &Source, outcome: Outcome) -> Result<()> {
        let now = self.base.clock.now();
        let mut tx = self.base.database.begin(claimed.tenant).await?;
        let id = claimed.attachment;
        let (changed, kept) = match outcome {
            Outcome::Again(why) if claimed.attempts < MOST_ATTEMPTS => {
                tracing::info!(why, "a file did not come; trying again");
                tx.attachments().postpone(id, now + backoff(claimed.attempts)).await?;
                (false, None)
            }
            Outcome::Again(why) => {
                tracing::warn!(why, "a file did not come; giving up");
                (tx.attachments().lose(id, LostFile::Gone).await?, None)
            }
            Outcome::Lost(why) => (tx.attachments().lose(id, why).await?, None),
            Outcome::Here(uploads) => match uploads.files() {
                [file] => (tx.attachments().arrive(id, file).await?, Some(uploads)),
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
            uploads.keep();
        }
        tx.commit().await
    }
}

/// Four times as long each time: media are often there a moment later, and else not soon.
fn backoff(attempts: i64) -> TimeDelta {
    let doublings = u32::try_from((attempts - 1).clamp(0, 10)).unwrap_or(0);
    (FIRST_BACKOFF * 4_i32.pow(doublings)).min(LONGEST_BACKOFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_hours_in_all() {
        let pauses: Vec<_> = (1..MOST_ATTEMPTS).map(backoff).collect();
        assert_eq!(pauses[..3], [1, 4, 16].map(TimeDelta::seconds));
        assert!(pauses.is_sorted());
        let all: TimeDelta = pauses.into_iter().sum();
        assert!((TimeDelta::hours(2)..TimeDelta::hours(4)).contains(&all), "{all}");
    }
}
