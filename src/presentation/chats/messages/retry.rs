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
            extract::{Format, Ids, SignedIn},
            routes,
            views::MessageView,
        },
        ui::i18n::Texts,
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
    Ids((id, message)): Ids<(ChatId, MessageId)>,
) -> Result<Response> {
    let message = state.services.chats.retry(&signed_in.actor, id, message).await?;
    Ok(match format {
        Format::Json => {
            let view = MessageView::new(message, Texts::new(signed_in.actor.locale()));
            (StatusCode::ACCEPTED, Json(view)).into_response()
        }
        Format::Html => Redirect::to(&routes::Chat(id).to_string()).into_response(),
    })
}
