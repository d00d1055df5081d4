//! What changed on a page that is open: single rows of the list, some messages of a conversation, and the frame's counts.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use crate::presentation::{
    chats::{
        composer::delivery_routes::Ways,
        list::{ChatItem, filter, item, kept_query},
        messages::{
            log::{LogItem, is_shown, lay_out},
            previews, suggestion,
        },
        page::Actions,
    },
    search::snippets,
};
use crate::{
    domain::{Chat, ChatId, MessageId, Permission},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Query, SignedIn},
            fields::Fields,
            routes,
        },
        ui::layout::{Layout, page},
    },
};

/// The most rows that are asked for at once.
const ROWS: usize = 100;

#[derive(Template)]
#[template(path = "chats/live_updates.html")]
struct PartsPage {
    layout: Layout,
    unread_only: bool,
    scheduled: Option<i64>,
    rows: Vec<ChatItem>,
    log: Option<Log>,
    /// The ways to the client, where they may have changed.
    ways: Option<Ways>,
}

struct Log {
    items: Vec<LogItem>,
    newer: Option<String>,
    actions: Actions,
}

/// The rows of `rows` that the list's filter lets through; of the chat `chat`, the messages `from` one `to` another, and
/// with `ways` how its client can be written to.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query,
) -> Result<Response> {
    let actor = &signed_in.actor;
    let chats = &state.services.chats;
    let filter = filter(&query)?;
    let ids: Vec<ChatId> =
        query.typed("rows").split(',').filter_map(|id| id.parse().ok()).take(ROWS).collect();
    let current: Option<ChatId> = query.text("chat").and_then(|id| id.parse().ok());
    let found = chats.some(actor, &filter, &ids).await?;
    let layout = Layout::new(&state, &signed_in, crate::presentation::chats::NAME, None).await?;
    let kept = kept_query(&query);
    let drafts = state.services.drafts.previews(actor, &found).await?;
    let mut files = previews::of(&state, &signed_in, &found, layout.t).await?;
    let row = |chat: Chat| {
        let draft = drafts.get(&chat.id).map(String::as_str);
        let files = files.remove(&chat.id);
        item(chat, &layout, &kept, current, draft, files)
    };
    let mut rows: Vec<_> = found.into_iter().map(row).collect();
    snippets::show(&state, &signed_in, query.typed("q"), &mut rows).await?;
    let log = match current {
        Some(chat) => Some(log(&state, &signed_in, chat, &query, &layout).await?),
        None => None,
    };
    let ways = match current.filter(|_| query.text("ways").is_some()) {
        Some(chat) => {
            let (client, ways, closed) = chats.ways(actor, chat).await?;
            Some(Ways::new(&state, &signed_in, chat, &client, (ways, closed), layout.t).await?)
        }
        None => None,
    };
    let scheduled = Some(state.services.schedule.count(actor).await?).filter(|count| *count > 0);
    page(StatusCode::OK, &PartsPage { unread_only: filter.unread, scheduled, rows, log, ways, layout })
}

async fn log(
    state: &AppState,
    signed_in: &SignedIn,
    chat: ChatId,
    query: &Fields,
    layout: &Layout,
) -> Result<Log> {
    let id = |name: &str| query.text(name).and_then(|id| id.parse::<MessageId>().ok());
    let may_send = signed_in.actor.may(Permission::ChatSend);
    let from = id("from").unwrap_or(MessageId(i64::MAX));
    let part = state.services.chats.log_part(&signed_in.actor, chat, from, id("to")).await?;
    let newest = part.messages.last().filter(|_| part.has_newer).map(|message| message.id);
    let (before, after) =
        (part.messages.iter().take(part.before), part.messages.iter().rev().take(part.after));
    let (before, after) = (before.filter(|m| is_shown(m)).count(), after.filter(|m| is_shown(m)).count());
    let offer = suggestion::offer(state, signed_in, chat, &part.messages, layout).await?;
    let mut items = lay_out(part.messages, layout, false, may_send);
    suggestion::place(&mut items, offer);
    items.truncate(items.len().saturating_sub(after));
    items.drain(..before.min(items.len()));
    Ok(Log {
        items,
        newer: newest.map(|newest| format!("{}?after={newest}", routes::Messages(chat))),
        actions: Actions::of(&part.chat, part.newest_unread, may_send),
    })
}
