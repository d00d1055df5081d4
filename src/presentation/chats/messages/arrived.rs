//! Settling a message whose fate was unknown: it arrived.

use axum::{extract::State, response::Response};

use crate::{
    domain::{ChatId, MessageId},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, PathIds, SignedIn},
            form::changed,
            routes,
            views::MessageView,
        },
        ui::i18n::I18n,
    },
};

/// Marks a message as delivered because a person knows that it was.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Conflict`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds((id, message)): PathIds<(ChatId, MessageId)>,
) -> Result<Response> {
    let message = state.services.chats.mark_delivered(&signed_in.actor, id, message).await?;
    let view = MessageView::new(message, I18n::new(signed_in.actor.locale()));
    Ok(changed(format, &routes::Chat(id).to_string(), &view))
}
