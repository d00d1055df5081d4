//! The list of chats, which is also shown beside an open chat.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::{
        Chat, ChatId, Direction, EventId, MessageId, MessageStatus, MessageTerms, Permission, Problem,
        SearchTerms,
    },
    error::Result,
    persistence::{ChatFilter, Cursor, Start, chat_cursor, parse_chat_cursor},
    presentation::{
        chats::{
            messages::{
                previews::{self, AttachmentPreview},
                view::MessageView,
            },
            view::ChatView,
        },
        http::{context::Ctx, extract::Format, fields::Fields, page::PageView, routes},
        search::{HighlightedPart, chat_search},
        ui::layout::{Layout, initials, page},
    },
    services::PageFrame,
};

/// The number of chats on a page.
const PAGE_SIZE: i64 = 50;

/// The list of chats.
pub(in crate::presentation) struct ChatList {
    pub(in crate::presentation) items: Vec<ChatItem>,
    pub(in crate::presentation) query: String,
    pub(in crate::presentation) unread_only: bool,
    pub(in crate::presentation) previous: Option<String>,
    pub(in crate::presentation) next: Option<String>,
    /// The address of the rows after the last one. It is a cursor, so that chats that move to the
    /// top do not shift the rows.
    pub(in crate::presentation) following_url: Option<String>,
    /// The address of updates of single rows, with the filter.
    pub(in crate::presentation) updates_url: String,
    pub(in crate::presentation) may_create: bool,
    /// True if no chat is open beside the list.
    pub(in crate::presentation) is_standalone: bool,
    /// The number of scheduled messages, if there are any.
    pub(in crate::presentation) scheduled: Option<i64>,
}

/// A chat in the list.
pub(in crate::presentation) struct ChatItem {
    pub(in crate::presentation) id: ChatId,
    pub(in crate::presentation) href: String,
    pub(in crate::presentation) initials: String,
    pub(in crate::presentation) name: String,
    /// The transport of the last message, for the badge on the avatar.
    pub(in crate::presentation) transport: &'static str,
    pub(in crate::presentation) transport_label: Cow<'static, str>,
    /// The row's position in the list.
    pub(in crate::presentation) cursor: String,
    pub(in crate::presentation) preview: Cow<'static, str>,
    /// The icon of a preview that describes files.
    pub(in crate::presentation) preview_icon: Option<&'static str>,
    /// The message that matches the search.
    pub(in crate::presentation) matched_message: Option<MessageId>,
    pub(in crate::presentation) snippet: Vec<HighlightedPart>,
    pub(in crate::presentation) failed: bool,
    pub(in crate::presentation) unread: i64,
    pub(in crate::presentation) time: Cow<'static, str>,
    pub(in crate::presentation) datetime: String,
    pub(in crate::presentation) current: bool,
}

#[derive(Template)]
#[template(path = "chats/list.html")]
struct ListPage {
    layout: Layout,
    list: ChatList,
}

/// Lists a page of chats, the chat with the newest message first.
///
/// # Errors
/// [`crate::error::AppError::Invalid`] for a bad query.
pub async fn show(ctx: Ctx) -> Result<Response> {
    if ctx.format == Format::Json {
        return json(&ctx, &ctx.query).await;
    }
    let (layout, list) = list_pane(&ctx, &ctx.query, None).await?;
    page(StatusCode::OK, &ListPage { layout, list })
}

async fn json(ctx: &Ctx, query: &Fields) -> Result<Response> {
    let actor = &ctx.actor;
    let request = query.page_request(25)?;
    let (found, _) = ctx.services().chats.list(actor, &filter(query)?, request).await?;
    let mut last = ctx.services().chats.last_messages(actor, &found.items).await?;
    let list = PageView::of(found, |chat| {
        let position =
            last.iter().position(|message| Some(message.id) == chat.last_message.as_ref().map(|l| l.id));
        let message = position.map(|position| MessageView::new(last.swap_remove(position), ctx.i18n));
        ChatView::new(chat, message)
    });
    Ok(Json(list).into_response())
}

pub(in crate::presentation) fn filter(query: &Fields) -> Result<ChatFilter> {
    let flag = |text: &str| match text {
        "true" | "1" | "on" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Problem::NotOneOf("true, false".into())),
    };
    let unread = query.optional("unread", flag)?.unwrap_or(false);
    let sought = query.text_or_empty("q");
    Ok(ChatFilter { terms: SearchTerms::parse(sought), text: MessageTerms::parse(sought), unread })
}

