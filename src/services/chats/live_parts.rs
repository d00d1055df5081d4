//! The chat list, and parts of chats for updating open pages.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::{
    domain::{Chat, ChatId, Message, MessageId, Permission},
    error::{AppError, Result},
    persistence::{ChatFilter, ListedChat, Snapshot, Start},
    services::{
        Actor, ChatService, ChatSuggestion, FilledTemplate, PageFrame, QueueWait, Reachability,
        activity::page_frame,
        channels::whatsapp_templates::templates_of_routes,
        chats::suggestions::suggestion,
        delivery::{queue::queue_waits, routes::resolve_routes},
    },
};

/// The maximum number of messages in a part.
const SLICE_LIMIT: i64 = 100;

/// A part of the chat list.
#[derive(Debug, Clone)]
pub struct ChatListSlice {
    /// The chats, the one with the newest message first.
    pub items: Vec<ListedChat>,
    /// True if the list continues.
    pub has_more: bool,
    /// The frame of a page with the list.
    pub frame: PageFrame,
}

/// The parts of an open page that may have changed.
#[derive(Debug, Clone, Default)]
pub struct ChatUpdatesRequest {
    /// The filter of the list.
    pub filter: ChatFilter,
    /// The rows of the list.
    pub rows: Vec<ChatId>,
    /// The messages of the open chat.
    pub messages: Option<MessageRange>,
    /// True if the routes to the client of the open chat may have changed.
    pub routes: bool,
}

/// A range of the messages of a chat.
#[derive(Debug, Clone, Copy)]
pub struct MessageRange {
    /// The chat.
    pub chat: ChatId,
    /// The first message.
    pub from: MessageId,
    /// The last message; `None` for the newest one.
    pub to: Option<MessageId>,
}

/// The changed parts of an open page.
#[derive(Debug)]
pub struct ChatUpdates {
    /// Those of the rows that match the filter.
    pub rows: Vec<ListedChat>,
    /// The messages, and the suggestion of the newest of them that has one.
    pub messages: Option<(MessageSlice, Option<ChatSuggestion>)>,
    /// The routes to the client, and the WhatsApp templates that can be sent.
    pub routes: Option<(Reachability, Vec<FilledTemplate>)>,
    /// The frame of the page.
    pub frame: PageFrame,
}

/// A part of a chat's messages, with their neighbours, which affect the layout.
#[derive(Debug, Clone)]
pub struct MessageSlice {
    /// The chat that the messages belong to.
    pub chat: Chat,
    /// The newest inbound message that no one has read.
    pub newest_unread: Option<MessageId>,
    /// The messages in ascending order.
    pub messages: Vec<Message>,
    /// The waits of those messages that wait for others.
    pub waits: HashMap<MessageId, QueueWait>,
    /// The number of messages at the beginning that are neighbours only.
    pub before: usize,
    /// The number of messages at the end that are neighbours only.
    pub after: usize,
    /// True if the limit cut off newer messages of the part.
    pub has_newer: bool,
}

/// Messages before or after one, for a page of older messages.
#[derive(Debug, Clone)]
pub struct MessagePage {
    /// The chat that the messages belong to.
    pub chat: Chat,
    /// The messages in ascending order.
    pub messages: Vec<Message>,
    /// The waits of those messages that wait for others.
    pub waits: HashMap<MessageId, QueueWait>,
    /// True if there are more in the direction in which the page goes.
    pub has_more: bool,
    /// The frame of the page.
    pub frame: PageFrame,
}

