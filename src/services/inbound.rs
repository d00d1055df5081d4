//! What clients write: stored with its sender, chat and event in one transaction, or not acknowledged at all.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{ChannelContext, Foundation};
use crate::{
    domain::{
        ChatId, Client, ClientId, ContactId, ContactValue, Direction, Event, MessageId, MessageStatus,
        MessageText, NewClient, NewMessage, PhoneNumber, Sender, Transport,
    },
    error::{AppError, Conflict, Result},
    persistence::{InboundMedia, Tx},
};

/// Use cases of inbound messages.
#[derive(Clone)]
pub struct InboundService {
    base: Arc<Foundation>,
}

/// A message as a provider delivered it.
#[derive(Debug, Clone)]
pub struct InboundMessage {
    /// The provider's id: what makes a repeat a repeat.
    pub provider_id: String,
    /// How it travelled.
    pub transport: Transport,
    /// Who sent it, as the provider writes it: E.164, a short code, an opaque id.
    pub from: String,
    /// The name that the sender gave itself.
    pub profile_name: Option<String>,
    /// What the transport knows of the sender; kept with the member.
    pub sender_data: Option<Value>,
    /// The text; may be empty when there are files.
    pub text: MessageText,
    /// The files, still at the provider.
    pub media: Vec<InboundMedia>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It was stored.
    Stored {
        /// Its chat.
        chat: ChatId,
        /// Its id.
        message: MessageId,
    },
    /// It had been stored before; nothing changed.
    Repeat,
}

impl InboundService {
    pub(super) fn new(base: Arc<Foundation>) -> Self {
        Self { base }
    }

    /// Stores a message: receipt, client, contact, chat, member, message and event, all or nothing.
    ///
    /// # Errors
    /// [`AppError::BadSignature`] by a channel that is switched off; whatever else keeps it from being stored, and then
    /// the provider must be told to try again.
    #[tracing::instrument(name = "receive_message", skip_all,
        fields(tenant = %context.tenant.id, channel = %context.channel.id, transport = message.transport.as_str()))]
    pub async fn receive(&self, context: &ChannelContext, message: &InboundMessage) -> Result<Received> {
        let now = self.base.clock.now();
        let channel = context.channel.id;
        if context.channel.disabled_at.is_some() {
            return Err(AppError::BadSignature);
        }
        let mut tx = self.base.database.begin(context.tenant.id).await?;
        if !tx.channels().receive(channel, &message.provider_id, now).await? {
            return Ok(Received::Repeat);
        }
        let address = ContactValue::from_provider(message.transport.contact_type(), &message.from)
            .map_err(|problem| AppError::invalid("From", problem))?;
        tx.clients().claim(&[address.value()]).await?;
        let client = self.held(&mut tx, message, &address).await?;
        let contact = contact(&mut tx, client, &address, now).await?;
        let (chat, made) = tx.chats().find_or_create(client, now).await?;
        if made {
            tx.record(Event::ChatCreated { chat_id: chat, client_id: client }, None, now);
        }
        tx.chats().lock(chat).await?;
        let sender = Sender::Client { client, contact, address: message.from.clone() };
        let member =
            tx.chats().member(chat, message.transport, &sender, message.sender_data.as_ref(), now).await?;
        let new = NewMessage {
            chat,
            member,
            direction: Direction::Inbound,
            transport: message.transport,
            channel,
            text: message.text.clone(),
            status: MessageStatus::Received,
            provider_id: Some(message.provider_id.clone()),
            idempotency_key: None,
            scheduled_at: None,
            created_at: now,
        };
        let id = tx.messages().create(&new, &message.media).await?;
        tx.chats().bump(id, &new).await?;
        tx.record(Event::MessageReceived { chat_id: chat, message_id: id, client_id: client }, None, now);
        tx.commit().await?;
        Ok(Received::Stored { chat, message: id })
    }

    /// The client that wrote, which from now on nobody merges into another or deletes.
    async fn held(&self, tx: &mut Tx, message: &InboundMessage, address: &ContactValue) -> Result<ClientId> {
        loop {
            let client = self.client(tx, message, address).await?;
            if tx.clients().hold(client).await? {
                return Ok(client);
            }
            // It was merged or deleted in this moment; who has the address now is seen by looking again.
        }
    }

    /// The client that wrote, made when nobody has the address.
    async fn client(
        &self,
        tx: &mut Tx,
        message: &InboundMessage,
        address: &ContactValue,
    ) -> Result<ClientId> {
        if let Some(found) = tx.clients().find_by_address(address).await? {
            return Ok(found);
        }
        let now = self.base.clock.now();
        let id = match tx.clients().create(&stranger(message)?, now).await {
            Ok(id) => id,
            // Another webhook of the same stranger was quicker.
            Err(AppError::Conflict(Conflict { client: Some(other), .. })) => return Ok(other),
            Err(error) => return Err(error),
        };
        if contact(tx, id, address, now).await?.is_none()
            && let Some((other, _)) = tx.clients().find_contact(address).await?
        {
            // It was quicker, and the stranger's address is not a phone, so that only the contact gave it away.
            tx.clients().delete(id).await?;
            return Ok(other);
        }
        tx.record(Event::ClientCreated { client_id: id }, None, now);
        Ok(id)
    }
}

/// A client about whom nothing is known but an address and perhaps a name.
fn stranger(message: &InboundMessage) -> Result<NewClient> {
    let phone = PhoneNumber::parse_e164(&message.from).ok();
    let own_name = message.profile_name.as_deref().map(printable).filter(|name| !name.is_empty());
    let name = own_name
        .or_else(|| phone.as_ref().map(PhoneNumber::international))
        .unwrap_or_else(|| message.from.clone());
    let builder = Client::builder(&name);
    Ok(match phone {
        Some(phone) => builder.phone(phone).build()?,
        None => builder.build()?,
    })
}

/// A name as a provider sends it, made fit for a name field.
fn printable(name: &str) -> String {
    let kept: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(255).collect();
    kept.trim().to_owned()
}

/// The client's contact of this address, added when nobody has it.
async fn contact(
    tx: &mut Tx,
    client: ClientId,
    address: &ContactValue,
    at: DateTime<Utc>,
) -> Result<Option<ContactId>> {
    if let Some((owner, found)) = tx.clients().find_contact(address).await? {
        return Ok((owner == client).then_some(found.id));
    }
    tx.clients().lock(client).await?;
    let added = tx.clients().add_contact(client, address, at).await?;
    if let Some(stored) = tx.clients().get(client).await? {
        tx.clients().refresh_search(&stored).await?;
    }
    Ok(added)
}
