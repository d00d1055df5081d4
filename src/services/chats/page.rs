//! The page of a chat: one service call on one snapshot.

use std::collections::HashMap;

use crate::{
    domain::{
        Chat, ChatId, Client, Draft, Member, Message, MessageId, MessageTemplate, MessageTerms, Permission,
        ScheduledMessage, TemplateId,
    },
    error::{AppError, Result},
    persistence::{ChatFilter, Snapshot, Start},
    services::{
        Actor, ChatListSlice, ChatService, ChatSuggestion, FilledTemplate, QueueWait, Reachability,
        SearchResults,
        activity::page_frame,
        channels::whatsapp_templates::templates_of_routes,
        chats::{
            drafts::placeholder_values, live_parts::list_slice, service::missing, suggestions::suggestion,
        },
        delivery::{queue::queue_waits, routes::resolve_routes},
    },
};

/// The number of messages that a chat's page shows at first.
const INITIAL_MESSAGES: i64 = 50;
/// The maximum number of scheduled messages in a chat's page; a page of its own lists all of them.
const SCHEDULED_MESSAGES: i64 = 20;
/// The maximum number of matching messages that a search in a chat steps through, from the newest on.
const MAX_HITS: i64 = 200;

/// The requested page of a chat.
#[derive(Debug, Clone)]
pub struct ChatPageRequest {
    /// The chat.
    pub chat: ChatId,
    /// The message at which the page is opened; `None` for the newest ones.
    pub at: Option<MessageId>,
    /// The terms of a search in the chat. It opens the page at the newest match, unless `at` is given.
    pub find: Option<MessageTerms>,
    /// The template that the composer begins with.
    pub template: Option<TemplateId>,
    /// The filter of the list beside the chat.
    pub filter: ChatFilter,
    /// The position at which the list begins.
    pub start: Start,
    /// The maximum number of chats in the list.
    pub limit: i64,
}

/// The data of a chat's page, read in one snapshot.
#[derive(Debug)]
pub struct ChatPage {
    /// The list beside the chat, and the frame of the page.
    pub list: ChatListSlice,
    /// The chat, its messages and its client.
    pub details: ChatDetails,
    /// The WhatsApp templates that can be sent, filled in for the client.
    pub whatsapp_templates: Vec<FilledTemplate>,
    /// The soonest scheduled messages of the chat.
    pub scheduled: Vec<ScheduledMessage>,
    /// The requested template, filled in for the client.
    pub template: Option<MessageTemplate>,
    /// The suggestion of the newest message that has one.
    pub suggestion: Option<ChatSuggestion>,
    /// The messages that match the search, the newest first.
    pub hits: Option<SearchResults<MessageId>>,
    /// The message at which the page was opened; the chat may not contain it.
    pub at: Option<MessageId>,
}

/// A chat with some of its messages, its members and its client.
#[derive(Debug, Clone)]
pub struct ChatDetails {
    /// The chat itself.
    pub chat: Chat,
    /// The client that the chat is with.
    pub client: Client,
    /// The messages in ascending order.
    pub messages: Vec<Message>,
    /// The waits of those messages that wait for others.
    pub waits: HashMap<MessageId, QueueWait>,
    /// True if there are older messages.
    pub has_more: bool,
    /// True if there are newer messages, because the page was opened at an older one.
    pub has_newer: bool,
    /// The newest inbound message that no one has read.
    pub newest_unread: Option<MessageId>,
    /// The user's draft in this chat.
    pub draft: Option<Draft>,
    /// The participants of the chat.
    pub members: Vec<Member>,
    /// The routes to the client.
    pub reachability: Reachability,
}

/// A chat with its newest messages, as programs read it.
#[derive(Debug)]
pub struct Conversation {
    /// The chat itself.
    pub chat: Chat,
    /// The last message in full. It is older than `messages` if it was scheduled long before it was sent.
    pub last_message: Option<Message>,
    /// The newest messages in ascending order.
    pub messages: Vec<Message>,
    /// True if there are older messages.
    pub has_more: bool,
    /// The participants of the chat.
    pub members: Vec<Member>,
}

