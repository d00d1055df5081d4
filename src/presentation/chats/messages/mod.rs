//! The messages of a chat: sending, actions, and older messages.

pub(crate) mod actions;
pub(crate) mod links;
pub(crate) mod log;
pub(crate) mod previews;
pub(crate) mod scheduled;
pub(crate) mod send;
pub(crate) mod suggestion;
pub(crate) mod view;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::presentation::chats::messages::log::{LogItem, build_log};
use crate::{
    domain::{ChatId, MessageId, Permission, Problem, sort_by_writing},
    error::{AppError, Result},
    presentation::{
        chats::messages::view::{MessageView, MessagesView},
        http::{
            context::Ctx,
            extract::{Format, PathIds},
            routes,
        },
        ui::layout::{Layout, page},
    },
    services::MessagePage,
};

#[derive(Template)]
#[template(path = "chats/older_messages.html")]
struct MessagesPage {
    layout: Layout,
    name: String,
    log: Vec<LogItem>,
    older: Option<String>,
    newer: Option<String>,
    back: String,
}

/// Lists messages before or after a message in ascending order.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`].
pub async fn list(ctx: Ctx, PathIds(id): PathIds<ChatId>) -> Result<Response> {
    let actor = &ctx.actor;
    let id_of = |text: &str| text.parse::<MessageId>().map_err(|_| Problem::WrongType);
    let before = ctx.query.optional("before", id_of)?;
    let after = ctx.query.optional("after", id_of)?;
    let limit =
        ctx.query.number("limit", 50, 1, 100).map_err(|problem| AppError::invalid("limit", problem))?;
    let chats = &ctx.services().chats;
    let MessagePage { chat, messages, waits, has_more, frame } = match after {
        Some(after) => chats.messages_after(actor, id, after, limit).await?,
        None => chats.messages_before(actor, id, before, limit).await?,
    };
    if ctx.format == Format::Json {
        let mut messages = messages;
        sort_by_writing(&mut messages);
        let items = messages.into_iter().map(|message| MessageView::new(message, ctx.i18n)).collect();
        return Ok(Json(MessagesView { items, has_more }).into_response());
    }
    // When paging forward from `after`, older messages exist, because the message `after` itself is
    // one.
    let oldest = messages.first().filter(|_| has_more || after.is_some()).map(|message| message.id);
    let newest = messages.last().filter(|_| after.is_some() && has_more).map(|message| message.id);
    let layout = Layout::new(&ctx, routes::Chats::PATTERN, frame);
    page(
        StatusCode::OK,
        &MessagesPage {
            name: chat.client_name,
            log: build_log(messages, &waits, &layout, false, actor.may(Permission::ChatSend)),
            older: oldest.map(|oldest| format!("{}?before={oldest}", routes::Messages(id))),
            newer: newest.map(|newest| format!("{}?after={newest}", routes::Messages(id))),
            back: routes::Chat(id).to_string(),
            layout,
        },
    )
}
