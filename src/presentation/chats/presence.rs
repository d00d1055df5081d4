//! Being at a chat, as colleagues see it.

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::{ChatId, PresenceState},
    error::Result,
    presentation::http::{
        context::Ctx,
        extract::{BodyFields, PathIds},
    },
};

/// Tells colleagues what the user does at a chat: `doing` is looking, typing or gone. Who says nothing for a while has
/// gone.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn submit(
    ctx: Ctx,
    PathIds(id): PathIds<ChatId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let doing = fields.optional("doing", str::parse::<PresenceState>)?.unwrap_or(PresenceState::Viewing);
    ctx.services().presence.announce(&ctx.actor, id, doing).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
