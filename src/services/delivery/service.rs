//! The way out: the worker that hands queued messages to providers, and what providers report of them afterwards.
//!
//! A message is never sent twice silently. What surely did not reach the provider is tried again; what may have
//! reached it is shown as unknown until a report or a person settles it (`docs/adr/0005-unknown-fate.md`).

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::services::delivery::fair_scheduler::Lanes;
use crate::services::{
    ChannelContext, ChannelService, FileService, Foundation, NO_ANSWER, channels::service::is_own_fault,
};
use crate::{
    domain::{
        ChannelError, ChannelId, Closing, Direction, Event, Failure, Message, MessageId, MessageStatus,
    },
    error::{AppError, Result},
    persistence::{ClaimedDelivery, DueChannel, StatusReport, Tx},
    providers::{Outbound, Outcome, Provider, Reason, registration, sender},
};

/// Deliveries that are under way at once.
const CONCURRENCY: usize = 32;
/// Longer than a provider's call may take, so that only a worker that died lets a lease run out.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// The longest sleep: another instance may have queued something without our hearing of it.
const POLL: Duration = Duration::from_secs(1);
const FIRST_BACKOFF: Duration = Duration::from_secs(1);
const LONGEST_BACKOFF: Duration = Duration::from_mins(1);
/// A message that could not be handed over for so long fails.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(24);

/// The code of a failure for which no provider has one: its lease ran out, or its answer never came.
pub const UNKNOWN_FATE: &str = "unknown";
/// The code of a message that could not be handed over in time.
pub const GAVE_UP: &str = "gave-up";
/// The code of a message whose channel is switched off.
pub const CHANNEL_DISABLED: &str = "channel-disabled";
/// The code of a message whose channel was removed.
pub const CHANNEL_REMOVED: &str = "channel-removed";
/// The code of a message whose channel has no number for its transport any more.
pub const CHANNEL_CHANGED: &str = "channel-changed";

/// Use cases of delivery.
#[derive(Clone)]
pub struct DeliveryService {
    base: Arc<Foundation>,
    channels: ChannelService,
    files: FileService,
    permits: Arc<Semaphore>,
    lanes: Lanes,
}

/// A provider's report about a message that it took.
#[derive(Debug, Clone)]
pub struct ReportedStatus {
    /// The provider's id of the message.
    pub provider_id: String,
    /// The reference that we gave with the message; finds it when the report comes before the API's answer.
    pub reference: Option<String>,
    /// To whom it went, where that is said.
    pub recipient: Option<String>,
    /// The status.
    pub status: MessageStatus,
    /// Why it failed.
    pub failure: Option<Failure>,
}

impl DeliveryService {
    pub(in crate::services) fn new(
        base: Arc<Foundation>,
        channels: ChannelService,
        files: FileService,
    ) -> Self {
        Self {
            base,
            channels,
            files,
            permits: Arc::new(Semaphore::new(CONCURRENCY)),
            lanes: Lanes::default(),
        }
    }

