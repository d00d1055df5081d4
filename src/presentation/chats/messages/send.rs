//! Sending a message.

use axum::{
    http::{HeaderMap, header},
    response::Response,
};

use crate::{
    domain::{
        ChatId, MAX_FILES, Message, MessageText, Patch, Permission, Problem, SchedulePreset, Transport,
        UPLOAD_LIMIT, parse_scheduled_time,
    },
    error::{AppError, Result},
    presentation::{
        chats::{
            composer::draft::{parse_timestamp, template_id},
            messages::view::MessageView,
            page::render,
        },
        http::{
            body_meter::BodyLimits,
            context::Ctx,
            extract::PathIds,
            fields::Fields,
            multipart::{Multipart, SubmittedForm},
            routes,
        },
    },
    services::{OutgoingMessage, Uploads},
};

/// The maximum length of an idempotency key.
pub(in crate::presentation) const MAX_KEY_LENGTH: usize = 255;

/// Queues a message. A repeated request with the same `Idempotency-Key`, or the same key in the
/// form, returns the first message.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`].
pub async fn submit(
    ctx: Ctx,
    PathIds(id): PathIds<ChatId>,
    headers: HeaderMap,
    SubmittedForm { mut fields, files }: SubmittedForm,
) -> Result<Response> {
    match send(&ctx, id, &headers, &mut fields, files).await {
        Ok(message) => {
            let location = format!("{}?before={}", routes::Messages(id), message.id.0 + 1);
            let view = MessageView::new(message, ctx.i18n);
            Ok(ctx.created(&location, &routes::Chat(id).to_string(), &view))
        }
        Err(error) => {
            ctx.form_or_error(error, &fields, |status, form| render(&ctx, id, &ctx.query, status, form)).await
        }
    }
}

async fn send(
    ctx: &Ctx,
    id: ChatId,
    headers: &HeaderMap,
    fields: &mut Fields,
    files: Option<Multipart>,
) -> Result<Message> {
    let actor = &ctx.actor;
    actor.require(Permission::ChatSend)?;
    // The chat is read before the fields, so that a chat of another tenant is not found rather than
    // invalid.
    ctx.services().chats.find(actor, id).await?;
    let mut uploads = ctx.services().files.uploads(actor)?;
    if let Some(form) = files {
        read_uploads(&mut uploads, form, headers, fields).await?;
    }
    fields.reject_files("attachments")?;
    let mut form = fields.reader();
    let empty = if uploads.files().is_empty() { Err(Problem::Required) } else { Ok(MessageText::default()) };
    let text = fields.patch("message").and_then(|patch| match patch {
        Patch::Set(text) => MessageText::parse(&text),
        Patch::Keep | Patch::Clear => empty,
    });
    let text = form.check("message", text);
    let transport = form.optional("transport", str::parse::<Transport>);
    let (now, zone) = (ctx.services().dependencies().clock.now(), actor.tenant.time_zone);
    let preset = form.optional("preset", |text| Ok(text.parse::<SchedulePreset>()?.time_after(now, zone)));
    let is_empty = matches!(fields.patch("scheduled_at"), Ok(Patch::Keep | Patch::Clear));
    if is_empty && fields.text("later").is_some() {
        form.push("scheduled_at", Problem::Required);
    }
    let chosen = form.optional("scheduled_at", |text| parse_scheduled_time(text, zone));
    let scheduled_at = preset.or(chosen);
    let template = form.optional("template_id", template_id);
    // The composer's script fills in this field; with it, sending deletes the draft.
    let written_at =
        form.patch("written_at", None, Ok(Some(now)), |text| parse_timestamp(text).map(Some)).flatten();
    let idempotency_key = form.check("idempotency_key", idempotency_key(headers, fields)).flatten();
    let outgoing = form.finish(OutgoingMessage {
        text: text.unwrap_or_default(),
        transport,
        idempotency_key,
        scheduled_at,
        template,
        whatsapp_template: None,
        priority: ctx.delivery_priority(),
        written_at,
    })?;
    ctx.services().chats.send_files(actor, id, outgoing, uploads).await
}

/// Streams the files into the storage.
async fn read_uploads(
    uploads: &mut Uploads,
    mut form: Multipart,
    headers: &HeaderMap,
    fields: &mut Fields,
) -> Result<()> {
    let declared =
        headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    if declared.is_some_and(|length: u64| length > UPLOAD_LIMIT + BodyLimits::AUTHENTICATED.fields as u64) {
        return Err(AppError::FilesTooLarge);
    }
    while let Some(file) = form.next_file(fields).await? {
        if file.field != "attachments" {
            form.skip(file, fields).await?;
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

/// The idempotency key of the header or of the form.
pub(in crate::presentation) fn idempotency_key(
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Option<String>, Problem> {
    let key = headers.get("idempotency-key").map(|value| str::from_utf8(value.as_bytes()));
    // An unreadable key is an error, because ignoring it would send the message twice.
    let key = key.transpose().map_err(|_| Problem::BadCharacters)?;
    let key = key.or(fields.text("idempotency_key")).filter(|key| !key.is_empty());
    if key.is_some_and(|key| key.chars().count() > MAX_KEY_LENGTH || key.contains('\0')) {
        return Err(Problem::TooLong { max: MAX_KEY_LENGTH });
    }
    Ok(key.map(str::to_owned))
}
