//! The tabs of a client's page for messages and for actions.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{Changes, ChatId, ClientId, Event},
    error::Result,
    persistence::AuditEntry,
    presentation::{
        chats::messages::view::{MessageView, MessagesView},
        clients::profile::Profile,
        http::{
            context::Ctx,
            extract::{Format, PathIds},
            routes,
        },
        ui::{
            change_view::ChangeView,
            i18n::I18n,
            layout::{Layout, page},
        },
    },
    services::{ClientActionsPage, ClientMessagesPage},
};

#[derive(Template)]
#[template(path = "clients/messages.html")]
struct MessagesPage {
    layout: Layout,
    profile: Profile,
    chat: Option<ChatId>,
    messages: MessagesView,
}

/// Lists the newest messages of the client's chat in ascending order.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn messages(ctx: Ctx, PathIds(id): PathIds<ClientId>) -> Result<Response> {
    let ClientMessagesPage { client, chat, messages, has_more, frame } =
        ctx.services().clients.open_messages(&ctx.actor, id).await?;
    let items = messages.into_iter().map(|message| MessageView::new(message, ctx.i18n)).collect();
    let messages = MessagesView { items, has_more };
    if ctx.format == Format::Json {
        return Ok(Json(messages).into_response());
    }
    let profile = Profile::new(&ctx, client, "messages");
    let layout = Layout::new(&ctx, routes::Clients::PATTERN, frame);
    page(StatusCode::OK, &MessagesPage { layout, profile, chat, messages })
}

#[derive(Template)]
#[template(path = "clients/actions.html")]
struct ActionsPage {
    layout: Layout,
    profile: Profile,
    history: Option<Vec<EntryView>>,
    /// True if the client can be invited to a bot.
    may_invite: bool,
}

#[derive(Serialize)]
struct ActionsView {
    /// The history of the client, the newest entry first; `None` if the user may not read the audit
    /// log.
    history: Option<Vec<EntryView>>,
}

#[derive(Serialize)]
struct EntryView {
    #[serde(rename = "type")]
    kind: String,
    /// The names of the changed fields, if they were recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<String>,
    /// The changed fields in words.
    #[serde(skip)]
    changed_fields: String,
    /// The old and new values.
    #[serde(skip_serializing_if = "Changes::is_empty")]
    changes: Changes,
    /// The old and new values with the fields in words.
    #[serde(skip)]
    values: Vec<ChangeView>,
    /// The user; `None` for providers and the system.
    actor: Option<String>,
    at: DateTime<Utc>,
}

impl EntryView {
    fn of(entry: AuditEntry, i18n: I18n) -> Self {
        let AuditEntry { kind, event, actor_name: actor, changes, at, .. } = entry;
        let fields = match event {
            Some(Event::ClientUpdated { changes, .. }) => changes.names().map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let changed_fields = changed_field_names(&fields, i18n);
        let values = ChangeView::all(&changes, i18n);
        Self { kind, fields, changed_fields, changes, values, actor, at }
    }
}

/// The titles of fields, separated by commas; fields that this version does not know are left out.
fn changed_field_names(fields: &[String], i18n: I18n) -> String {
    let keys = fields.iter().map(|name| format!("field-{name}")).filter(|key| i18n.has(key));
    keys.map(|key| i18n.get(key).into_owned()).collect::<Vec<_>>().join(", ")
}

/// Shows the actions and the history.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn actions(ctx: Ctx, PathIds(id): PathIds<ClientId>) -> Result<Response> {
    let ClientActionsPage { client, history, may_invite, frame } =
        ctx.services().clients.open_actions(&ctx.actor, id).await?;
    let history: Option<Vec<_>> =
        history.map(|entries| entries.into_iter().map(|deed| EntryView::of(deed, ctx.i18n)).collect());
    if ctx.format == Format::Json {
        return Ok(Json(ActionsView { history }).into_response());
    }
    let profile = Profile::new(&ctx, client, "actions");
    let layout = Layout::new(&ctx, routes::Clients::PATTERN, frame);
    page(StatusCode::OK, &ActionsPage { layout, profile, history, may_invite })
}
