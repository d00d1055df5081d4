//! Updates of an open page: rows of the list, messages of the open chat, and the counts in the
//! navigation.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use crate::{
    domain::{Chat, ChatId, MessageId, Permission},
    error::Result,
    presentation::{
        chats::{
            composer::delivery_routes::TransportOptions,
            list::{ChatItem, filter, filter_query, item},
            messages::{
                log::{LogItem, build_log, is_in_log},
                previews, suggestion,
            },
            page::Actions,
        },
        http::{context::Ctx, fields::Fields, routes},
        search::chat_search,
        ui::layout::{Layout, page},
    },
};

/// The maximum number of rows in a request.
const MAX_ROWS: usize = 100;

#[derive(Template)]
#[template(path = "chats/live_updates.html")]
struct UpdatesPage {
    layout: Layout,
    unread_only: bool,
    scheduled: Option<i64>,
    rows: Vec<ChatItem>,
    log: Option<LogUpdate>,
    /// The delivery routes of the client, if they were requested.
    transports: Option<TransportOptions>,
}

struct LogUpdate {
    items: Vec<LogItem>,
    newer: Option<String>,
    actions: Actions,
}

/// Answers the chats of `rows` that match the list's filter, the messages of `chat` between `from`
/// and `to`, and with `ways` the delivery routes of its client.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn show(ctx: Ctx) -> Result<Response> {
    let actor = &ctx.actor;
    let chats = &ctx.services().chats;
    let filter = filter(&ctx.query)?;
    let ids: Vec<ChatId> =
        ctx.query.text_or_empty("rows").split(',').filter_map(|id| id.parse().ok()).take(MAX_ROWS).collect();
    let current: Option<ChatId> = ctx.query.text("chat").and_then(|id| id.parse().ok());
    let found = chats.list_by_ids(actor, &filter, &ids).await?;
    let layout = Layout::load(&ctx, routes::Chats::PATTERN).await?;
    let kept = filter_query(&ctx.query);
    let drafts = ctx.services().drafts.previews(actor, &found).await?;
    let mut files = previews::of(&ctx, &found, layout.t).await?;
    let row = |chat: Chat| {
        let draft = drafts.get(&chat.id).map(String::as_str);
        let files = files.remove(&chat.id);
        item(chat, &layout, &kept, current, draft, files)
    };
    let mut rows: Vec<_> = found.into_iter().map(row).collect();
    chat_search::add_snippets(&ctx, ctx.query.text_or_empty("q"), &mut rows).await?;
    let log = match current {
        Some(chat) => Some(log(&ctx, chat, &ctx.query, &layout).await?),
        None => None,
    };
    let transports = match current.filter(|_| ctx.query.text("ways").is_some()) {
        Some(chat) => {
            let (client, transports, closed) = chats.routes(actor, chat).await?;
            Some(TransportOptions::new(&ctx, chat, &client, (transports, closed), layout.t).await?)
        }
        None => None,
    };
    let scheduled = Some(ctx.services().schedule.count(actor).await?).filter(|count| *count > 0);
    page(
        StatusCode::OK,
        &UpdatesPage { unread_only: filter.unread, scheduled, rows, log, transports, layout },
    )
}

async fn log(ctx: &Ctx, chat: ChatId, query: &Fields, layout: &Layout) -> Result<LogUpdate> {
    let id = |name: &str| query.text(name).and_then(|id| id.parse::<MessageId>().ok());
    let may_send = ctx.actor.may(Permission::ChatSend);
    let from = id("from").unwrap_or(MessageId(i64::MAX));
    let part = ctx.services().chats.message_slice(&ctx.actor, chat, from, id("to")).await?;
    let newest = part.messages.last().filter(|_| part.has_newer).map(|message| message.id);
    let (before, after) =
        (part.messages.iter().take(part.before), part.messages.iter().rev().take(part.after));
    let (before, after) = (before.filter(|m| is_in_log(m)).count(), after.filter(|m| is_in_log(m)).count());
    let offer = suggestion::suggestion(ctx, chat, &part.messages, layout).await?;
    let mut items = build_log(part.messages, layout, false, may_send);
    suggestion::attach(&mut items, offer);
    items.truncate(items.len().saturating_sub(after));
    items.drain(..before.min(items.len()));
    Ok(LogUpdate {
        items,
        newer: newest.map(|newest| format!("{}?after={newest}", routes::Messages(chat))),
        actions: Actions::of(&part.chat, part.newest_unread, may_send),
    })
}
