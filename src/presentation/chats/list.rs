//! The list of chats, which is also shown beside an open chat.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::{ChatId, MessageStatus, MessageTerms, MessageText, Permission, Problem, SearchTerms},
    error::Result,
    persistence::{ChatFilter, ListedChat, Start, parse_chat_cursor},
    presentation::{
        chats::{
            messages::{previews::AttachmentPreview, view::MessageView},
            view::ChatView,
        },
        http::{context::Ctx, extract::Format, fields::Fields, page::PageView, routes},
        search::{HighlightedPart, chat_search::snippet, highlight_terms},
        ui::layout::{Layout, initials, page},
    },
    services::ChatListSlice,
};

/// The number of chats on a page.
pub(in crate::presentation) const PAGE_SIZE: i64 = 50;

/// The list of chats.
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
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
    /// True if the workspace has no chat, so that there is none to choose.
    pub(in crate::presentation) is_empty_workspace: bool,
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
    /// The name of the client in parts, with the matches of a search marked.
    pub(in crate::presentation) name: Vec<HighlightedPart>,
    /// The transport of the last message, for the badge on the avatar.
    pub(in crate::presentation) transport: Option<&'static str>,
    pub(in crate::presentation) transport_label: Option<Cow<'static, str>>,
    /// The row's position in the list.
    pub(in crate::presentation) cursor: String,
    pub(in crate::presentation) preview: Cow<'static, str>,
    /// The icon of a preview that describes files.
    pub(in crate::presentation) preview_icon: Option<&'static str>,
    pub(in crate::presentation) snippet: Vec<HighlightedPart>,
    pub(in crate::presentation) failed: bool,
    /// True if nobody knows whether the last message was delivered.
    pub(in crate::presentation) unconfirmed: bool,
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
    let (filter, start) = (filter(&ctx.query)?, start(&ctx.query)?);
    let found = ctx.services().chats.list_slice(&ctx.actor, &filter, start, PAGE_SIZE).await?;
    let layout = Layout::new(&ctx, routes::Chats::PATTERN, found.frame);
    let list = ChatList::new(&ctx, &ctx.query, found, &layout, None)?;
    page(StatusCode::OK, &ListPage { layout, list })
}

async fn json(ctx: &Ctx, query: &Fields) -> Result<Response> {
    let actor = &ctx.actor;
    let request = query.page_request(25)?;
    let (found, mut last) = ctx.services().chats.list(actor, &filter(query)?, request).await?;
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

/// The position at which the list of an address begins.
pub(in crate::presentation) fn start(query: &Fields) -> Result<Start> {
    let filter = filter(query)?;
    let cursor =
        query.optional("after", |text| parse_chat_cursor(&filter, text).ok_or(Problem::WrongType))?;
    let page = page_number(query)?;
    Ok(cursor.map_or(Start::Offset((page - 1).saturating_mul(PAGE_SIZE)), Start::After))
}

fn page_number(query: &Fields) -> Result<i64> {
    Ok(query.page_request(PAGE_SIZE)?.page)
}

impl ChatList {
    /// Creates the list, with the open chat marked.
    pub(in crate::presentation) fn new(
        ctx: &Ctx,
        query: &Fields,
        found: ChatListSlice,
        layout: &Layout,
        current: Option<ChatId>,
    ) -> Result<Self> {
        let page = page_number(query)?;
        let kept = filter_query(query);
        let separator = if kept.is_empty() { "?" } else { "&" };
        let link = |number: i64| format!("{}{kept}{separator}page={number}", routes::Chats);
        let last = found.items.last().filter(|_| found.has_more).map(|row| row.cursor().text());
        let filter = filter(query)?;
        let item = |row| ChatItem::new(row, layout, &kept, &filter, current);
        Ok(Self {
            query: query.text_or_empty("q").to_owned(),
            unread_only: filter.unread,
            previous: (page > 1).then(|| link(page - 1)),
            next: found.has_more.then(|| link(page.saturating_add(1))),
            following_url: last.map(|last| format!("{}{kept}{separator}after={last}", routes::Chats)),
            updates_url: format!("{}{kept}", routes::ChatUpdates),
            may_create: ctx.actor.may(Permission::ChatSend),
            is_empty_workspace: found.items.is_empty() && page == 1 && kept.is_empty(),
            is_standalone: current.is_none(),
            scheduled: Some(found.frame.scheduled_messages).filter(|count| *count > 0),
            items: found.items.into_iter().map(item).collect(),
        })
    }
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

impl ChatItem {
    /// Creates the row of a chat. Its link keeps the filter of the list (`kept`); in the results of a search it shows where
    /// the terms occur.
    pub(in crate::presentation) fn new(
        row: ListedChat,
        layout: &Layout,
        kept: &str,
        filter: &ChatFilter,
        current: Option<ChatId>,
    ) -> Self {
        let cursor = row.cursor().text();
        let ListedChat { chat, draft, last_author, files, matching_message, .. } = row;
        let at = chat.active_at;
        let last = chat.last_message;
        // The draft of the open chat is in the composer and not in the list.
        let draft = draft.filter(|_| current != Some(chat.id));
        let files = AttachmentPreview::new(&files, layout.t);
        let preview_icon = files.as_ref().filter(|_| draft.is_none()).map(|files| files.icon);
        let preview = last.as_ref().map_or(Cow::Borrowed(""), |last| {
            let text = match files {
                Some(files) => files.text,
                None if last.preview.is_empty() => layout.t.get("chat-attachment"),
                None => Cow::Owned(last.preview.clone()),
            };
            match &last_author {
                Some((id, _)) if *id == layout.user_id => layout.t.with("chat-you", "text", text),
                Some((_, name)) => layout.t.args(
                    "chat-author",
                    &[("name", name.clone().into()), ("text", text.into_owned().into())],
                ),
                None => text,
            }
        });
        let transport = last.as_ref().map(|last| last.transport.as_str());
        let (href, snippet) = match matching_message {
            Some((message, text)) => {
                let kept = kept.replacen('?', "&", 1);
                (format!("{}?message={message}{kept}", routes::Chat(chat.id)), snippet(&text, &filter.text))
            }
            None => (format!("{}{kept}", routes::Chat(chat.id)), Vec::new()),
        };
        Self {
            id: chat.id,
            transport_label: transport.map(|name| layout.t.get(format!("transport-{name}"))),
            transport,
            cursor,
            href,
            initials: initials(&chat.client_name),
            name: highlight_terms(&chat.client_name, &filter.terms),
            unconfirmed: last.as_ref().is_some_and(|last| last.status == MessageStatus::Unknown),
            failed: last.as_ref().is_some_and(|last| last.status == MessageStatus::Failed),
            preview_icon,
            preview: match draft {
                Some(text) => {
                    layout.t.with("chat-draft", "text", MessageText::from_provider(&text).preview())
                }
                None => preview,
            },
            snippet,
            unread: chat.unread_count,
            time: layout.short_time(&at),
            datetime: layout.datetime(&at),
            current: current == Some(chat.id),
        }
    }
}
