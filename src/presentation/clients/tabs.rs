//! The latest of what was said with a client, and the way to the conversation.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::presentation::clients::profile::Profile;
use crate::{
    domain::{ChatId, ClientId},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, PathIds, SignedIn},
            routes,
            views::{MessageView, MessagesView},
        },
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
};

#[derive(Template)]
#[template(path = "clients/messages.html")]
struct MessagesPage {
    layout: Layout,
    profile: Profile,
    chat: Option<ChatId>,
    messages: MessagesView,
}

/// The newest messages of the client's chat, ascending.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ClientId>,
) -> Result<Response> {
    let (chat, messages, has_more) = state.services.chats.latest_messages_of(&signed_in.actor, id).await?;
    let i18n = I18n::new(signed_in.actor.locale());
    let items = messages.into_iter().map(|message| MessageView::new(message, i18n)).collect();
    let messages = MessagesView { items, has_more };
    if format == Format::Json {
        return Ok(Json(messages).into_response());
    }
    let profile = Profile::of(&state, &signed_in, id, "messages").await?;
    let layout = Layout::new(&state, &signed_in, routes::Clients::PATTERN, None).await?;
    page(StatusCode::OK, &MessagesPage { layout, profile, chat, messages })
}
