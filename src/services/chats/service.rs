//! Chats: reading them and sending messages.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use crate::services::{
    Actor, Dependencies, Uploads,
    delivery::routes::{DeliveryRoute, resolve_routes, select_route},
};
use crate::{
    domain::{
        Changes, ChannelId, Chat, ChatId, Client, ClientId, ContactType, ContactValue, DeliveryPriority,
        Direction, Event, IdempotencyKey, Message, MessageDetails, MessageId, MessageStatus, MessageText,
        NewMessage, Permission, PhoneNumber, Problem, Sender, TemplateId, Transport, UserId,
        WhatsappTemplateMessage, ensure_future,
    },
    error::{AppError, Conflict, MergedInto, Result},
    persistence::{ChatFilter, NewFile, Page, PageRequest, Snapshot, UnitOfWork},
    providers::TransportCapabilities,
};

fn last_message_ids(chats: &[Chat]) -> Vec<MessageId> {
    chats.iter().filter_map(|chat| chat.last_message.as_ref()).map(|last| last.id).collect()
}

/// The use cases of chats.
#[derive(Clone)]
pub struct ChatService {
    pub(in crate::services) deps: Arc<Dependencies>,
}

/// A message that a user sends.
#[derive(Debug, Clone, Default)]
pub struct OutgoingMessage {
    /// The text; may be empty if there are files.
    pub text: MessageText,
    /// The transport; `None` for that of the last used route.
    pub transport: Option<Transport>,
    /// The client-supplied key by which a repeated request is recognised.
    pub idempotency_key: Option<String>,
    /// The time to send it at; `None` sends it at once.
    pub scheduled_at: Option<DateTime<Utc>>,
    /// The message template that the text was taken from, whose uses are counted.
    pub template: Option<TemplateId>,
    /// The WhatsApp template to send instead of the text, and its channel.
    pub whatsapp_template: Option<(ChannelId, WhatsappTemplateMessage)>,
    /// The priority of the delivery; a scheduled message is always [`DeliveryPriority::Bulk`].
    pub priority: DeliveryPriority,
    /// The time of the draft that the message was sent from. This draft is deleted, a newer one is
    /// not.
    pub written_at: Option<DateTime<Utc>>,
}

impl OutgoingMessage {
    /// The key with which the message is stored. The time of a scheduled message is not a part of what was asked for,
    /// because a repetition may name it relative to another time.
    fn idempotency_key(&self, user: UserId, files: &[NewFile]) -> Option<IdempotencyKey> {
        let files: Vec<_> = files.iter().map(|file| (&file.name, file.size)).collect();
        let template = self.whatsapp_template.as_ref();
        let asked = format!(
            "{:?}",
            (self.text.as_str(), self.transport, self.scheduled_at.is_some(), template, files)
        );
        let fingerprint = Sha256::digest(asked).to_vec();
        self.idempotency_key.as_ref().map(|key| IdempotencyKey { key: format!("{user}:{key}"), fingerprint })
    }
}

