//! All that is to go out later.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{ChatId, MessageId, Permission, ScheduledMessage},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, Query, SignedIn},
            routes,
            views::PageView,
        },
        ui::layout::{Layout, page},
    },
};

/// A message that waits, as programs read it.
#[derive(Debug, Serialize)]
struct ScheduledView {
    id: MessageId,
    chat_id: ChatId,
    client: ScheduledClientView,
    sender: String,
    transport: &'static str,
    message: String,
    scheduled_at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
struct ScheduledClientView {
    id: crate::domain::ClientId,
    full_name: String,
}

impl From<ScheduledMessage> for ScheduledView {
    fn from(message: ScheduledMessage) -> Self {
        Self {
            id: message.id,
            chat_id: message.chat,
            client: ScheduledClientView { id: message.client, full_name: message.client_name },
            sender: message.sender,
            transport: message.transport.as_str(),
            message: message.text,
            scheduled_at: message.at,
        }
    }
}

/// A message that waits, as pages show it.
pub(in crate::presentation) struct ScheduledItem {
    pub(in crate::presentation) id: MessageId,
    pub(in crate::presentation) chat: String,
    pub(in crate::presentation) client: String,
    pub(in crate::presentation) sender: String,
    pub(in crate::presentation) transport: Cow<'static, str>,
    pub(in crate::presentation) text: String,
    pub(in crate::presentation) moment: String,
    pub(in crate::presentation) datetime: String,
    /// Where it is changed and cancelled.
    pub(in crate::presentation) schedule: String,
    pub(in crate::presentation) send_now: String,
}

impl ScheduledItem {
    pub(in crate::presentation) fn new(message: ScheduledMessage, layout: &Layout) -> Self {
        Self {
            id: message.id,
            chat: routes::Chat(message.chat).to_string(),
            client: message.client_name,
            sender: message.sender,
            transport: layout.t.get(format!("transport-{}", message.transport.as_str())),
            text: message.text,
            moment: layout.date_and_time(&message.at),
            datetime: layout.datetime(&message.at),
            schedule: routes::ScheduledMessage(message.chat, message.id).to_string(),
            send_now: routes::SendNow(message.chat, message.id).to_string(),
        }
    }
}

#[derive(Template)]
#[template(path = "chats/scheduled_messages.html")]
struct ScheduledPage {
    layout: Layout,
    items: Vec<ScheduledItem>,
    zone: &'static str,
    total: i64,
    previous: Option<String>,
    next: Option<String>,
    may_send: bool,
}

/// A page of messages that wait for their time, the soonest first.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn list(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Query(query): Query,
) -> Result<Response> {
    let actor = &signed_in.actor;
    let found = state.services.schedule.list(actor, query.page_request(25)?).await?;
    if format == Format::Json {
        return Ok(Json(PageView::of(found, ScheduledView::from)).into_response());
    }
    let layout = Layout::new(&state, &signed_in, routes::Chats::PATTERN, None).await?;
    let link = |number: i64| format!("{}?page={number}", routes::ScheduledMessages);
    page(
        StatusCode::OK,
        &ScheduledPage {
            zone: actor.tenant.time_zone.name(),
            total: found.total,
            previous: (found.request.page > 1).then(|| link(found.request.page - 1)),
            next: found.has_more().then(|| link(found.request.page + 1)),
            may_send: actor.may(Permission::ChatSend),
            items: found.items.into_iter().map(|message| ScheduledItem::new(message, &layout)).collect(),
            layout,
        },
    )
}