/// Creates the layout and the list, with `current` marked. The live stream of the layout begins
/// after the event of the list, or after that of the open chat if it is earlier.
pub(in crate::presentation) async fn list_pane(
    ctx: &Ctx,
    query: &Fields,
    current: Option<(ChatId, EventId)>,
) -> Result<(Layout, ChatList)> {
    let actor = &ctx.actor;
    let page = query.page_request(PAGE_SIZE)?.page;
    let filter = filter(query)?;
    let start = match query.optional("after", cursor)? {
        Some(cursor) => Start::After(cursor),
        None => Start::Offset((page - 1).saturating_mul(PAGE_SIZE)),
    };
    let found = ctx.services().chats.list_slice(actor, &filter, start, PAGE_SIZE).await?;
    let drafts = ctx.services().drafts.previews(actor, &found.items).await?;
    let mut files = previews::of(ctx, &found.items, ctx.i18n).await?;
    let newest = found.frame.last_event;
    let last_event = current.map_or(newest, |(_, event)| event.min(newest));
    let layout = Layout::new(ctx, routes::Chats::PATTERN, PageFrame { last_event, ..found.frame });
    let kept = filter_query(query);
    let separator = if kept.is_empty() { "?" } else { "&" };
    let link = |number: i64| format!("{}{kept}{separator}page={number}", routes::Chats);
    let last = found.items.last().filter(|_| found.has_more).map(|chat| chat_cursor(chat).text());
    let mut list = ChatList {
        query: query.text_or_empty("q").to_owned(),
        unread_only: filter.unread,
        previous: (page > 1).then(|| link(page - 1)),
        next: found.has_more.then(|| link(page.saturating_add(1))),
        following_url: last.map(|last| format!("{}{kept}{separator}after={last}", routes::Chats)),
        updates_url: format!("{}{kept}", routes::ChatUpdates),
        may_create: actor.may(Permission::ChatSend),
        is_standalone: current.is_none(),
        scheduled: Some(ctx.services().schedule.count(actor).await?).filter(|count| *count > 0),
        items: found
            .items
            .into_iter()
            .map(|chat| {
                let draft = drafts.get(&chat.id).map(String::as_str);
                let files = files.remove(&chat.id);
                item(chat, &layout, &kept, current.map(|(id, _)| id), draft, files)
            })
            .collect(),
    };
    chat_search::add_snippets(ctx, &list.query, &mut list.items).await?;
    Ok((layout, list))
}

/// The filter as a query string of links, so that opening a chat keeps the list.
pub(in crate::presentation) fn filter_query(query: &Fields) -> String {
    let kept = query
        .pairs()
        .into_iter()
        .filter(|(name, value)| ["q", "unread"].contains(&name.as_str()) && !value.is_empty());
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(kept);
    match text.finish() {
        empty if empty.is_empty() => empty,
        filter => format!("?{filter}"),
    }
}

fn cursor(text: &str) -> Result<Cursor, Problem> {
    parse_chat_cursor(text).ok_or(Problem::WrongType)
}

pub(in crate::presentation) fn item(
    chat: Chat,
    layout: &Layout,
    kept: &str,
    current: Option<ChatId>,
    draft: Option<&str>,
    files: Option<AttachmentPreview>,
) -> ChatItem {
    let (at, cursor) = (chat.active_at, chat_cursor(&chat).text());
    let last = chat.last_message;
    // The draft of the open chat is in the composer and not in the list.
    let draft = draft.filter(|_| current != Some(chat.id));
    let icon = files.as_ref().filter(|_| draft.is_none()).map(|files| files.icon);
    let preview = last.as_ref().map_or(Cow::Borrowed(""), |last| {
        let text = match files {
            Some(files) => files.text,
            None if last.preview.is_empty() => layout.t.get("chat-attachment"),
            None => Cow::Owned(last.preview.clone()),
        };
        match last.direction {
            Direction::Outbound => layout.t.with("chat-you", "text", text),
            Direction::Inbound => text,
        }
    });
    let transport = last.as_ref().map_or("other", |last| last.transport.as_str());
    ChatItem {
        id: chat.id,
        transport_label: layout.t.get(format!("transport-{transport}")),
        transport,
        cursor,
        href: format!("{}{kept}", routes::Chat(chat.id)),
        initials: initials(&chat.client_name),
        name: chat.client_name,
        failed: last.as_ref().is_some_and(|last| last.status == MessageStatus::Failed),
        preview_icon: icon,
        preview: match draft {
            Some(text) => layout.t.with("chat-draft", "text", text),
            None => preview,
        },
        matched_message: chat.matching_message,
        snippet: Vec::new(),
        unread: chat.unread_count,
        time: layout.short_time(&at),
        datetime: layout.datetime(&at),
        current: current == Some(chat.id),
    }
}
