//! The list of chats, which is also the left pane of a conversation.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::{Chat, ChatId, Direction, EventId, MessageStatus, Permission, Problem, SearchTerms},
    error::Result,
    persistence::ChatFilter,
    presentation::{
        AppState,
        extract::{Format, Query, SignedIn},
        fields::Fields,
        layout::{Layout, initials, page},
        routes,
        texts::Texts,
        views::{ChatView, MessageView, PageView},
    },
};

/// Chats on one page of the pane.
const PANE: i64 = 50;

/// The pane with the list.
pub(super) struct ChatList {
    pub(super) items: Vec<ChatItem>,
    pub(super) query: String,
    pub(super) unread_only: bool,
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
    pub(super) may_open: bool,
}

/// A chat in the list.
pub(super) struct ChatItem {
    pub(super) id: ChatId,
    pub(super) href: String,
    pub(super) initials: String,
    pub(super) name: String,
    /// The transport of the last message, for the dot on the avatar.
    pub(super) via: &'static str,
    pub(super) preview: Cow<'static, str>,
    pub(super) failed: bool,
    pub(super) unread: i64,
    pub(super) time: Cow<'static, str>,
    pub(super) datetime: String,
    pub(super) current: bool,
}

#[derive(Template)]
#[template(path = "chats/list.html")]
struct ListPage {
    layout: Layout,
    list: ChatList,
}

/// A page of chats, the newest message first.
///
/// # Errors
/// [`crate::error::AppError::Invalid`] for a bad query.
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Query(query): Query,
) -> Result<Response> {
    if format == Format::Json {
        return json(&state, &signed_in, &query).await;
    }
    let (layout, list) = pane(&state, &signed_in, &query, None).await?;
    page(StatusCode::OK, &ListPage { layout, list })
}

async fn json(state: &AppState, signed_in: &SignedIn, query: &Fields) -> Result<Response> {
    let actor = &signed_in.actor;
    let request = query.page_request(25)?;
    let (found, _) = state.services.chats.list(actor, &filter(query)?, request).await?;
    let texts = Texts::new(actor.locale());
    let mut last = state.services.chats.last_messages(actor, &found.items).await?;
    let list = PageView::of(found, |chat| {
        let position =
            last.iter().position(|message| Some(message.id) == chat.last_message.as_ref().map(|l| l.id));
        let message = position.map(|position| MessageView::new(last.swap_remove(position), texts));
        ChatView::new(chat, message)
    });
    Ok(Json(list).into_response())
}

fn filter(query: &Fields) -> Result<ChatFilter> {
    let flag = |text: &str| match text {
        "true" | "1" | "on" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Problem::NotOneOf("true, false")),
    };
    let unread = query.optional("unread", flag)?.unwrap_or(false);
    Ok(ChatFilter { terms: SearchTerms::parse(query.typed("q")), unread })
}

/// The pane and the frame around it, with `current` marked; the frame's events follow the moment of the list, or an
/// earlier one that the page knows.
pub(super) async fn pane(
    state: &AppState,
    signed_in: &SignedIn,
    query: &Fields,
    current: Option<(ChatId, EventId)>,
) -> Result<(Layout, ChatList)> {
    let actor = &signed_in.actor;
    let request = query.page_request(PANE)?;
    let filter = filter(query)?;
    let (found, last_event) = state.services.chats.list(actor, &filter, request).await?;
    let drafts = state.services.drafts.previews(actor, &found.items).await?;
    let moment = current.map_or(last_event, |(_, event)| event.min(last_event));
    let layout = Layout::new(state, signed_in, super::NAME, Some(moment)).await?;
    let kept = kept_query(query);
    let link = |number: i64| {
        let separator = if kept.is_empty() { "?" } else { "&" };
        format!("{}{kept}{separator}page={number}", routes::Chats)
    };
    let list = ChatList {
        query: query.typed("q").to_owned(),
        unread_only: filter.unread,
        previous: (request.page > 1).then(|| link(request.page - 1)),
        next: found.has_more().then(|| link(request.page + 1)),
        may_open: actor.may(Permission::ChatSend),
        items: found
            .items
            .into_iter()
            .map(|chat| {
                let draft = drafts.get(&chat.id).map(String::as_str);
                item(chat, &layout, &kept, current.map(|(id, _)| id), draft)
            })
            .collect(),
    };
    Ok((layout, list))
}

/// The filter as it goes along with links, so that opening a chat keeps the list.
pub(super) fn kept_query(query: &Fields) -> String {
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

fn item(chat: Chat, layout: &Layout, kept: &str, current: Option<ChatId>, draft: Option<&str>) -> ChatItem {
    let at = chat.last_message.as_ref().map_or(chat.created_at, |last| last.at);
    let last = chat.last_message;
    let preview =
        last.as_ref().map_or(Cow::Borrowed(""), |last| match (last.preview.is_empty(), last.direction) {
            (true, _) => layout.t.get("chat-attachment"),
            (false, Direction::Outbound) => layout.t.with("chat-you", "text", &last.preview),
            (false, Direction::Inbound) => Cow::Owned(last.preview.clone()),
        });
    ChatItem {
        id: chat.id,
        href: format!("{}{kept}", routes::Chat(chat.id)),
        initials: initials(&chat.client_name),
        name: chat.client_name,
        via: last.as_ref().map_or("other", |last| last.transport.as_str()),
        failed: last.as_ref().is_some_and(|last| last.status == MessageStatus::Failed),
        // What one writes right now is not news.
        preview: match draft.filter(|_| current != Some(chat.id)) {
            Some(text) => layout.t.with("chat-draft", "text", text),
            None => preview,
        },
        unread: chat.unread_count,
        time: layout.recent(&at),
        datetime: at.to_rfc3339(),
        current: current == Some(chat.id),
    }
}
