//! Settling a message whose fate was unknown: it arrived.

use axum::{extract::State, response::Response};

use crate::{
    domain::{ChatId, MessageId},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, Ids, SignedIn},
            form::changed,
            routes,
            views::MessageView,
        },
        ui::i18n::Texts,
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
    Ids((id, message)): Ids<(ChatId, MessageId)>,
) -> Result<Response> {
    let message = state.services.chats.arrived(&signed_in.actor, id, message).await?;
    let view = MessageView::new(message, Texts::new(signed_in.actor.locale()));
    Ok(changed(format, &routes::Chat(id).to_string(), &view))
}