impl ChatService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Lists a page of chats, the one with the newest message first, with their last messages in no
    /// particular order.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_chats", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &ChatFilter,
        page: PageRequest,
    ) -> Result<(Page<Chat>, Vec<Message>)> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let chats = tx.chats().page(filter, page).await?;
        let last_messages = tx.messages().by_ids(&last_message_ids(&chats.items)).await?;
        Ok((chats, last_messages))
    }

    /// Loads the last messages of the chats, in no particular order.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "last_messages", level = "debug", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn last_messages(&self, actor: &Actor, chats: &[Chat]) -> Result<Vec<Message>> {
        actor.require(Permission::ChatRead)?;
        let ids = last_message_ids(chats);
        self.deps.database.read(actor.tenant_id()).await?.messages().by_ids(&ids).await
    }

    /// Loads a chat without its messages.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "find_chat", level = "debug", skip_all, fields(tenant = %actor.tenant.id, chat = %id))]
    pub async fn find(&self, actor: &Actor, id: ChatId) -> Result<Chat> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        match tx.chats().get(id).await? {
            Some(chat) => Ok(chat),
            None => Err(missing(&mut tx, id).await?),
        }
    }

    /// Returns the chat of a client, which is created if there is none, and true if it was created.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::Invalid`] if the client does not exist.
    #[tracing::instrument(name = "open_chat", skip_all, fields(tenant = %actor.tenant.id, %client))]
    pub async fn open(&self, actor: &Actor, client: ClientId) -> Result<(Chat, bool)> {
        actor.require(Permission::ChatSend)?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        if !tx.clients_mut().lock_for_share(client).await? {
            return Err(AppError::invalid("client_id", Problem::NotFound));
        }
        self.open_in(tx, actor, client).await
    }

    /// Returns the chat of the client with this phone number; client and chat are created if there
    /// are none. `name` is the name of a new client, by default the number.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::Invalid`] for an invalid name.
    #[tracing::instrument(name = "open_chat_by_phone", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn open_by_phone(
        &self,
        actor: &Actor,
        phone: &PhoneNumber,
        name: Option<&str>,
    ) -> Result<(Chat, bool)> {
        actor.require(Permission::ChatSend)?;
        let now = self.deps.clock.now();
        let address = ContactValue::from_provider(ContactType::Phone, phone.as_str())
            .map_err(|problem| AppError::invalid("phone", problem))?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.clients_mut().lock_values(&[phone.as_str()]).await?;
        let client = if let Some(client) = tx.clients().find_by_address(&address).await? {
            client
        } else {
            actor.require(Permission::ClientCreate)?;
            let number = phone.format_international();
            let new = Client::builder(name.unwrap_or(&number)).phone(phone.clone()).build()?;
            match tx.clients_mut().create(&new, now).await {
                Ok(client) => {
                    let created = Event::ClientCreated { client_id: client }.about(new.full_name());
                    tx.record(created.with(Changes::of_client(None, &new)), actor.author(), now);
                    client
                }
                // A concurrent request has created the client.
                Err(AppError::Conflict(Conflict { client: Some(other), .. })) => other,
                Err(error) => return Err(error),
            }
        };
        self.open_in(tx, actor, client).await
    }

    async fn open_in(&self, mut tx: UnitOfWork, actor: &Actor, client: ClientId) -> Result<(Chat, bool)> {
        let now = self.deps.clock.now();
        let (id, made) = tx.chats_mut().find_or_create(client, now).await?;
        if made {
            tx.record(Event::ChatCreated { chat_id: id, client_id: client }, actor.author(), now);
        }
        let chat = tx.chats().get(id).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        Ok((chat, made))
    }

    /// Stores a message together with its delivery in the outbox. A repeated idempotency key
    /// returns the existing message.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] if the client cannot
    /// be reached.
    #[tracing::instrument(name = "send_message", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn send(&self, actor: &Actor, chat: ChatId, outgoing: OutgoingMessage) -> Result<Message> {
        let nothing = Uploads::empty(&self.deps, actor.tenant_id());
        self.send_files(actor, chat, outgoing, nothing).await
    }

    /// Sends a message with files, like [`ChatService::send`]. After an error, and for a repeated
    /// idempotency key, the files are removed again.
    ///
    /// # Errors
    /// Like [`ChatService::send`]; [`AppError::Invalid`] also if the transport does not carry the
    /// files.
    #[tracing::instrument(name = "send_files", level = "debug", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn send_files(
        &self,
        actor: &Actor,
        chat: ChatId,
        outgoing: OutgoingMessage,
        uploads: Uploads,
    ) -> Result<Message> {
        actor.require(Permission::ChatSend)?;
        let now = self.deps.clock.now();
        if outgoing.priority == DeliveryPriority::Bulk || outgoing.scheduled_at.is_some() {
            self.deps.quotas.admit_message(&self.deps.database, actor.tenant_id(), now).await?;
        }
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        if !tx.chats_mut().lock_for_update(chat).await? {
            return Err(AppError::NotFound);
        }
        let idempotency_key = outgoing.idempotency_key(actor.user.id, uploads.files());
        if let Some(key) = &idempotency_key
            && let Some(first) = tx.messages().by_idempotency_key(chat, &key.key).await?
        {
            let before = tx.messages().request_fingerprint(first.id).await?;
            if before.is_some_and(|before| before != key.fingerprint) {
                return Err(AppError::invalid("idempotency_key", Problem::KeyReused));
            }
            if let Some(at) = outgoing.written_at {
                tx.drafts_mut().clear(chat, actor.user.id, at.min(now)).await?;
                tx.commit().await?;
            }
            return Ok(first);
        }
        let stored = tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        let client = tx.clients().get(stored.client).await?.ok_or(AppError::NotFound)?;
        let members = tx.chats().members(chat).await?;
        let routes = resolve_routes(&mut tx, chat, &members, &client, now).await?;
        let route =
            select_route(&mut tx, routes, outgoing.transport, outgoing.whatsapp_template.is_none()).await?;
        if outgoing.whatsapp_template.as_ref().is_some_and(|(channel, _)| *channel != route.channel) {
            return Err(AppError::invalid("transport", Problem::Unreachable));
        }
        ensure_carried(&route, &outgoing, uploads.files())?;
        let files = uploads.files();
        let member = tx
            .chats_mut()
            .find_or_create_member(chat, route.transport, &Sender::User(actor.user.id), None, now)
            .await?;
        let scheduled_at = outgoing.scheduled_at.map(|at| ensure_future(at, now)).transpose();
        let scheduled_at = scheduled_at.map_err(|problem| AppError::invalid("scheduled_at", problem))?;
        let new = NewMessage {
            chat,
            member,
            direction: Direction::Outbound,
            transport: route.transport,
            channel: route.channel,
            text: outgoing.text,
            details: MessageDetails {
                whatsapp_template: outgoing.whatsapp_template.map(|(_, template)| template),
                ..MessageDetails::default()
            },
            status: if scheduled_at.is_some() { MessageStatus::Scheduled } else { MessageStatus::Queued },
            provider_id: None,
            idempotency_key,
            scheduled_at,
            sent_at: None,
            created_at: now,
        };
        let id = tx.messages_mut().create(&new, &[]).await?;
        for file in files {
            tx.attachments_mut().add(id, file).await?;
        }
        if scheduled_at.is_none() {
            tx.chats_mut().set_last_message(id, &new).await?;
        }
        let due_at = scheduled_at.unwrap_or(now);
        // The age of the delivery counts from the time when it is due; otherwise a message that was
        // scheduled days ago would be given up after the first failure.
        let mut deliveries = tx.deliveries_mut();
        match outgoing.priority {
            DeliveryPriority::Interactive if scheduled_at.is_none() => {
                deliveries.enqueue(id, route.channel, &route.address, due_at, due_at).await?;
            }
            _ => deliveries.enqueue_bulk(id, route.channel, &route.address, due_at, due_at).await?,
        }
        if let Some(template) = outgoing.template {
            tx.templates_mut().count_use(template).await?;
        }
        if let Some(at) = outgoing.written_at {
            tx.drafts_mut().clear(chat, actor.user.id, at.min(now)).await?;
        }
        let (chat_id, message_id, client_id) = (chat, id, stored.client);
        let event = match scheduled_at {
            Some(_) => Event::MessageScheduled { chat_id, message_id, client_id },
            None => Event::MessageSent { chat_id, message_id, client_id },
        };
        tx.record(event, actor.author(), now);
        let message = tx.messages().get(chat, id).await?.ok_or(AppError::NotFound)?;
        // Before the commit: a request that is cancelled during it must not remove the files of a
        // stored message.
        uploads.commit();
        tx.commit().await?;
        Ok(message)
    }

    /// Marks a message and all earlier inbound messages of its chat as read. This clears the count
    /// of the whole team, so that read-only users may not do it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "read_message", skip_all, fields(tenant = %actor.tenant.id, %chat, message = %id))]
    pub async fn mark_read(&self, actor: &Actor, chat: ChatId, id: MessageId) -> Result<Message> {
        actor.require(Permission::ChatSend)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        if !tx.chats_mut().lock_for_update(chat).await? {
            return Err(AppError::NotFound);
        }
        tx.messages().get(chat, id).await?.ok_or(AppError::NotFound)?;
        if tx.chats_mut().mark_read_up_to(chat, id, now).await? > 0 {
            tx.record(Event::MessageRead { chat_id: chat, message_id: id }, actor.author(), now);
        }
        let message = tx.messages().get(chat, id).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        Ok(message)
    }

    /// Puts a failed message, or one with unconfirmed delivery, into the outbox again. Concurrent
    /// retries have the effect of one.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] if the message has
    /// not failed; [`AppError::Invalid`] if the client can no longer be reached by its transport.
    #[tracing::instrument(name = "retry_message", skip_all, fields(tenant = %actor.tenant.id, %chat, message = %id))]
    pub async fn retry(&self, actor: &Actor, chat: ChatId, id: MessageId) -> Result<Message> {
        self.retry_with(actor, chat, id, DeliveryPriority::Interactive).await
    }

    pub(in crate::services) async fn retry_with(
        &self,
        actor: &Actor,
        chat: ChatId,
        id: MessageId,
        priority: DeliveryPriority,
    ) -> Result<Message> {
        actor.require(Permission::ChatSend)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.messages_mut().lock_for_update(id).await?;
        let message = tx.messages().get(chat, id).await?.ok_or(AppError::NotFound)?;
        if message.status == MessageStatus::Queued {
            return Ok(message);
        }
        if message.direction != Direction::Outbound || !message.status.can_retry() {
            return Err(AppError::Conflict(Conflict { field: Some("status"), client: None }));
        }
        let stored = tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        let client = tx.clients().get(stored.client).await?.ok_or(AppError::NotFound)?;
        let members = tx.chats().members(chat).await?;
        let routes = resolve_routes(&mut tx, chat, &members, &client, now).await?;
        let free = message.details.whatsapp_template.is_none();
        let route = select_route(&mut tx, routes, Some(message.transport), free).await?;
        tx.messages_mut().requeue(id).await?;
        tx.chats_mut().update_last_message_status(chat, id, MessageStatus::Queued).await?;
        let mut deliveries = tx.deliveries_mut();
        match priority {
            DeliveryPriority::Interactive => {
                deliveries.enqueue(id, route.channel, &route.address, now, now).await?;
            }
            DeliveryPriority::Bulk => {
                deliveries.enqueue_bulk(id, route.channel, &route.address, now, now).await?;
            }
        }
        tx.record(Event::MessageStatusChanged { chat_id: chat, message_id: id }, actor.author(), now);
        let message = tx.messages().get(chat, id).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        Ok(message)
    }
}

