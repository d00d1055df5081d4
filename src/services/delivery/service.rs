//! The delivery of outbound messages: the worker's calls to providers, and the status reports of
//! providers.
//!
//! A message is never sent twice silently. A message that certainly did not reach the provider is
//! tried again; one that may have reached it becomes unknown until a report or a user settles it
//! (`docs/adr/0005-delivery-outcomes.md`).

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use crate::services::delivery::queue::{LEASE, SenderKey, worker_state};
use crate::services::delivery::routes::present_recipient;
use crate::services::worker::{Backoff, WorkerState};
use crate::services::{ChannelContext, ChannelService, Dependencies, FileService};
use crate::{
    domain::{
        ChannelError, ChannelId, Direction, Event, Failure, Message, MessageId, MessageStatus,
        ReportedStatus, SuppressionReason,
    },
    error::{AppError, Result},
    persistence::{LeasedDelivery, Snapshot, StatusChange, UnitOfWork},
    providers::{
        NO_RESPONSE, OutboundMessage, Outcome, Provider, Reason, affects_whole_channel, consent_senders,
        registration, sender,
    },
};

/// Pauses between attempts to hand a message to a provider.
const BACKOFF: Backoff = Backoff { min: Duration::from_secs(1), max: Duration::from_mins(1), factor: 2 };
/// The time after which a message that could not be handed over fails.
const RETRY_FOR: TimeDelta = TimeDelta::hours(24);

/// The error code of an unconfirmed delivery: its lease expired, or the provider's response was
/// lost.
pub const DELIVERY_UNCONFIRMED: &str = "unknown";
/// The error code of a message that could not be handed over in time.
pub const RETRIES_EXHAUSTED: &str = "gave-up";
/// The error code of a message whose channel is disabled.
pub const CHANNEL_DISABLED: &str = "channel-disabled";
/// The error code of a message whose channel was removed.
pub const CHANNEL_REMOVED: &str = "channel-removed";
/// The error code of a message whose channel no longer has a number for the transport.
pub const CHANNEL_CHANGED: &str = "channel-changed";

/// The error code of a message whose address was removed from the client, or passed to another client.
pub const ADDRESS_REMOVED: &str = "address-removed";

/// The use cases of delivery.
#[derive(Clone)]
pub struct DeliveryService {
    pub(super) deps: Arc<Dependencies>,
    channels: ChannelService,
    files: FileService,
    pub(super) worker: WorkerState<SenderKey>,
}

impl DeliveryService {
    pub(in crate::services) fn new(
        deps: Arc<Dependencies>,
        channels: ChannelService,
        files: FileService,
    ) -> Self {
        Self { deps, channels, files, worker: worker_state() }
    }

