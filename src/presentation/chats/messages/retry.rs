//! Sending a failed message again.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{
    domain::{ChatId, MessageId},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, PathIds, SignedIn},
            routes,
            views::MessageView,
        },
        ui::i18n::I18n,
    },
};

/// Queues a failed message again, or one whose fate nobody knows.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Conflict`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds((id, message)): PathIds<(ChatId, MessageId)>,
) -> Result<Response> {
    let message = state.services.chats.retry(&signed_in.actor, id, message).await?;
    Ok(match format {
        Format::Json => {
            let view = MessageView::new(message, I18n::new(signed_in.actor.locale()));
            (StatusCode::ACCEPTED, Json(view)).into_response()
        }
        Format::Html => Redirect::to(&routes::Chat(id).to_string()).into_response(),
    })
}
