//! Drafts: the text that a user has begun to write in a chat, stored while typing and shown in
//! every browser.

use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{ChatId, Draft, MESSAGE_LIMIT, MessageText, Problem, TemplateId, Transport},
    error::Result,
    presentation::{
        chats::messages::send::MAX_KEY_LENGTH,
        http::{
            context::Ctx,
            extract::{BodyFields, PathIds},
            fields::Fields,
            routes,
        },
    },
};

/// A draft; empty if there is none.
#[derive(Debug, Default, Serialize)]
struct DraftView {
    message: String,
    transport: Option<&'static str>,
    template_id: Option<TemplateId>,
    idempotency_key: Option<String>,
    written_at: Option<DateTime<Utc>>,
}

impl From<Option<Draft>> for DraftView {
    fn from(draft: Option<Draft>) -> Self {
        let view = |draft: Draft| Self {
            message: draft.text,
            transport: draft.transport.map(Transport::as_str),
            template_id: draft.template,
            idempotency_key: Some(draft.key).filter(|key| !key.is_empty()),
            written_at: Some(draft.written_at),
        };
        draft.map(view).unwrap_or_default()
    }
}

/// Returns the user's draft in a chat.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(ctx: Ctx, PathIds(id): PathIds<ChatId>) -> Result<Response> {
    let draft = ctx.services().drafts.get(&ctx.actor, id).await?;
    Ok(Json(DraftView::from(draft)).into_response())
}

/// Stores a draft, and answers the stored one, which is another if that was written later.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn save(
    ctx: Ctx,
    PathIds(id): PathIds<ChatId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let actor = &ctx.actor;
    // The chat is read before the fields, so that a chat of another tenant is not found rather than
    // invalid.
    ctx.services().drafts.get(actor, id).await?;
    let draft = read(&fields, ctx.services().dependencies().clock.now())?;
    let kept = ctx.services().drafts.save(actor, id, draft).await?;
    Ok(ctx.changed(&routes::Chat(id).to_string(), &DraftView::from(kept)))
}

fn read(fields: &Fields, now: DateTime<Utc>) -> Result<Draft> {
    let mut form = fields.reader();
    let text = form.optional("message", |text| {
        let text = MessageText::from_provider(text);
        let fits = text.as_str().chars().count() <= MESSAGE_LIMIT;
        if fits { Ok(text) } else { Err(Problem::TooLong { max: MESSAGE_LIMIT }) }
    });
    let transport = form.optional("transport", str::parse);
    let template = form.optional("template_id", template_id);
    let written_at = form.optional("written_at", parse_timestamp);
    let key = fields.text_or_empty("idempotency_key");
    if key.chars().count() > MAX_KEY_LENGTH || key.contains('\0') {
        form.push("idempotency_key", Problem::TooLong { max: MAX_KEY_LENGTH });
    }
    form.finish(Draft {
        text: text.unwrap_or_default().as_str().to_owned(),
        transport,
        template,
        key: key.to_owned(),
        written_at: written_at.unwrap_or(now),
    })
}

/// Parses the id of a message template.
pub(in crate::presentation) fn template_id(text: &str) -> Result<TemplateId, Problem> {
    text.trim().parse().map_err(|_| Problem::NotFound)
}

/// Parses a time that scripts and programs send.
pub(in crate::presentation) fn parse_timestamp(text: &str) -> Result<DateTime<Utc>, Problem> {
    DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()).map_err(|_| Problem::NotATime)
}
