//! Having read a message, and with it all before it.

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

/// Marks a message and every earlier inbound one as read.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Ids((id, message)): Ids<(ChatId, MessageId)>,
) -> Result<Response> {
    let message = state.services.chats.read(&signed_in.actor, id, message).await?;
    let view = MessageView::new(message, Texts::new(signed_in.actor.locale()));
    Ok(changed(format, &routes::Chat(id).to_string(), &view))
}