/// Checks that the transport of a route carries the text and the files of a message.
fn ensure_carried(route: &DeliveryRoute, outgoing: &OutgoingMessage, files: &[NewFile]) -> Result<()> {
    let (transport, limits) = (route.transport, route.limits);
    if outgoing.whatsapp_template.is_none() {
        ensure_length(&outgoing.text, transport, limits)?;
    }
    if files.is_empty() {
        return Ok(());
    }
    let described = files.iter().map(|file| (file.name.as_str(), file.content_type.as_str(), file.size));
    let problem = match &limits.files {
        Some(limits) => limits.problem(transport, described),
        None => Some(Problem::NoFiles),
    };
    problem.map_or(Ok(()), |problem| Err(AppError::invalid("attachments", problem)))
}

/// Checks that a free text is no longer than the transport carries.
///
/// # Errors
/// [`AppError::Invalid`] with the limit.
pub(super) fn ensure_length(
    text: &MessageText,
    transport: Transport,
    limits: &TransportCapabilities,
) -> Result<()> {
    let is_carried = limits.splits_text || text.as_str().encode_utf16().count() <= limits.max_text;
    let problem = || AppError::invalid("message", Problem::TooLongFor { transport, max: limits.max_text });
    is_carried.then_some(()).ok_or_else(problem)
}

/// The error for a chat that does not exist: it names the chat that it was merged into.
pub(super) async fn missing(tx: &mut Snapshot, id: ChatId) -> Result<AppError> {
    let kept = tx.merges().surviving_chat_of(id).await?;
    Ok(kept.map_or(AppError::NotFound, |kept| AppError::Merged(MergedInto::Chat(kept))))
}
