//! Parts of chats for updating open pages.

use crate::services::{
    Actor, ChatService, DeliveryRoute, PageFrame, UnreachableTransport, activity::page_frame,
    delivery::routes::resolve_routes,
};
use crate::{
    domain::{Chat, ChatId, Client, Message, MessageId, Permission},
    error::{AppError, Result},
    persistence::{ChatFilter, Start},
};

/// The maximum number of messages in a part.
const SLICE_LIMIT: i64 = 100;

/// A part of the chat list.
#[derive(Debug, Clone)]
pub struct ChatListSlice {
    /// The chats, the one with the newest message first.
    pub items: Vec<Chat>,
    /// True if the list continues.
    pub has_more: bool,
    /// The frame of a page with the list.
    pub frame: PageFrame,
}

/// A part of a chat's messages, with their neighbours, which affect the layout.
#[derive(Debug, Clone)]
pub struct MessageSlice {
    /// The chat that the messages belong to.
    pub chat: Chat,
    /// The newest inbound message, if any are unread.
    pub newest_unread: Option<MessageId>,
    /// The messages in ascending order.
    pub messages: Vec<Message>,
    /// The number of messages at the beginning that are neighbours only.
    pub before: usize,
    /// The number of messages at the end that are neighbours only.
    pub after: usize,
    /// True if the limit cut off newer messages of the part.
    pub has_newer: bool,
}

impl ChatService {
    /// The routes by which the client of a chat can be reached now.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_ways", level = "debug", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn routes(
        &self,
        actor: &Actor,
        chat: ChatId,
    ) -> Result<(Client, Vec<DeliveryRoute>, Vec<UnreachableTransport>)> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let stored = tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        let client = tx.clients().get(stored.client).await?.ok_or(AppError::NotFound)?;
        let (routes, unreachable) = resolve_routes(&mut tx, chat, &client, self.deps.clock.now()).await?;
        Ok((client, routes, unreachable))
    }

    /// Reads a part of the chat list without counting the whole.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_chats_part", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list_slice(
        &self,
        actor: &Actor,
        filter: &ChatFilter,
        start: Start,
        limit: i64,
    ) -> Result<ChatListSlice> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let frame = page_frame(&mut tx, actor).await?;
        let (items, has_more) = tx.chats().list_from(filter, start, limit).await?;
        Ok(ChatListSlice { items, has_more, frame })
    }

    /// Reads those of the given chats that match the filter.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_some_chats", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list_by_ids(&self, actor: &Actor, filter: &ChatFilter, ids: &[ChatId]) -> Result<Vec<Chat>> {
        actor.require(Permission::ChatRead)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.deps.database.read(actor.tenant_id()).await?.chats().filter_ids(filter, ids).await
    }

    /// Reads the messages of a chat from one id to another, or to the newest.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_chat_part", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn message_slice(
        &self,
        actor: &Actor,
        chat: ChatId,
        from: MessageId,
        to: Option<MessageId>,
    ) -> Result<MessageSlice> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let found = tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        let newest_unread =
            if found.unread_count > 0 { tx.messages().newest_inbound(chat).await? } else { None };
        let (mut messages, _) = tx.messages().before(chat, Some(from), 1).await?;
        let before = messages.len();
        let (part, more) =
            tx.messages().after(chat, MessageId(from.0.saturating_sub(1)), SLICE_LIMIT).await?;
        messages.extend(part);
        let last = to.and_then(|to| messages.iter().rposition(|message| message.id <= to));
        // One message beyond the end is kept as a neighbour.
        let cut = last.map(|last| last + 2).filter(|cut| *cut <= messages.len());
        if let Some(cut) = cut {
            messages.truncate(cut);
        }
        let (after, has_newer) = if cut.is_some() { (1, false) } else { (0, more && to.is_none()) };
        Ok(MessageSlice { chat: found, newest_unread, messages, before, after, has_newer })
    }

    /// Reads messages after an id in ascending order, with a flag that says if there are more.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "list_newer_messages", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn messages_after(
        &self,
        actor: &Actor,
        chat: ChatId,
        after: MessageId,
        limit: i64,
    ) -> Result<(Vec<Message>, bool)> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        tx.messages().after(chat, after, limit).await
    }
}
