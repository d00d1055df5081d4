//! Sending a message.

use axum::{extract::State, http::HeaderMap, response::Response};
use chrono::{DateTime, Utc};

use super::show::render;
use crate::{
    domain::{ChatId, FieldErrors, Message, MessageText, Patch, Permission, Problem, Transport},
    error::Result,
    presentation::{
        AppState,
        extract::{Format, Ids, Input, Query, SignedIn},
        fields::Fields,
        forms::{created, refused},
        routes,
        texts::Texts,
        views::MessageView,
    },
    services::Outgoing,
};

/// The longest idempotency key.
const KEY_LIMIT: usize = 255;

/// Queues a message. With an `Idempotency-Key`, or the form's own, a repeat gives the first result.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Ids(id): Ids<ChatId>,
    Query(query): Query,
    headers: HeaderMap,
    Input(fields): Input,
) -> Result<Response> {
    match send(&state, &signed_in, id, &headers, &fields).await {
        Ok(message) => {
            let location = format!("{}?before={}", routes::Messages(id), message.id.0 + 1);
            let view = MessageView::new(message, Texts::new(signed_in.actor.locale()));
            Ok(created(format, &location, &routes::Chat(id).to_string(), &view))
        }
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, id, &query, status, form);
            refused(error, format, &fields, Texts::new(signed_in.actor.locale()), render).await
        }
    }
}

async fn send(
    state: &AppState,
    signed_in: &SignedIn,
    id: ChatId,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Message> {
    let actor = &signed_in.actor;
    actor.require(Permission::ChatSend)?;
    // Before the fields are looked at, so that a stranger's chat is not there rather than invalid.
    state.services.chats.find(actor, id).await?;
    fields.refuse_files("attachments")?;
    let mut errors = FieldErrors::default();
    let text = fields.patch("message").and_then(|patch| match patch {
        Patch::Set(text) => MessageText::parse(&text),
        Patch::Keep | Patch::Clear => Err(Problem::Required),
    });
    let text = errors.check("message", text);
    let transport = errors.check("transport", optional(fields, "transport", str::parse::<Transport>));
    let scheduled_at = errors.check("scheduled_at", optional(fields, "scheduled_at", time));
    let key = headers.get("idempotency-key").map(|value| str::from_utf8(value.as_bytes()));
    // A key that can't be read must not look as if it were none: the message would go out again.
    let key = key.transpose().map_err(|_| Problem::BadCharacters);
    let key = errors.check("idempotency_key", key).flatten();
    let key = key.or(fields.text("idempotency_key")).filter(|key| !key.is_empty());
    if key.is_some_and(|key| key.chars().count() > KEY_LIMIT || key.contains('\0')) {
        errors.push("idempotency_key", Problem::TooLong { max: KEY_LIMIT });
    }
    let outgoing = Outgoing {
        text: text.unwrap_or_default(),
        transport: transport.flatten(),
        idempotency_key: key.map(str::to_owned),
        scheduled_at: scheduled_at.flatten(),
    };
    state.services.chats.send(actor, id, errors.or(outgoing)?).await
}

fn optional<T>(
    fields: &Fields,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, Problem>,
) -> Result<Option<T>, Problem> {
    match fields.patch(name)? {
        Patch::Set(text) => parse(&text).map(Some),
        Patch::Keep | Patch::Clear => Ok(None),
    }
}

fn time(text: &str) -> Result<DateTime<Utc>, Problem> {
    DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()).map_err(|_| Problem::NotATime)
}
