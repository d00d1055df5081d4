//! Presence of users in a chat.

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

/// Announces the presence of the user in a chat: `doing` is looking, typing or gone. Without a new
/// announcement the presence expires.
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
