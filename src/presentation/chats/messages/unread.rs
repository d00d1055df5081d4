//! Putting a chat back among the unread ones.

use axum::{extract::State, response::Response};

use crate::{
    domain::ChatId,
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, PathIds, SignedIn},
            form::changed,
            routes,
            views::{ChatView, MessageView},
        },
        ui::i18n::I18n,
    },
};

/// Marks a chat as unread, for the whole team. It leads back to the list, since looking at the chat reads it again.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ChatId>,
) -> Result<Response> {
    let actor = &signed_in.actor;
    let chat = state.services.chats.mark_unread(actor, id).await?;
    let last = state.services.chats.last_messages(actor, std::slice::from_ref(&chat)).await?.pop();
    let i18n = I18n::new(actor.locale());
    let view = ChatView::new(chat, last.map(|message| MessageView::new(message, i18n)));
    Ok(changed(format, &routes::Chats.to_string(), &view))
}
