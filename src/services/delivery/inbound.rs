//! Inbound messages: a message is stored with its sender, chat and event in one transaction, or it
//! is not acknowledged.

use std::sync::Arc;

use crate::services::delivery::inbound_sender;
use crate::services::{ChannelContext, Dependencies};
use crate::{
    domain::{
        ChannelId, ChatId, Consent, ContactValue, Direction, Event, InboundMessage, Locale, MessageId,
        MessageStatus, MessageText, NewMessage, PhoneNumber, Quote, Sender, SuppressionReason,
    },
    error::{AppError, Result},
    persistence::{Snapshot, UnitOfWork},
    providers::{consent_senders, registration},
};

/// The use cases of inbound messages.
#[derive(Clone)]
pub struct InboundService {
    pub(super) deps: Arc<Dependencies>,
}

/// The result of receiving a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// The message was stored.
    Stored {
        /// The chat of the message.
        chat: ChatId,
        /// The id of the message.
        message: MessageId,
    },
    /// The message was stored before; nothing changed.
    Duplicate,
    /// The message linked a Telegram account to a user, who receives notifications in this language
    /// from now on.
    AccountLinked(Locale),
    /// The message came from a user's linked account, and is not stored.
    FromStaff,
}

impl InboundService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Stores a message with its receipt, client, contact, chat, member and event in one
    /// transaction.
    ///
    /// # Errors
    /// [`AppError::BadSignature`] if the channel is disabled. After any other error the provider
    /// has to try again.
    #[tracing::instrument(name = "receive_message", skip_all,
        fields(tenant = %context.tenant.id, channel = %context.channel.id, transport = message.transport.as_str()))]
    pub async fn receive(&self, context: &ChannelContext, message: &InboundMessage) -> Result<Received> {
        let now = self.deps.clock.now();
        if context.channel.disabled_at.is_some() {
            return Err(AppError::BadSignature);
        }
        let mut tx = self.deps.database.begin(context.tenant.id).await?;
        if !tx.channels_mut().deduplicate(context.channel.id, message.receipt(), now).await? {
            return Ok(Received::Duplicate);
        }
        if let Some(received) = self.receive_from_staff(&mut tx, context, message).await? {
            tx.commit().await?;
            return Ok(received);
        }
        lock_sender(&mut tx, message).await?;
        if message.receipt.is_some()
            && let Some(stored) =
                tx.messages().by_provider_id(context.channel.id, &message.provider_id).await?
        {
            // An edit of the message arrived first.
            self.store_original(&mut tx, &stored, message).await?;
            tx.commit().await?;
            return Ok(Received::Duplicate);
        }
        let (chat, id) = self.store(&mut tx, context, message).await?;
        tx.commit().await?;
        Ok(Received::Stored { chat, message: id })
    }

    /// Stores a message that is not stored yet. [`lock_sender`] must have been called.
    pub(super) async fn store(
        &self,
        tx: &mut UnitOfWork,
        context: &ChannelContext,
        message: &InboundMessage,
    ) -> Result<(ChatId, MessageId)> {
        let now = self.deps.clock.now();
        let channel = context.channel.id;
        let kind = message.transport.contact_type();
        let address = ContactValue::from_provider(kind, &message.from)
            .map_err(|problem| AppError::invalid("From", problem))?;
        let aliases: Vec<_> = message
            .aliases
            .iter()
            .filter_map(|alias| ContactValue::from_provider(kind, alias).ok())
            .collect();
        let username = message.username.as_deref().map(str::to_lowercase);
        let invited = self.invited(tx, context, message).await?;
        let (client, contact) = self.lock_client(tx, message, &address, &aliases, invited).await?;
        let contact = match contact {
            Some(known) => Some(known),
            None => inbound_sender::contact(tx, client, &address, now).await?,
        };
        for alias in &aliases {
            inbound_sender::claim_alias(tx, client, alias, now).await?;
        }
        if let Some(username) = &username {
            inbound_sender::add_username(tx, client, username, now).await?;
        }
        let (chat, made) = tx.chats_mut().find_or_create(client, now).await?;
        if made {
            tx.record(Event::ChatCreated { chat_id: chat, client_id: client }, None, now);
        }
        let country = PhoneNumber::from_stored(&message.from).ok().and_then(|number| number.country());
        if let Some(country) = country.filter(|country| *country != context.tenant.country) {
            tx.workspace_mut().add_inbound_country(country).await?;
        }
        let sender = Sender::Client { client, contact, address: message.from.clone() };
        let member = tx
            .chats_mut()
            .find_or_create_member(chat, message.transport, &sender, message.sender_data.as_ref(), now)
            .await?;
        let mut text = message.text.clone();
        let mut details = message.details.clone();
        if let Some(answered) = &message.reply_to {
            details.quote = quote(tx, channel, chat, answered).await?;
        }
        if let Some(invited) = invited {
            tx.channels_mut().delete_invitations(channel, invited, now).await?;
            details.invited = (invited != client).then_some(invited);
            // The code of the invite link is of no interest to users.
            text = MessageText::from_provider("/start");
        }
        let new = NewMessage {
            chat,
            member,
            direction: Direction::Inbound,
            transport: message.transport,
            channel,
            text,
            details,
            status: MessageStatus::Received,
            provider_id: Some(message.provider_id.clone()),
            idempotency_key: None,
            scheduled_at: None,
            sent_at: message.sent_at,
            created_at: now,
        };
        let id = tx.messages_mut().create(&new, &message.media).await?;
        if let Some(changed_at) = message.changed_at {
            tx.messages_mut().edit(id, &new.text, &new.details, changed_at).await?;
        }
        tx.chats_mut().set_last_message(id, &new).await?;
        let may_start = registration(&context.channel.provider).capabilities.may_start;
        let (transport, from) = (message.transport, message.from.as_str());
        let senders = consent_senders(&context.channel, transport);
        let changed = match message.consent {
            Some(Consent::Stop) => {
                tx.channels_mut()
                    .suppress(&senders, transport, from, SuppressionReason::OptedOut, now)
                    .await?
            }
            Some(Consent::Start) => tx.channels_mut().lift_suppression(&senders, transport, from).await?,
            // On a transport on which the client has to write first, an inbound message lifts a
            // suppression.
            None => !may_start && tx.channels_mut().lift_suppression(&senders, transport, from).await?,
        };
        if changed {
            tx.record(Event::ReachChanged { chat_id: chat, client_id: client }, None, now);
        }
        tx.record(Event::MessageReceived { chat_id: chat, message_id: id, client_id: client }, None, now);
        Ok((chat, id))
    }
}

