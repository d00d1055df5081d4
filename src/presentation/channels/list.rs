//! The channels of the workspace.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::presentation::channels::view::ChannelView;
use crate::{
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, SignedIn},
            routes,
            views::ListView,
        },
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
};

#[derive(Template)]
#[template(path = "channels/list.html")]
struct ListPage {
    layout: Layout,
    channels: Vec<ChannelView>,
}

/// All channels.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`].
pub async fn show(State(state): State<AppState>, signed_in: SignedIn, format: Format) -> Result<Response> {
    let i18n = I18n::new(signed_in.actor.locale());
    let reports = state.services.channels.list(&signed_in.actor).await?;
    let channels: Vec<_> = reports.into_iter().map(|report| ChannelView::new(report, &state, i18n)).collect();
    if format == Format::Json {
        return Ok(Json(ListView { items: channels }).into_response());
    }
    let layout = Layout::new(&state, &signed_in, routes::Channels::PATTERN, None).await?;
    page(StatusCode::OK, &ListPage { layout, channels })
}