    /// Hands a message to its provider. No transaction is open during the call.
    #[tracing::instrument(name = "deliver", skip_all, fields(tenant = %delivery.tenant, message = %delivery.message,
        attempt = delivery.attempts))]
    pub(super) async fn deliver(&self, delivery: &LeasedDelivery) -> Result<()> {
        let mut delivery = delivery.clone();
        loop {
            let outcome = match self.prepare(&delivery).await {
                Ok(Prepared::Ready(provider, outbound)) => {
                    delivery.recipient.clone_from(&outbound.to);
                    provider.send(&outbound).await
                }
                Ok(Prepared::Undeliverable(code)) => {
                    Outcome::Refused(Reason { code: Some(code.to_owned()), text: String::new() })
                }
                Ok(Prepared::Gone) => return Ok(()),
                Err(error) => {
                    tracing::error!(%error, "a delivery could not be prepared");
                    Outcome::Retry { after: None, reason: Reason { code: None, text: String::new() } }
                }
            };
            let more = matches!(outcome, Outcome::PartAccepted { .. });
            // Each part is recorded before the next one is sent, so that none is sent twice.
            self.record(&delivery, outcome).await?;
            if !more {
                return Ok(());
            }
        }
    }

    /// Collects the data for the provider's call.
    async fn prepare(&self, delivery: &LeasedDelivery) -> Result<Prepared> {
        let mut tx = self.deps.database.read(delivery.tenant).await?;
        let message = tx.messages().find(delivery.message).await?;
        let channel = tx.channels().get(delivery.channel).await?;
        let mut closed = None;
        let mut recipient = None;
        if let Some((message, sealed)) = message.as_ref().zip(channel.as_ref()) {
            recipient = present_recipient(&mut tx, message, &sealed.channel, &delivery.recipient).await?;
            if let Some(recipient) = &recipient {
                let senders = consent_senders(&sealed.channel, message.transport);
                closed = tx.channels().suppression_reason(&senders, message.transport, recipient).await?;
            }
        }
        let mut media = Vec::new();
        if let Some(message) = message.as_ref().filter(|message| !message.attachments.is_empty()) {
            let mut stored: HashMap<_, _> =
                tx.attachments().stored_of(message.id).await?.into_iter().collect();
            for file in &message.attachments {
                if let Some(stored) = stored.remove(&file.id) {
                    media.push(self.files.outbound(file.id, stored)?);
                }
            }
        }
        drop(tx);
        let message = message.filter(|message| message.status.is_pending());
        let Some(message) = message else { return Ok(Prepared::Gone) };
        let Some(sealed) = channel else { return Ok(Prepared::Undeliverable(CHANNEL_REMOVED)) };
        if sealed.channel.disabled_at.is_some() {
            return Ok(Prepared::Undeliverable(CHANNEL_DISABLED));
        }
        let Some(from) = sender(&sealed.channel, message.transport) else {
            return Ok(Prepared::Undeliverable(CHANNEL_CHANGED));
        };
        let Some(recipient) = recipient else { return Ok(Prepared::Undeliverable(ADDRESS_REMOVED)) };
        let provider = registration(&sealed.channel.provider);
        if let Some(suppression) = closed {
            return Ok(Prepared::Undeliverable((provider.suppression_code)(suppression)));
        }
        let status_path = provider.status_path;
        let outbound = OutboundMessage {
            reference: message.callback_reference(),
            transport: message.transport,
            to: recipient,
            from,
            body: message.text,
            whatsapp_template: message.details.whatsapp_template,
            media,
            parts: message.sent_parts,
            status_callback: status_path
                .map(|path| self.deps.public_url.join(path))
                .transpose()
                .map_err(AppError::internal)?,
        };
        Ok(Prepared::Ready(self.channels.provider(&sealed)?, Box::new(outbound)))
    }

    pub(super) async fn record(&self, delivery: &LeasedDelivery, outcome: Outcome) -> Result<()> {
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(delivery.tenant).await?;
        // The message is locked before its delivery, as in status reports, so that the two cannot
        // deadlock.
        tx.messages_mut().lock_for_update(delivery.message).await?;
        let (status, reason, provider_id) = match outcome {
            Outcome::Accepted { provider_id } => (MessageStatus::Sent, None, Some(provider_id)),
            Outcome::PartAccepted { provider_id } => {
                tx.messages_mut().add_sent_part(delivery.message, &provider_id).await?;
                tx.deliveries_mut().extend_lease(delivery.message, now + LEASE).await?;
                return tx.commit().await;
            }
            Outcome::Retry { after, reason } if now - delivery.created_at < RETRY_FOR => {
                let pause = after.unwrap_or_else(|| BACKOFF.pause(delivery.attempts));
                tracing::warn!(?reason, ?pause, "not handed over; trying again");
                let pause = TimeDelta::from_std(pause).map_err(AppError::internal)?;
                let failure = failure(reason, NO_RESPONSE);
                record_channel_error(&mut tx, delivery.channel, &failure, now).await?;
                tx.deliveries_mut().postpone(delivery.message, now + pause).await?;
                return tx.commit().await;
            }
            Outcome::Retry { reason, .. } => (
                MessageStatus::Failed,
                Some(Reason { code: Some(RETRIES_EXHAUSTED.to_owned()), text: reason.text }),
                None,
            ),
            Outcome::Refused(reason) => (MessageStatus::Failed, Some(reason), None),
            Outcome::RecipientUnreachable { reason, suppression } => {
                if let Some(message) = tx.messages().find(delivery.message).await? {
                    suppress(&mut tx, &message, delivery.channel, &delivery.recipient, suppression, now)
                        .await?;
                }
                (MessageStatus::Failed, Some(reason), None)
            }
            Outcome::Unknown(reason) => (
                MessageStatus::Unknown,
                Some(Reason { code: Some(DELIVERY_UNCONFIRMED.to_owned()), text: reason.text }),
                None,
            ),
        };
        tx.deliveries_mut().remove(delivery.message).await?;
        let failure = reason.map(|reason| failure(reason, DELIVERY_UNCONFIRMED));
        if let Some(failure) = &failure {
            tracing::warn!(?failure, status = status.as_str(), "a message was not delivered");
            record_channel_error(&mut tx, delivery.channel, failure, now).await?;
        } else {
            tx.channels_mut().record_success(delivery.channel, now).await?;
        }
        advance_status(&mut tx, delivery.message, status, failure, provider_id, now).await?;
        tx.commit().await
    }

    /// Stores a status report of a provider; returns `false` if it is not about one of our
    /// messages.
    ///
    /// # Errors
    /// Any error; the provider has to try again.
    #[tracing::instrument(name = "report_status", skip_all,
        fields(tenant = %context.tenant.id, channel = %context.channel.id, status = reported.status.as_str()))]
    pub async fn report(&self, context: &ChannelContext, reported: ReportedStatus) -> Result<bool> {
        let now = self.deps.clock.now();
        let channel = context.channel.id;
        let mut tx = self.deps.database.begin(context.tenant.id).await?;
        let mut found = tx.messages().by_provider_id(channel, &reported.provider_id).await?;
        if found.is_none()
            && let Some(reference) = &reported.reference
            && let Some(id) = Message::parse_callback_reference(reference)
        {
            // The report may arrive before the response of the call, so that the provider's id is
            // not stored yet, unless another report is storing it concurrently.
            tx.messages_mut().lock_for_update(id).await?;
            let unnamed = tx.messages().find(id).await?.filter(|message| {
                message.channel == Some(channel) && message.callback_reference() == *reference
            });
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
        tx.messages_mut().lock_for_update(message.id).await?;
        let provider_id = Some(reported.provider_id);
        if let Some(failure) = &reported.failure {
            record_channel_error(&mut tx, channel, failure, now).await?;
        }
        let code = reported.failure.as_ref().map(|failure| failure.code.as_str());
        let suppression =
            code.and_then(|code| (registration(&context.channel.provider).classify)(code).suppression);
        let status =
            advance_status(&mut tx, message.id, reported.status, reported.failure, provider_id, now).await?;
        if status.is_some_and(|status| !status.is_pending()) {
            // The delivery may be waiting for another attempt, because the response said less than
            // the provider knew.
            tx.deliveries_mut().remove(message.id).await?;
        }
        if let Some(suppression) = suppression
            && let Some(to) = &reported.recipient
            && !replied_since(&mut tx, &message, channel, to).await?
        {
            suppress(&mut tx, &message, channel, to, suppression, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// Suppresses the address of a delivery, until the client writes again.
async fn suppress(
    tx: &mut UnitOfWork,
    message: &Message,
    channel: ChannelId,
    to: &str,
    reason: SuppressionReason,
    at: DateTime<Utc>,
) -> Result<()> {
    // A channel that was removed meanwhile has no sender any more.
    let Some(sealed) = tx.channels().get(channel).await? else { return Ok(()) };
    let senders = consent_senders(&sealed.channel, message.transport);
    if tx.channels_mut().suppress(&senders, message.transport, to, reason, at).await?
        && let Some(chat) = tx.chats().get(message.chat).await?
    {
        tx.record(Event::ReachChanged { chat_id: chat.id, client_id: chat.client }, None, at);
    }
    Ok(())
}

/// True if the recipient has written since the message was sent. Such a report may be older than
/// the recipient's START; if the recipient is still opted out, the next message will tell.
async fn replied_since(tx: &mut Snapshot, message: &Message, channel: ChannelId, to: &str) -> Result<bool> {
    let last = tx.chats().last_inbound(message.chat, channel, message.transport, to).await?;
    let out = message.sent_at.or(message.scheduled_at).unwrap_or(message.created_at);
    Ok(last.is_some_and(|last| last > out))
}

/// The state of a delivery before its provider is called.
enum Prepared {
    /// The message can be handed over.
    Ready(Box<dyn Provider>, Box<OutboundMessage>),
    /// The channel cannot send it, for the reason of this error code.
    Undeliverable(&'static str),
    /// The message was deleted together with its client, or the provider has reported a status
    /// already.
    Gone,
}

fn failure(reason: Reason, code: &str) -> Failure {
    Failure {
        code: reason.code.unwrap_or_else(|| code.to_owned()),
        detail: (!reason.text.is_empty()).then_some(reason.text),
    }
}

/// Records an error of the channel as a whole. A recipient's error, such as a phone that is switched off, says nothing
/// about the channel, and that it was disabled, removed or changed is on its page anyway.
async fn record_channel_error(
    tx: &mut UnitOfWork,
    channel: ChannelId,
    failure: &Failure,
    at: DateTime<Utc>,
) -> Result<()> {
    if !affects_whole_channel(&failure.code) {
        return Ok(());
    }
    let error = ChannelError { failure: failure.clone(), at };
    tx.channels_mut().record_failure(channel, &error).await
}

/// Advances the status of a locked message, never backwards, and records an event if it changed. Returns
/// the resulting status.
async fn advance_status(
    tx: &mut UnitOfWork,
    id: MessageId,
    to: MessageStatus,
    failure: Option<Failure>,
    provider_id: Option<String>,
    at: DateTime<Utc>,
) -> Result<Option<MessageStatus>> {
    let Some(message) = tx.messages().find(id).await? else { return Ok(None) };
    let status = message.status.advance(to);
    let moved = status != message.status;
    let failure = if moved { failure } else { message.failure.clone() };
    tx.messages_mut().update_status(id, &StatusChange { status, failure, provider_id, at }).await?;
    if moved {
        if message.status == MessageStatus::Scheduled {
            tx.chats_mut().promote_scheduled_message(&message, status, at).await?;
        }
        tx.chats_mut().update_last_message_status(message.chat, id, status).await?;
        tx.record(Event::MessageStatusChanged { chat_id: message.chat, message_id: id }, None, at);
    }
    Ok(Some(status))
}