impl ChatService {
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
        list_slice(&mut tx, actor, filter, start, limit, frame).await
    }

    /// Reads the parts of an open page that may have changed.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_chat_updates", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn updates(&self, actor: &Actor, request: &ChatUpdatesRequest) -> Result<ChatUpdates> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let frame = page_frame(&mut tx, actor).await?;
        let rows = if request.rows.is_empty() {
            Vec::new()
        } else {
            let rows = tx.chats().filter_ids(actor.user.id, &request.filter, &request.rows).await?;
            with_permitted_drafts(rows, actor)
        };
        let mut updates = ChatUpdates { rows, messages: None, routes: None, frame };
        if let Some(range) = request.messages {
            let slice = message_slice(&mut tx, actor, range, self.deps.clock.now()).await?;
            let suggestion = suggestion(&mut tx, actor, &slice.chat, &slice.messages).await?;
            if request.routes {
                updates.routes = Some(self.routes(&mut tx, actor, &slice.chat).await?);
            }
            updates.messages = Some((slice, suggestion));
        }
        Ok(updates)
    }

    async fn routes(
        &self,
        tx: &mut Snapshot,
        actor: &Actor,
        chat: &Chat,
    ) -> Result<(Reachability, Vec<FilledTemplate>)> {
        let client = tx.clients().get(chat.client).await?.ok_or(AppError::NotFound)?;
        let members = tx.chats().members(chat.id).await?;
        let reachability = resolve_routes(tx, chat.id, &members, &client, self.deps.clock.now()).await?;
        let templates = templates_of_routes(tx, actor, &client, &reachability.routes).await?;
        Ok((reachability, templates))
    }

    /// Reads the newest messages of a chat, or those before an id, in ascending order.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "list_messages", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn messages_before(
        &self,
        actor: &Actor,
        chat: ChatId,
        before: Option<MessageId>,
        limit: i64,
    ) -> Result<MessagePage> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let frame = page_frame(&mut tx, actor).await?;
        let chat = tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        let (messages, has_more) = tx.messages().before(chat.id, before, limit).await?;
        let waits = queue_waits(&mut tx, &messages, self.deps.clock.now()).await?;
        Ok(MessagePage { chat, messages, waits, has_more, frame })
    }

    /// Reads messages of a chat after an id in ascending order.
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
    ) -> Result<MessagePage> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let frame = page_frame(&mut tx, actor).await?;
        let chat = tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        let (messages, has_more) = tx.messages().after(chat.id, after, limit).await?;
        let waits = queue_waits(&mut tx, &messages, self.deps.clock.now()).await?;
        Ok(MessagePage { chat, messages, waits, has_more, frame })
    }
}

/// Reads a part of the chat list from a snapshot whose frame was read before.
pub(super) async fn list_slice(
    tx: &mut Snapshot,
    actor: &Actor,
    filter: &ChatFilter,
    start: Start,
    limit: i64,
    frame: PageFrame,
) -> Result<ChatListSlice> {
    let (items, has_more) = tx.chats().list_from(actor.user.id, filter, start, limit).await?;
    Ok(ChatListSlice { items: with_permitted_drafts(items, actor), has_more, frame })
}

/// Removes the drafts of a user who may not send messages any more.
fn with_permitted_drafts(mut items: Vec<ListedChat>, actor: &Actor) -> Vec<ListedChat> {
    if !actor.may(Permission::ChatSend) {
        for item in &mut items {
            item.draft = None;
        }
    }
    items
}

/// Reads the messages of a chat from one id to another, or to the newest.
async fn message_slice(
    tx: &mut Snapshot,
    actor: &Actor,
    range: MessageRange,
    now: DateTime<Utc>,
) -> Result<MessageSlice> {
    let MessageRange { chat, from, to } = range;
    let opened = tx.chats().open(chat, actor.user.id).await?.ok_or(AppError::NotFound)?;
    let around = tx.messages().around(chat, from, 1, SLICE_LIMIT).await?;
    let mut messages = around.before;
    let before = messages.len();
    messages.extend(around.after);
    let last = to.and_then(|to| messages.iter().rposition(|message| message.id <= to));
    // One message beyond the end is kept as a neighbour.
    let cut = last.map(|last| last + 2).filter(|cut| *cut <= messages.len());
    if let Some(cut) = cut {
        messages.truncate(cut);
    }
    let (after, has_newer) = if cut.is_some() { (1, false) } else { (0, around.has_newer && to.is_none()) };
    let (chat, newest_unread) = (opened.chat, opened.newest_unread);
    let waits = queue_waits(tx, &messages, now).await?;
    Ok(MessageSlice { chat, newest_unread, messages, waits, before, after, has_newer })
}