/// The quoted message, if it is stored in this chat.
async fn quote(tx: &mut Snapshot, channel: ChannelId, chat: ChatId, answered: &str) -> Result<Option<Quote>> {
    let found = tx.messages().by_provider_id(channel, answered).await?;
    Ok(found.filter(|message| message.chat == chat).map(|message| {
        let text = MessageText::from_provider(&message.text).preview();
        let file = message.attachments.into_iter().next().map(|file| file.name);
        Quote {
            message: message.id,
            text: Some(text).filter(|text| !text.is_empty()).or(file).unwrap_or_default(),
        }
    }))
}

/// Locks the sender's address, so that concurrent webhooks of the same sender wait. Otherwise a
/// message and its edit could both find that the other is not stored.
pub(super) async fn lock_sender(tx: &mut UnitOfWork, message: &InboundMessage) -> Result<()> {
    let address = ContactValue::from_provider(message.transport.contact_type(), &message.from)
        .map_err(|problem| AppError::invalid("From", problem))?;
    let username = message.username.as_deref().map(str::to_lowercase);
    let own = [Some(address.value()), username.as_deref()].into_iter().flatten();
    let claims: Vec<_> = own.chain(message.aliases.iter().map(String::as_str)).collect();
    tx.clients_mut().lock_values(&claims).await
}
