//! Manual changes of statuses in a chat: marking it as unread, and marking a message as delivered.

use crate::services::{Actor, ChatService};
use crate::{
    domain::{Chat, ChatId, Direction, Event, Message, MessageId, MessageStatus, Permission},
    error::{AppError, Conflict, Result},
    persistence::StatusChange,
};

impl ChatService {
    /// Marks a chat as unread for the whole team from its newest inbound message on. A chat that is
    /// unread or has no inbound message is not changed.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "unread_chat", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn mark_unread(&self, actor: &Actor, chat: ChatId) -> Result<Chat> {
        actor.require(Permission::ChatSend)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        if !tx.chats_mut().lock_for_update(chat).await? {
            return Err(AppError::NotFound);
        }
        if let Some(message) = tx.messages().newest_inbound(chat).await?
            && tx.chats_mut().mark_unread_from(chat, message).await?
        {
            tx.record(Event::MessageUnread { chat_id: chat, message_id: message }, actor.author(), now);
        }
        let found = tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        Ok(found)
    }

    /// Marks a message with unconfirmed delivery as delivered, unless a report has confirmed it in
    /// the meantime.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] if the message has
    /// another status.
    #[tracing::instrument(name = "settle_message", skip_all, fields(tenant = %actor.tenant.id, %chat, message = %id))]
    pub async fn mark_delivered(&self, actor: &Actor, chat: ChatId, id: MessageId) -> Result<Message> {
        use MessageStatus as S;
        actor.require(Permission::ChatSend)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.messages_mut().lock_for_update(id).await?;
        let message = tx.messages().get(chat, id).await?.ok_or(AppError::NotFound)?;
        if matches!(message.status, S::Sent | S::Delivered | S::Read) {
            return Ok(message);
        }
        if message.direction != Direction::Outbound || message.status != S::Unknown {
            return Err(AppError::Conflict(Conflict { field: Some("status"), client: None }));
        }
        let report = StatusChange { status: S::Delivered, failure: None, provider_id: None, at: now };
        tx.messages_mut().update_status(id, &report).await?;
        tx.chats_mut().update_last_message_status(chat, id, S::Delivered).await?;
        tx.record(Event::MessageStatusChanged { chat_id: chat, message_id: id }, actor.author(), now);
        let message = tx.messages().get(chat, id).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        Ok(message)
    }
}