impl ChatService {
    /// Reads all that a chat's page shows.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`] for the chat and for the template.
    #[tracing::instrument(name = "open_chat_page", skip_all, fields(tenant = %actor.tenant.id, chat = %request.chat))]
    pub async fn open_page(&self, actor: &Actor, request: &ChatPageRequest) -> Result<ChatPage> {
        actor.require(Permission::ChatRead)?;
        let chat = request.chat;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let frame = page_frame(&mut tx, actor).await?;
        let hits = match &request.find {
            Some(terms) => Some(SearchResults::of(
                tx.messages().containing(terms, Some(chat), None, MAX_HITS + 1).await?,
                MAX_HITS,
            )),
            None => None,
        };
        let first_hit = hits.iter().find_map(|hits| hits.items.first()).copied();
        let at = request.at.or(first_hit);
        let details = self.details(&mut tx, actor, chat, at).await?;
        let list =
            list_slice(&mut tx, actor, &request.filter, request.start.clone(), request.limit, frame).await?;
        let may_send = actor.may(Permission::ChatSend);
        let wanted = request.template.filter(|_| may_send && actor.may(Permission::MessageTemplateRead));
        let template = match wanted {
            Some(id) => {
                let template = tx.templates().get(id).await?.ok_or(AppError::NotFound)?;
                let text = placeholder_values(&details.client, actor).fill(&template.text);
                Some(MessageTemplate { text, ..template })
            }
            None => None,
        };
        let routes = &details.reachability.routes;
        let whatsapp_templates = templates_of_routes(&mut tx, actor, &details.client, routes).await?;
        let scheduled = tx.scheduled_messages().of_chat(chat, SCHEDULED_MESSAGES).await?;
        let suggestion = suggestion(&mut tx, actor, &details.chat, &details.messages).await?;
        Ok(ChatPage { list, details, whatsapp_templates, scheduled, template, suggestion, hits, at })
    }

    /// Loads a chat with its newest messages.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_chat", skip_all, fields(tenant = %actor.tenant.id, chat = %id))]
    pub async fn get(&self, actor: &Actor, id: ChatId) -> Result<Conversation> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let Some(chat) = tx.chats().get(id).await? else { return Err(missing(&mut tx, id).await?) };
        let (messages, has_more) = tx.messages().before(id, None, INITIAL_MESSAGES).await?;
        let members = tx.chats().members(id).await?;
        let last_message = match chat.last_message.as_ref().map(|last| last.id) {
            Some(last) => match messages.iter().find(|message| message.id == last) {
                Some(shown) => Some(shown.clone()),
                None => tx.messages().find(last).await?,
            },
            None => None,
        };
        Ok(Conversation { chat, last_message, messages, has_more, members })
    }

    async fn details(
        &self,
        tx: &mut Snapshot,
        actor: &Actor,
        id: ChatId,
        at: Option<MessageId>,
    ) -> Result<ChatDetails> {
        let Some(opened) = tx.chats().open(id, actor.user.id).await? else {
            return Err(missing(tx, id).await?);
        };
        let client = tx.clients().get(opened.chat.client).await?.ok_or(AppError::NotFound)?;
        let (messages, has_more, has_newer) = opening(tx, id, at).await?;
        let members = tx.chats().members(id).await?;
        let now = self.deps.clock.now();
        let reachability = resolve_routes(tx, id, &members, &client, now).await?;
        let waits = queue_waits(tx, &messages, now).await?;
        Ok(ChatDetails {
            waits,
            chat: opened.chat,
            client,
            messages,
            has_more,
            has_newer,
            newest_unread: opened.newest_unread,
            draft: opened.draft.filter(|_| actor.may(Permission::ChatSend)),
            members,
            reachability,
        })
    }
}

/// Reads the messages of a newly opened page, and flags that say if there are older and newer ones.
async fn opening(
    tx: &mut Snapshot,
    chat: ChatId,
    at: Option<MessageId>,
) -> Result<(Vec<Message>, bool, bool)> {
    if let Some(at) = at {
        let around = tx.messages().around(chat, at, INITIAL_MESSAGES / 2, INITIAL_MESSAGES / 2).await?;
        if around.after.first().is_some_and(|first| first.id == at) {
            let mut messages = around.before;
            messages.extend(around.after);
            return Ok((messages, around.has_older, around.has_newer));
        }
    }
    let (messages, has_more) = tx.messages().before(chat, None, INITIAL_MESSAGES).await?;
    Ok((messages, has_more, false))
}