    /// Delivers until `stop`, then finishes what is under way. Errors are logged and tried again: a worker that died
    /// silently would look like a provider that does not answer.
    pub async fn run(&self, stop: CancellationToken) {
        let running = TaskTracker::new();
        while !stop.is_cancelled() {
            let pause = match self.round(&running).await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::error!(%error, "the delivery worker could not read the outbox; trying again");
                    POLL
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.base.database.bell().deliveries() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        running.close();
        running.wait().await;
    }

    /// Claims what is due and starts it; how long to sleep if nothing happens.
    async fn round(&self, running: &TaskTracker) -> Result<Duration> {
        self.settle_lost().await?;
        let now = self.base.clock.now();
        let free = self.permits.available_permits();
        if free == 0 {
            return Ok(POLL);
        }
        let claimed = self.claim(free).await?;
        let none = claimed.is_empty();
        for delivery in claimed {
            let permit = self.permits.clone().acquire_owned().await.map_err(AppError::internal)?;
            let (service, under_way) = (self.clone(), self.lanes.under_way(delivery.channel));
            running.spawn(async move {
                if let Err(error) = service.deliver(&delivery).await {
                    tracing::error!(%error, message = %delivery.message, "a delivery's outcome could not be stored");
                }
                drop(permit);
                drop(under_way);
                // There may be more than one batch.
                service.base.database.bell().ring_worker();
            });
        }
        let until_due = self.next_due().await?.map(|due| (due - now).to_std().unwrap_or_default());
        // What is due and was not taken waits for its channel's allowance, or for one that is under way.
        let soonest = Duration::from_millis(if none { 100 } else { 20 });
        Ok(until_due.unwrap_or(POLL).clamp(soonest, POLL))
    }

    /// Takes up to `most` deliveries that are due: fair to workspaces, and no more than each channel's provider takes. They
    /// are this worker's until their lease runs out.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database is away.
    pub async fn claim(&self, most: usize) -> Result<Vec<ClaimedDelivery>> {
        let now = self.base.clock.now();
        if self.next_due().await?.is_none_or(|due| due > now) {
            return Ok(Vec::new());
        }
        let due = self.base.database.read_as_operator().await?.directory().due_channels(now).await?;
        let shares = self.lanes.share(&due, most, Instant::now());
        if shares.is_empty() {
            return Ok(Vec::new());
        }
        let mut operator = self.base.database.begin_as_operator().await?;
        let mut claimed = Vec::new();
        for (DueChannel { tenant, channel, .. }, share) in shares {
            let limit = i64::try_from(share).map_err(AppError::internal)?;
            claimed.extend(
                operator.directory().claim_deliveries((tenant, channel), now, now + LEASE, limit).await?,
            );
        }
        operator.commit().await?;
        for delivery in &claimed {
            self.lanes.took(delivery.channel, 1);
        }
        Ok(claimed)
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>> {
        self.base.database.read_as_operator().await?.directory().next_delivery().await
    }

    /// Delivers everything that is due now, one after the other and however much a provider takes, and says how many there
    /// were. For tests and tools.
    ///
    /// # Errors
    /// What keeps an outcome from being stored.
    pub async fn drain(&self) -> Result<usize> {
        self.settle_lost().await?;
        let now = self.base.clock.now();
        let mut count = 0;
        loop {
            let mut operator = self.base.database.begin_as_operator().await?;
            let mut claimed = Vec::new();
            for due in operator.directory().due_channels(now).await? {
                let of = (due.tenant, due.channel);
                claimed.extend(operator.directory().claim_deliveries(of, now, now + LEASE, 1_000).await?);
            }
            operator.commit().await?;
            if claimed.is_empty() {
                return Ok(count);
            }
            count += claimed.len();
            for delivery in &claimed {
                self.deliver(delivery).await?;
            }
        }
    }

    /// Hands one message to its provider. No transaction is open meanwhile.
    #[tracing::instrument(name = "deliver", skip_all, fields(tenant = %delivery.tenant, message = %delivery.message,
        attempt = delivery.attempts))]
    async fn deliver(&self, delivery: &ClaimedDelivery) -> Result<()> {
        loop {
            let outcome = match self.prepare(delivery).await {
                Ok(Prepared::Ready(provider, outbound)) => provider.send(&outbound).await,
                Ok(Prepared::NoWay(code)) => {
                    Outcome::Refused(Reason { code: Some(code.to_owned()), text: String::new() })
                }
                Ok(Prepared::Gone) => return Ok(()),
                Err(error) => {
                    tracing::error!(%error, "a delivery could not be prepared");
                    Outcome::Retry { after: None, reason: Reason { code: None, text: String::new() } }
                }
            };
            let more = matches!(outcome, Outcome::Part { .. });
            // Each part is recorded before the next goes out, so that none goes twice.
            self.record(delivery, outcome).await?;
            if !more {
                return Ok(());
            }
        }
    }

    /// All that the call needs; nothing has reached the provider yet.
    async fn prepare(&self, delivery: &ClaimedDelivery) -> Result<Prepared> {
        let mut tx = self.base.database.read(delivery.tenant).await?;
        let message = tx.messages().find(delivery.message).await?;
        let parts = tx.messages().parts(delivery.message).await?;
        let channel = tx.channels().get(delivery.channel).await?;
        let closed = match &message {
            Some(message) => {
                let (channel, to) = (delivery.channel, delivery.recipient.as_str());
                tx.channels().closed_way(channel, message.transport, to).await?
            }
            None => None,
        };
        let mut media = Vec::new();
        for file in message.iter().flat_map(|message| &message.attachments) {
            if let Some(stored) = tx.attachments().stored(file.id).await? {
                media.push(self.files.outbound(file.id, stored)?);
            }
        }
        drop(tx);
        let message = message.filter(|message| message.status.is_to_be_sent());
        let Some(message) = message else { return Ok(Prepared::Gone) };
        let Some(sealed) = channel else { return Ok(Prepared::NoWay(CHANNEL_REMOVED)) };
        if sealed.channel.disabled_at.is_some() {
            return Ok(Prepared::NoWay(CHANNEL_DISABLED));
        }
        let Some(from) = sender(&sealed.channel, message.transport) else {
            return Ok(Prepared::NoWay(CHANNEL_CHANGED));
        };
        let provider = registration(sealed.channel.provider);
        if let Some(why) = closed {
            return Ok(Prepared::NoWay(provider.closed_code(why)));
        }
        let status_path = provider.status_path;
        let outbound = Outbound {
            reference: message.reference(),
            transport: message.transport,
            to: delivery.recipient.clone(),
            from,
            body: message.text,
            approved: message.details.approved,
            media,
            parts,
            status_callback: status_path
                .map(|path| self.base.public_url.join(path))
                .transpose()
                .map_err(AppError::internal)?,
        };
        Ok(Prepared::Ready(self.channels.provider(&sealed)?, Box::new(outbound)))
    }

    async fn record(&self, delivery: &ClaimedDelivery, outcome: Outcome) -> Result<()> {
        let now = self.base.clock.now();
        let mut tx = self.base.database.begin(delivery.tenant).await?;
        // Before its delivery, as reports do, so that the two can't wait for each other.
        tx.messages().lock(delivery.message).await?;
        let (status, reason, provider_id) = match outcome {
            Outcome::Accepted { provider_id } => (MessageStatus::Sent, None, Some(provider_id)),
            Outcome::Part { provider_id } => {
                tx.messages().add_part(delivery.message, &provider_id).await?;
                tx.deliveries().renew(delivery.message, now + LEASE).await?;
                return tx.commit().await;
            }
            Outcome::Retry { after, reason } if now - delivery.created_at < GIVE_UP_AFTER => {
                let pause = after.unwrap_or_else(|| backoff(delivery.attempts));
                tracing::warn!(?reason, ?pause, "not handed over; trying again");
                let pause = TimeDelta::from_std(pause).map_err(AppError::internal)?;
                let failure = failure(reason, NO_ANSWER);
                note(&mut tx, delivery.channel, &failure, now).await?;
                tx.deliveries().postpone(delivery.message, now + pause).await?;
                return tx.commit().await;
            }
            Outcome::Retry { reason, .. } => (
                MessageStatus::Failed,
                Some(Reason { code: Some(GAVE_UP.to_owned()), text: reason.text }),
                None,
            ),
            Outcome::Refused(reason) => (MessageStatus::Failed, Some(reason), None),
            Outcome::Closed { reason, why } => {
                if let Some(message) = tx.messages().find(delivery.message).await? {
                    close(&mut tx, &message, delivery.channel, &delivery.recipient, why, now).await?;
                }
                (MessageStatus::Failed, Some(reason), None)
            }
            Outcome::Unknown(reason) => (
                MessageStatus::Unknown,
                Some(Reason { code: Some(UNKNOWN_FATE.to_owned()), text: reason.text }),
                None,
            ),
        };
        tx.deliveries().remove(delivery.message).await?;
        let failure = reason.map(|reason| failure(reason, UNKNOWN_FATE));
        if let Some(failure) = &failure {
            tracing::warn!(?failure, status = status.as_str(), "a message was not delivered");
            note(&mut tx, delivery.channel, failure, now).await?;
        } else {
            tx.channels().worked(delivery.channel).await?;
        }
        advance(&mut tx, delivery.message, status, failure, provider_id, now).await?;
        tx.commit().await
    }

    /// Marks as unknown what a worker that died was holding: it may have called the provider, or not.
    async fn settle_lost(&self) -> Result<()> {
        let now = self.base.clock.now();
        let lost = self.base.database.read_as_operator().await?.directory().lost_deliveries(now, 100).await?;
        for delivery in lost {
            self.record(&delivery, Outcome::Unknown(Reason { code: None, text: String::new() })).await?;
        }
        Ok(())
    }

    /// Stores what a provider reports of a message; `false` when it is about none of ours.
    ///
    /// # Errors
    /// What keeps it from being stored; the provider must be told to try again.
    #[tracing::instrument(name = "report_status", skip_all,
        fields(tenant = %context.tenant.id, channel = %context.channel.id, status = reported.status.as_str()))]
    pub async fn report(&self, context: &ChannelContext, reported: ReportedStatus) -> Result<bool> {
        let now = self.base.clock.now();
        let channel = context.channel.id;
        let mut tx = self.base.database.begin(context.tenant.id).await?;
        let mut found = tx.messages().by_provider_id(channel, &reported.provider_id).await?;
        if found.is_none()
            && let Some(reference) = &reported.reference
            && let Some(id) = Message::referred(reference)
        {
            // A report that was quicker than the API's answer: the message does not know its provider id yet, unless
            // another report is telling it right now.
            tx.messages().lock(id).await?;
            let unnamed = tx
                .messages()
                .find(id)
                .await?
                .filter(|message| message.channel == Some(channel) && message.reference() == *reference);
            found = match unnamed {
                Some(message) => {
                    let known = tx.messages().provider_id(id).await?;
                    known.is_none_or(|known| known == reported.provider_id).then_some(message)
                }
                None => None,
            };
        }
        let Some(message) = found.filter(|message| message.direction == Direction::Outbound) else {
            return Ok(false);
        };
        let provider_id = Some(reported.provider_id);
        if let Some(failure) = &reported.failure {
            note(&mut tx, channel, failure, now).await?;
        }
        let code = reported.failure.as_ref().map(|failure| failure.code.as_str());
        let closing = code.and_then(|code| registration(context.channel.provider).closing(code));
        let status =
            advance(&mut tx, message.id, reported.status, reported.failure, provider_id, now).await?;
        if status.is_some_and(|status| !status.is_to_be_sent()) {
            // It may wait to be tried again, for an answer that said less than the provider knew.
            tx.deliveries().remove(message.id).await?;
        }
        if let Some(why) = closing
            && let Some(to) = &reported.recipient
            && !answered_since(&mut tx, &message, channel, to).await?
        {
            close(&mut tx, &message, channel, to, why, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// Notes that nothing can be sent to where a delivery went, until they write again.
async fn close(
    tx: &mut Tx,
    message: &Message,
    channel: ChannelId,
    to: &str,
    why: Closing,
    at: DateTime<Utc>,
) -> Result<()> {
    if tx.channels().close_way(channel, message.transport, to, why, at).await?
        && let Some(chat) = tx.chats().get(message.chat).await?
    {
        tx.record(Event::ReachChanged { chat_id: chat.id, client_id: chat.client }, None, at);
    }
    Ok(())
}

/// Whether the recipient has written since a message went out. A report that comes after that may be older than their
/// START; if they are still closed, the next message tells.
async fn answered_since(tx: &mut Tx, message: &Message, channel: ChannelId, to: &str) -> Result<bool> {
    let last = tx.chats().last_inbound(message.chat, channel, message.transport, to).await?;
    let out = message.sent_at.or(message.scheduled_at).unwrap_or(message.created_at);
    Ok(last.is_some_and(|last| last > out))
}

/// What became of a delivery before its provider is called.
enum Prepared {
    /// It can be handed over.
    Ready(Box<dyn Provider>, Box<Outbound>),
    /// Its channel can't take it any more, for the reason of this code.
    NoWay(&'static str),
    /// Deleted since, together with its client; or the provider has reported that it has it.
    Gone,
}

fn failure(reason: Reason, code: &str) -> Failure {
    Failure {
        code: reason.code.unwrap_or_else(|| code.to_owned()),
        detail: (!reason.text.is_empty()).then_some(reason.text),
    }
}

/// Remembers what went wrong on the channel, unless it was switched off or changed, which its page says anyway.
async fn note(tx: &mut Tx, channel: ChannelId, failure: &Failure, at: DateTime<Utc>) -> Result<()> {
    if [CHANNEL_DISABLED, CHANNEL_REMOVED, CHANNEL_CHANGED].contains(&failure.code.as_str()) {
        return Ok(());
    }
    let error = ChannelError { failure: failure.clone(), at };
    tx.channels().failed(channel, &error, is_own_fault(&failure.code)).await
}

/// The path that providers post inbound messages to, below the public URL.
pub const TWILIO_INBOUND_PATH: &str = "/crm/webhooks/twilio";

/// Moves a message's status forward, never backwards, and tells of it if anything changed; the status that it has now.
async fn advance(
    tx: &mut Tx,
    id: MessageId,
    to: MessageStatus,
    failure: Option<Failure>,
    provider_id: Option<String>,
    at: DateTime<Utc>,
) -> Result<Option<MessageStatus>> {
    tx.messages().lock(id).await?;
    let Some(message) = tx.messages().find(id).await? else { return Ok(None) };
    let status = message.status.advance(to);
    let moved = status != message.status;
    let failure = if moved { failure } else { message.failure.clone() };
    tx.messages().report(id, &StatusReport { status, failure, provider_id, at }).await?;
    if moved {
        if message.status == MessageStatus::Scheduled {
            tx.chats().lift(&message, status, at).await?;
        }
        tx.chats().follow_status(message.chat, id, status).await?;
        tx.record(Event::MessageStatusChanged { chat_id: message.chat, message_id: id }, None, at);
    }
    Ok(Some(status))
}

/// How long to wait before the next attempt: doubling, bounded, and spread so that a provider that comes back is not
/// met by everyone at once.
fn backoff(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(16);
    let longest = FIRST_BACKOFF.saturating_mul(1 << doublings).min(LONGEST_BACKOFF);
    longest.mul_f64(rand::random_range(0.75..=1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_to_a_minute_and_never_in_step() {
        for (attempts, most) in [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (1_000, 60)] {
            let pause = backoff(attempts);
            let most = Duration::from_secs(most);
            assert!(pause <= most && pause >= most.mul_f64(0.75), "{attempts}: {pause:?}");
        }
    }
}
