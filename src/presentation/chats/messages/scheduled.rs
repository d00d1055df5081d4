//! A message that waits for its time: changing it, cancelling it, sending it now.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use crate::presentation::chats::{composer::datetime_local, messages::send::optional};
use crate::{
    domain::{ChatId, FieldErrors, Message, MessageId, MessageText, Patch, Problem, parse_scheduled_time},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, PathIds, SignedIn},
            fields::Fields,
            form::{Form, changed, deleted, form_or_error},
            routes,
            views::MessageView,
        },
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
};

#[derive(Template)]
#[template(path = "chats/scheduled_message.html")]
struct SchedulePage {
    layout: Layout,
    form: Form,
    name: String,
    zone: &'static str,
    action: String,
    back: String,
}

/// The form for another text or time.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`]; [`crate::error::AppError::Conflict`]
/// when it is too late.
pub async fn form(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds((id, message)): PathIds<(ChatId, MessageId)>,
) -> Result<Response> {
    let waiting = state.services.schedule.get(&signed_in.actor, id, message).await?;
    if format == Format::Json {
        return Ok(Json(view(waiting, &signed_in)).into_response());
    }
    let at = waiting.scheduled_at.map(|at| datetime_local(at, signed_in.actor.tenant.time_zone));
    let form = Form::filled([("message", Some(waiting.text)), ("scheduled_at", at)]);
    render(&state, &signed_in, (id, message), StatusCode::OK, form).await
}

/// Changes text, time or both.
///
/// # Errors
/// As [`form`], and [`crate::error::AppError::Invalid`].
pub async fn change(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds((id, message)): PathIds<(ChatId, MessageId)>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    match read(&state, &signed_in, (id, message), &fields).await {
        Ok(changed_one) => {
            let view = view(changed_one, &signed_in);
            Ok(changed(format, &routes::Chat(id).to_string(), &view))
        }
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, (id, message), status, form);
            form_or_error(error, format, &fields, I18n::new(signed_in.actor.locale()), render).await
        }
    }
}

async fn read(
    state: &AppState,
    signed_in: &SignedIn,
    (chat, id): (ChatId, MessageId),
    fields: &Fields,
) -> Result<Message> {
    let actor = &signed_in.actor;
    state.services.schedule.get(actor, chat, id).await?;
    let mut errors = FieldErrors::default();
    let text = fields.patch("message").and_then(|patch| match patch {
        Patch::Set(text) => MessageText::parse(&text).map(Some),
        Patch::Keep => Ok(None),
        Patch::Clear => Err(Problem::Required),
    });
    let text = errors.check("message", text);
    let zone = actor.tenant.time_zone;
    let at = optional(fields, "scheduled_at", |text| parse_scheduled_time(text, zone));
    let at = errors.check("scheduled_at", at);
    let (text, at) = errors.or((text.flatten(), at.flatten()))?;
    state.services.schedule.change(actor, chat, id, text, at).await
}

async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    (chat, id): (ChatId, MessageId),
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    page(
        status,
        &SchedulePage {
            layout: Layout::new(state, signed_in, routes::Chats::PATTERN, None).await?,
            form,
            name: state.services.chats.find(&signed_in.actor, chat).await?.client_name,
            zone: signed_in.actor.tenant.time_zone.name(),
            action: routes::ScheduledMessage(chat, id).to_string(),
            back: routes::Chat(chat).to_string(),
        },
    )
}

/// Cancels it: nothing is left of it.
///
/// # Errors
/// As [`form`].
pub async fn cancel(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds((id, message)): PathIds<(ChatId, MessageId)>,
) -> Result<Response> {
    state.services.schedule.cancel(&signed_in.actor, id, message).await?;
    Ok(deleted(format, &routes::Chat(id).to_string()))
}

/// Sends it now: it is due, and the worker takes it.
///
/// # Errors
/// As [`form`].
pub async fn send_now(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds((id, message)): PathIds<(ChatId, MessageId)>,
) -> Result<Response> {
    let message = state.services.schedule.send_now(&signed_in.actor, id, message).await?;
    Ok(match format {
        Format::Json => (StatusCode::ACCEPTED, Json(view(message, &signed_in))).into_response(),
        Format::Html => Redirect::to(&routes::Chat(id).to_string()).into_response(),
    })
}

fn view(message: Message, signed_in: &SignedIn) -> MessageView {
    MessageView::new(message, I18n::new(signed_in.actor.locale()))
}
