//! Updates of an open page: rows of the list, messages of the open chat, and the counts in the
//! navigation.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use crate::{
    domain::{ChatId, MessageId, Permission},
    error::Result,
    presentation::{
        chats::{
            composer::delivery_routes::TransportOptions,
            list::{ChatItem, filter, filter_query},
            messages::{
                log::{LogItem, build_log},
                suggestion::{self, SuggestionBannerView},
            },
            page::Actions,
        },
        http::{context::Ctx, routes},
        ui::layout::{Layout, page},
    },
    services::{ChatUpdatesRequest, MessageRange, MessageSlice},
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
    let query = &ctx.query;
    let rows = query.text_or_empty("rows").split(',').filter_map(|id| id.parse().ok()).take(MAX_ROWS);
    let current: Option<ChatId> = query.text("chat").and_then(|id| id.parse().ok());
    let id = |name: &str| query.text(name).and_then(|id| id.parse::<MessageId>().ok());
    let range = |chat| MessageRange { chat, from: id("from").unwrap_or(MessageId(i64::MAX)), to: id("to") };
    let request = ChatUpdatesRequest {
        filter: filter(query)?,
        rows: rows.collect(),
        messages: current.map(range),
        routes: query.text("ways").is_some(),
    };
    let updates = ctx.services().chats.updates(&ctx.actor, &request).await?;
    let layout = Layout::new(&ctx, routes::Chats::PATTERN, updates.frame);
    let (filter, kept) = (request.filter, filter_query(query));
    let row = |row| ChatItem::new(row, &layout, &kept, &filter, current);
    let rows = updates.rows.into_iter().map(row).collect();
    let log = updates.messages.map(|(slice, suggestion)| {
        let suggestion = suggestion.and_then(|found| suggestion::view(found, &ctx.actor, &layout));
        LogUpdate::new(slice, suggestion, ctx.actor.may(Permission::ChatSend), &layout)
    });
    let transports = current
        .zip(updates.routes)
        .map(|(chat, (reachability, templates))| TransportOptions::new(&ctx, chat, reachability, templates));
    let scheduled = Some(updates.frame.scheduled_messages).filter(|count| *count > 0);
    page(
        StatusCode::OK,
        &UpdatesPage { unread_only: filter.unread, scheduled, rows, log, transports, layout },
    )
}

impl LogUpdate {
    fn new(
        part: MessageSlice,
        suggestion: Option<(MessageId, SuggestionBannerView)>,
        may_send: bool,
        layout: &Layout,
    ) -> Self {
        let newest = part.messages.last().filter(|_| part.has_newer).map(|message| message.id);
        // The order of writing may differ from that of arrival, so that neighbours are told by their ids.
        let (start, end) = (part.before, part.messages.len().saturating_sub(part.after));
        let requested: Vec<_> =
            part.messages.get(start..end).unwrap_or_default().iter().map(|message| message.id).collect();
        let mut items = build_log(part.messages, &part.waits, layout, false, may_send);
        suggestion::attach(&mut items, suggestion);
        items.retain(|item| requested.contains(&item.message.id));
        Self {
            items,
            newer: newest.map(|newest| format!("{}?after={newest}", routes::Messages(part.chat.id))),
            actions: Actions::of(&part.chat, part.newest_unread, may_send),
        }
    }
}
