//! Removing a channel, after saying what becomes of its chats.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::presentation::channels::view::ChannelView;
use crate::{
    domain::ChannelId,
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, PathIds, SignedIn},
            form::deleted,
            routes,
        },
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
};

#[derive(Template)]
#[template(path = "channels/remove.html")]
struct RemovePage {
    layout: Layout,
    channel: ChannelView,
}

/// What removing takes with it, and the button.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn confirm(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ChannelId>,
) -> Result<Response> {
    let report = state.services.channels.show(&signed_in.actor, id).await?;
    let channel = ChannelView::new(report, &state, I18n::new(signed_in.actor.locale()));
    if format == Format::Json {
        return Ok(Json(channel).into_response());
    }
    let layout = Layout::new(&state, &signed_in, routes::Channels::PATTERN, None).await?;
    page(StatusCode::OK, &RemovePage { layout, channel })
}

/// Removes the channel.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ChannelId>,
) -> Result<Response> {
    state.services.channels.remove(&signed_in.actor, id).await?;
    Ok(deleted(format, &routes::Channels.to_string()))
}
