//! Scheduled messages: listing, changing and cancelling them until they are sent.
//!
//! The worker's lease and a user's change exclude each other: whichever takes the delivery first
//! succeeds, and the other one receives an error.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::services::{
    Actor, Dependencies, Framed, PageFrame, activity::page_frame, chats::service::ensure_length,
};
use crate::{
    domain::{
        ChatId, Event, Message, MessageId, MessageStatus, MessageText, Permission, ScheduledMessage,
        ensure_future,
    },
    error::{AppError, Conflict, Result},
    persistence::{Page, PageRequest, Snapshot},
    providers::registration,
};

/// The use cases of scheduled messages.
#[derive(Clone)]
pub struct ScheduleService {
    deps: Arc<Dependencies>,
}

/// The data of the form of a scheduled message.
#[derive(Debug, Clone)]
pub struct ScheduledMessageForm {
    /// The message.
    pub message: Message,
    /// The name of the chat's client.
    pub client_name: String,
    /// The frame of the page.
    pub frame: PageFrame,
}

impl ScheduleService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Lists a page of scheduled messages, the soonest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_scheduled", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list(&self, actor: &Actor, page: PageRequest) -> Result<Framed<Page<ScheduledMessage>>> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let found = tx.scheduled_messages().page(page).await?;
        Framed::new(found, &mut tx, actor).await
    }

    /// Loads a scheduled message.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] if the message is no
    /// longer scheduled.
    #[tracing::instrument(name = "show_scheduled", skip_all, fields(tenant = %actor.tenant.id, %chat, message = %id))]
    pub async fn get(&self, actor: &Actor, chat: ChatId, id: MessageId) -> Result<Message> {
        actor.require(Permission::ChatSend)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        scheduled(&mut tx, chat, id).await
    }

    /// Loads a scheduled message for its form.
    ///
    /// # Errors
    /// Like [`Self::get`].
    #[tracing::instrument(name = "open_scheduled", skip_all, fields(tenant = %actor.tenant.id, %chat, message = %id))]
    pub async fn open(&self, actor: &Actor, chat: ChatId, id: MessageId) -> Result<ScheduledMessageForm> {
        actor.require(Permission::ChatSend)?;
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let message = scheduled(&mut tx, chat, id).await?;
        let client_name = tx.chats().get(chat).await?.ok_or(AppError::NotFound)?.client_name;
        Ok(ScheduledMessageForm { message, client_name, frame: page_frame(&mut tx, actor).await? })
    }

    /// Changes the text or the time.
    ///
    /// # Errors
    /// Like [`Self::get`]; [`AppError::Invalid`] for a time in the past, and for a text that the transport does not carry.
    #[tracing::instrument(name = "change_scheduled", skip_all, fields(tenant = %actor.tenant.id, %chat, message = %id))]
    pub async fn change(
        &self,
        actor: &Actor,
        chat: ChatId,
        id: MessageId,
        text: Option<MessageText>,
        at: Option<DateTime<Utc>>,
    ) -> Result<Message> {
        actor.require(Permission::ChatSend)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.messages_mut().lock_for_update(id).await?;
        let message = scheduled(&mut tx, chat, id).await?;
        let at = at.or(message.scheduled_at).unwrap_or(now);
        let at = ensure_future(at, now).map_err(|problem| AppError::invalid("scheduled_at", problem))?;
        // Also for a change of the text alone: a worker with a lease has already read the old text.
        if !tx.scheduled_messages_mut().reschedule(id, at).await? {
            return Err(too_late());
        }
        if let Some(text) = text {
            if message.details.whatsapp_template.is_none()
                && let Some(channel) = message.channel
                && let Some(sealed) = tx.channels().get(channel).await?
                && let Some(limits) =
                    registration(&sealed.channel.provider).capabilities.of(message.transport)
            {
                ensure_length(&text, message.transport, limits)?;
            }
            tx.scheduled_messages_mut().set_text(id, &text).await?;
        }
        tx.record(Event::ScheduleChanged { chat_id: chat, message_id: id }, actor.author(), now);
        let message = tx.messages().get(chat, id).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        Ok(message)
    }

    /// Sends the message now.
    ///
    /// # Errors
    /// Like [`Self::get`].
    #[tracing::instrument(name = "send_scheduled_now", skip_all, fields(tenant = %actor.tenant.id, %chat, message = %id))]
    pub async fn send_now(&self, actor: &Actor, chat: ChatId, id: MessageId) -> Result<Message> {
        actor.require(Permission::ChatSend)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.messages_mut().lock_for_update(id).await?;
        scheduled(&mut tx, chat, id).await?;
        if !tx.scheduled_messages_mut().reschedule(id, now).await? {
            return Err(too_late());
        }
        tx.scheduled_messages_mut().prioritise(id).await?;
        tx.record(Event::ScheduleChanged { chat_id: chat, message_id: id }, actor.author(), now);
        let message = tx.messages().get(chat, id).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        Ok(message)
    }

    /// Cancels the message, which deletes it; only the event remains.
    ///
    /// # Errors
    /// Like [`Self::get`].
    #[tracing::instrument(name = "cancel_scheduled", skip_all, fields(tenant = %actor.tenant.id, %chat, message = %id))]
    pub async fn cancel(&self, actor: &Actor, chat: ChatId, id: MessageId) -> Result<()> {
        actor.require(Permission::ChatSend)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.messages_mut().lock_for_update(id).await?;
        scheduled(&mut tx, chat, id).await?;
        if !tx.scheduled_messages_mut().remove_from_outbox(id).await? {
            return Err(too_late());
        }
        let client_id = tx.chats().get(chat).await?.ok_or(AppError::NotFound)?.client;
        tx.scheduled_messages_mut().delete(id).await?;
        let cancelled = Event::ScheduleCancelled { chat_id: chat, message_id: id, client_id };
        tx.record(cancelled, actor.author(), now);
        tx.commit().await
    }
}

async fn scheduled(tx: &mut Snapshot, chat: ChatId, id: MessageId) -> Result<Message> {
    let message = tx.messages().get(chat, id).await?.ok_or(AppError::NotFound)?;
    if message.status == MessageStatus::Scheduled { Ok(message) } else { Err(too_late()) }
}

fn too_late() -> AppError {
    AppError::Conflict(Conflict { field: Some("scheduled_at"), client: None })
}
