//! Parting two clients that were made one.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use crate::presentation::clients::merges::view::{LeftView, UndoneView};
use crate::{
    domain::MergeId,
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, PathIds, SignedIn},
            routes,
        },
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
    services::UndoneMerge,
};

#[derive(Template)]
#[template(path = "clients/merges/undone.html")]
struct UndonePage {
    layout: Layout,
    undone: UndoneView,
}

/// Undoes a merge, and says what could not go back.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Conflict`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<MergeId>,
) -> Result<Response> {
    let actor = &signed_in.actor;
    let UndoneMerge { survivor: kept, restored, conflicts: left } =
        state.services.merges.undo(actor, id).await?;
    let i18n = I18n::new(actor.locale());
    let left: Vec<_> = left.into_iter().map(|left| LeftView::new(left, i18n)).collect();
    let undone = UndoneView { kept: kept.into(), restored: restored.into(), left };
    if format == Format::Json {
        return Ok(Json(undone).into_response());
    }
    if undone.left.is_empty() {
        return Ok(Redirect::to(&routes::Client(undone.restored.id).to_string()).into_response());
    }
    let layout = Layout::new(&state, &signed_in, routes::Clients::PATTERN, None).await?;
    page(StatusCode::OK, &UndonePage { layout, undone })
}
