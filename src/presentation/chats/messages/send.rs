//! Sending a message.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};

use crate::presentation::chats::{
    composer::draft::{parse_timestamp, template_id},
    page::render,
};
use crate::{
    domain::{
        ChatId, FieldErrors, MAX_FILES, Message, MessageText, Patch, Permission, Problem, SchedulePreset,
        Transport, UPLOAD_LIMIT, parse_scheduled_time,
    },
    error::{AppError, Result},
    presentation::{
        AppState,
        http::{
            extract::{BODY_LIMIT, Format, PathIds, Query, SignedIn},
            fields::Fields,
            form::{created, form_or_error},
            multipart::{Multipart, SubmittedForm},
            routes,
            views::MessageView,
        },
        ui::i18n::I18n,
    },
    services::{OutgoingMessage, Uploads},
};

/// The longest idempotency key.
pub(in crate::presentation) const MAX_KEY_LENGTH: usize = 255;

/// Queues a message. With an `Idempotency-Key`, or the form's own, a repeat gives the first result.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ChatId>,
    Query(query): Query,
    headers: HeaderMap,
    SubmittedForm { mut fields, files }: SubmittedForm,
) -> Result<Response> {
    match send(&state, &signed_in, id, &headers, &mut fields, files).await {
        Ok(message) => {
            let location = format!("{}?before={}", routes::Messages(id), message.id.0 + 1);
            let view = MessageView::new(message, I18n::new(signed_in.actor.locale()));
            Ok(created(format, &location, &routes::Chat(id).to_string(), &view))
        }
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, id, &query, status, form);
            form_or_error(error, format, &fields, I18n::new(signed_in.actor.locale()), render).await
        }
    }
}

async fn send(
    state: &AppState,
    signed_in: &SignedIn,
    id: ChatId,
    headers: &HeaderMap,
    fields: &mut Fields,
    files: Option<Multipart>,
) -> Result<Message> {
    let actor = &signed_in.actor;
    actor.require(Permission::ChatSend)?;
    // Before the fields are looked at, so that a stranger's chat is not there rather than invalid.
    state.services.chats.find(actor, id).await?;
    let mut uploads = state.services.files.uploads(actor)?;
    if let Some(form) = files {
        // A repeat is answered before its files are taken in for nothing; its key may also come after them.
        if let Ok(Some(key)) = idempotency_key(headers, fields)
            && let Some(first) = state.services.chats.find_by_idempotency_key(actor, id, &key).await?
        {
            return Ok(first);
        }
        read_uploads(&mut uploads, form, headers, fields).await?;
    }
    fields.reject_files("attachments")?;
    let mut errors = FieldErrors::default();
    let text = fields.patch("message").and_then(|patch| match patch {
        Patch::Set(text) => MessageText::parse(&text),
        Patch::Keep | Patch::Clear if uploads.files().is_empty() => Err(Problem::Required),
        Patch::Keep | Patch::Clear => Ok(MessageText::default()),
    });
    let text = errors.check("message", text);
    let transport = errors.check("transport", optional(fields, "transport", str::parse::<Transport>));
    let (now, zone) = (state.services.dependencies().clock.now(), actor.tenant.time_zone);
    let preset = optional(fields, "preset", |text| Ok(text.parse::<SchedulePreset>()?.time_after(now, zone)));
    let preset = errors.check("preset", preset).flatten();
    let chosen = optional(fields, "scheduled_at", |text| parse_scheduled_time(text, zone));
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
        Ok(Patch::Set(text)) => parse_timestamp(&text).map(Some),
        Err(problem) => Err(problem),
    };
    let written_at = errors.check("written_at", written_at);
    let key = errors.check("idempotency_key", idempotency_key(headers, fields));
    let outgoing = OutgoingMessage {
        text: text.unwrap_or_default(),
        transport: transport.flatten(),
        idempotency_key: key.flatten(),
        scheduled_at,
        template: template.flatten(),
        approved: None,
        written_at: written_at.flatten(),
    };
    state.services.chats.send_files(actor, id, errors.or(outgoing)?, uploads).await
}

/// Streams the files into the store.
async fn read_uploads(
    uploads: &mut Uploads,
    mut form: Multipart,
    headers: &HeaderMap,
    fields: &mut Fields,
) -> Result<()> {
    let declared =
        headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    if declared.is_some_and(|length: u64| length > UPLOAD_LIMIT + BODY_LIMIT as u64) {
        return Err(AppError::FilesTooLarge);
    }
    while let Some(file) = form.next_file(fields).await? {
        if file.field != "attachments" {
            continue;
        }
        if uploads.files().len() == MAX_FILES {
            return Err(AppError::invalid(
                "attachments",
                Problem::TooManyFiles { transport: None, max: MAX_FILES },
            ));
        }
        let (name, left) = (file.file_name.clone(), UPLOAD_LIMIT - uploads.size());
        uploads.add(&name, file.content(), left).await.map_err(|error| match error {
            AppError::TooLarge => AppError::FilesTooLarge,
            other => other,
        })?;
    }
    Ok(())
}

/// The key of this click, from the header or the form.
pub(in crate::presentation) fn idempotency_key(
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Option<String>, Problem> {
    let key = headers.get("idempotency-key").map(|value| str::from_utf8(value.as_bytes()));
    // A key that can't be read must not look as if it were none: the message would go out again.
    let key = key.transpose().map_err(|_| Problem::BadCharacters)?;
    let key = key.or(fields.text("idempotency_key")).filter(|key| !key.is_empty());
    if key.is_some_and(|key| key.chars().count() > MAX_KEY_LENGTH || key.contains('\0')) {
        return Err(Problem::TooLong { max: MAX_KEY_LENGTH });
    }
    Ok(key.map(str::to_owned))
}

/// The value of an optional field, parsed.
pub(in crate::presentation) fn optional<T>(
    fields: &Fields,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, Problem>,
) -> Result<Option<T>, Problem> {
    match fields.patch(name)? {
        Patch::Set(text) => parse(&text).map(Some),
        Patch::Keep | Patch::Clear => Ok(None),
    }
}
