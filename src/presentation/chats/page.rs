//! The page of a chat: the list, the messages, the composer and the client.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::{Chat, ChatId, MessageId, MessageTerms, Permission, sort_by_writing},
    error::Result,
    presentation::{
        chats::{
            composer::{Composer, InitialContent, delivery_routes::TransportOptions},
            list::{ChatList, PAGE_SIZE, filter, filter_query, start},
            messages::{
                log::{LogItem, build_log},
                suggestion,
                view::MessageView,
            },
            view::{ChatView, ConversationView, MemberView},
        },
        clients::view::ClientView,
        http::{
            context::Ctx,
            extract::{Format, PathIds},
            fields::Fields,
            form::Form,
            routes,
        },
        search::chat_search::ChatSearchBar,
        ui::{
            i18n::I18n,
            layout::{Layout, initials, page},
        },
    },
    services::{ChatPageRequest, Conversation, DeliveryRoute, Reachability},
};

#[derive(Template)]
#[template(path = "chats/page.html")]
struct ShowPage {
    layout: Layout,
    list: ChatList,
    client: ClientView,
    initials: String,
    last_transport: Option<&'static str>,
    reachable_by: Cow<'static, str>,
    log: Vec<LogItem>,
    older: Option<String>,
    newer: Option<String>,
    actions: Actions,
    chat_id: ChatId,
    /// True if messages become read when they are seen.
    may_read: bool,
    /// The address of the chat's messages.
    messages_url: String,
    /// The address for announcing presence.
    presence_url: String,
    /// The address of the chat with its newest messages.
    newest_url: String,
    /// The message that the address names.
    target: Option<MessageId>,
    /// True if the address names a message that does not exist.
    target_missing: bool,
    /// The search bar, if it is open, and the address that opens it.
    find: Option<ChatSearchBar>,
    search_url: String,
    back: String,
    composer: Composer,
    client_since: Cow<'static, str>,
    client_url: String,
}

/// The actions for the whole chat.
pub(in crate::presentation) struct Actions {
    /// The address for marking the chat as read.
    pub(in crate::presentation) read: Option<String>,
    /// The address for marking the chat as unread.
    pub(in crate::presentation) unread: Option<String>,
}

impl Actions {
    /// The actions that the user may perform in the chat's current state.
    pub(in crate::presentation) fn of(chat: &Chat, newest_unread: Option<MessageId>, may_send: bool) -> Self {
        let read = newest_unread.filter(|_| may_send);
        let inbound = chat.last_message.is_some() && newest_unread.is_none();
        Self {
            read: read.map(|message| routes::ReadMessage(chat.id, message).to_string()),
            unread: (may_send && inbound).then(|| routes::UnreadChat(chat.id).to_string()),
        }
    }
}

/// Shows a chat with its newest messages.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(ctx: Ctx, PathIds(id): PathIds<ChatId>) -> Result<Response> {
    if ctx.format == Format::Json {
        let conversation = ctx.services().chats.get(&ctx.actor, id).await?;
        return Ok(Json(view(conversation, ctx.i18n)).into_response());
    }
    render(&ctx, id, &ctx.query, StatusCode::OK, Form::default()).await
}

fn view(conversation: Conversation, i18n: I18n) -> ConversationView {
    let last = conversation.last_message.map(|last| MessageView::new(last, i18n));
    let mut messages = conversation.messages;
    sort_by_writing(&mut messages);
    let messages: Vec<_> = messages.into_iter().map(|m| MessageView::new(m, i18n)).collect();
    ConversationView {
        chat: ChatView::new(conversation.chat, last),
        messages,
        has_more: conversation.has_more,
        members: conversation.members.into_iter().map(MemberView::from).collect(),
    }
}

/// Renders the page with the composer's form.
pub(in crate::presentation) async fn render(
    ctx: &Ctx,
    id: ChatId,
    query: &Fields,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let request = ChatPageRequest {
        chat: id,
        at: query.text("message").and_then(|text| text.parse().ok()),
        find: query.text("find").map(MessageTerms::parse),
        template: query.text("template").and_then(|id| id.parse().ok()).filter(|_| !form.has_errors()),
        filter: filter(query)?,
        start: start(query)?,
        limit: PAGE_SIZE,
    };
    let opened = ctx.services().chats.open_page(&ctx.actor, &request).await?;
    let layout = Layout::new(ctx, routes::Chats::PATTERN, opened.list.frame);
    let find = opened.hits.as_ref().map(|hits| ChatSearchBar::new(id, query, hits, request.at, layout.t));
    let list = ChatList::new(ctx, query, opened.list, &layout, Some(id))?;
    let conversation = opened.details;
    let at = opened.at;
    let found = at.filter(|at| conversation.messages.iter().any(|message| message.id == *at));
    let allowed = ctx.actor.may(Permission::ChatSend);
    let newest = conversation.messages.last().filter(|_| conversation.has_newer);
    let newer = newest.map(|newest| format!("{}?after={}", routes::Messages(id), newest.id));
    let older = conversation
        .messages
        .first()
        .filter(|_| conversation.has_more)
        .map(|oldest| format!("{}?before={}", routes::Messages(id), oldest.id));
    let last_transport = conversation.chat.last_message.as_ref().map(|last| last.transport.as_str());
    let reachable_by = reachable_by(&conversation.reachability, layout.t);
    let transports = TransportOptions::new(ctx, id, conversation.reachability, opened.whatsapp_templates);
    let content = InitialContent::new(form, opened.template, conversation.draft);
    let composer = Composer::new(ctx, id, content, transports, opened.scheduled, &layout);
    let client = ClientView::from(conversation.client);
    let suggestion = opened.suggestion.and_then(|found| suggestion::view(found, &ctx.actor, &layout));
    let mut log = build_log(conversation.messages, &conversation.waits, &layout, true, allowed);
    suggestion::attach(&mut log, suggestion);
    if let Some(item) = log.iter_mut().find(|item| Some(item.message.id) == found) {
        item.css_classes.push_str(" target");
    }
    page(
        status,
        &ShowPage {
            initials: initials(&client.full_name),
            last_transport,
            reachable_by,
            older,
            newer,
            actions: Actions::of(&conversation.chat, conversation.newest_unread, allowed),
            chat_id: id,
            may_read: allowed,
            messages_url: routes::Messages(id).to_string(),
            presence_url: routes::Presence(id).to_string(),
            newest_url: format!("{}{}", routes::Chat(id), filter_query(query)),
            target: found,
            target_missing: query.text("message").is_some() && found.is_none(),
            search_url: format!("{}?find={}", routes::Chat(id), filter_query(query).replacen('?', "&", 1)),
            find,
            back: format!("{}{}", routes::Chats, filter_query(query)),
            composer,
            client_since: layout.long_date(&client.created_at),
            client_url: routes::Client(client.id).to_string(),
            log,
            client,
            list,
            layout,
        },
    )
}

fn reachable_by(reach: &Reachability, i18n: I18n) -> Cow<'static, str> {
    let label = |route: &DeliveryRoute| i18n.get(format!("transport-{}", route.transport.as_str()));
    match reach.routes.as_slice() {
        [] if reach.is_disabled() => i18n.get("chat-unreachable-disabled"),
        [] => i18n.get("chat-unreachable"),
        [only] => label(only),
        [first, others @ ..] => {
            let others: Vec<_> = others.iter().map(label).collect();
            i18n.args(
                "chat-also",
                &[("first", label(first).into_owned().into()), ("others", others.join(", ").into())],
            )
        }
    }
}
