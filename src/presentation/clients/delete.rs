//! Deleting a client with all that belongs to it, after saying what that is.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::{
    domain::ClientId,
    error::Result,
    persistence::DeletionImpact,
    presentation::{
        AppState,
        http::{
            extract::{Format, PathIds, SignedIn},
            form::deleted,
            routes,
            views::ClientView,
        },
        ui::layout::{Layout, page},
    },
};

#[derive(Template)]
#[template(path = "clients/delete.html")]
struct DeletePage {
    layout: Layout,
    client: ClientView,
    impact: DeletionImpact,
}

#[derive(Serialize)]
struct DeletionImpactView {
    contacts: i64,
    messages: i64,
    files: i64,
}

/// What deleting a client takes with it, and the button.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn confirm(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ClientId>,
) -> Result<Response> {
    let (client, impact) = state.services.clients.deletion_impact(&signed_in.actor, id).await?;
    if format == Format::Json {
        let DeletionImpact { contacts, messages, files, .. } = impact;
        return Ok(Json(DeletionImpactView { contacts, messages, files }).into_response());
    }
    let layout = Layout::new(&state, &signed_in, routes::Clients::PATTERN, None).await?;
    page(StatusCode::OK, &DeletePage { layout, client: ClientView::from(client), impact })
}

/// Deletes a client.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ClientId>,
) -> Result<Response> {
    state.services.clients.delete(&signed_in.actor, id).await?;
    Ok(deleted(format, &routes::Clients.to_string()))
}
