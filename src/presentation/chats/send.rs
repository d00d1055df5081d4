//! Sending a message.

use axum::{extract::State, http::HeaderMap, response::Response};

use super::{
    draft::{moment, template_id},
    show::render,
};
use crate::{
    domain::{
        ChatId, FieldErrors, Message, MessageText, Patch, Permission, Preset, Problem, Transport,
        parse_moment,
    },
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
pub(super) const KEY_LIMIT: usize = 255;

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
    let (now, zone) = (state.services.foundation().clock.now(), actor.tenant.time_zone);
    let preset = optional(fields, "preset", |text| Ok(text.parse::<Preset>()?.moment(now, zone)));
    let preset = errors.check("preset", preset).flatten();
    let chosen = optional(fields, "scheduled_at", |text| parse_moment(text, zone));
    let chosen = errors.check("scheduled_at", chosen);
    if chosen == Some(None) && fields.text("later").is_some() {
        errors.push("scheduled_at", Problem::Required);
    }
    let scheduled_at = preset.or(chosen.flatten());
    let template = errors.check("template_id", optional(fields, "template_id", template_id));
    // The composer sends this field, filled in by its script; with it, the draft is done with.
    let written_at = match fields.patch("written_at") {
        Ok(Patch::Keep) => Ok(None),
        Ok(Patch::Clear) => Ok(Some(now)),
        Ok(Patch::Set(text)) => moment(&text).map(Some),
        Err(problem) => Err(problem),
    };
    let written_at = errors.check("written_at", written_at);
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
        scheduled_at,
        template: template.flatten(),
        written_at: written_at.flatten(),
    };
    state.services.chats.send(actor, id, errors.or(outgoing)?).await
}

/// The value of an optional field, parsed.
pub(super) fn optional<T>(
    fields: &Fields,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, Problem>,
) -> Result<Option<T>, Problem> {
    match fields.patch(name)? {
        Patch::Set(text) => parse(&text).map(Some),
        Patch::Keep | Patch::Clear => Ok(None),
    }
}
