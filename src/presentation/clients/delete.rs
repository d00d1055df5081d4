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
    persistence::Belongings,
    presentation::{
        AppState,
        http::{
            extract::{Format, Ids, SignedIn},
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
    takes: Belongings,
}

#[derive(Serialize)]
struct BelongingsView {
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
    Ids(id): Ids<ClientId>,
) -> Result<Response> {
    let (client, takes) = state.services.clients.before_delete(&signed_in.actor, id).await?;
    if format == Format::Json {
        let Belongings { contacts, messages, files, .. } = takes;
        return Ok(Json(BelongingsView { contacts, messages, files }).into_response());
    }
    let layout = Layout::new(&state, &signed_in, crate::presentation::clients::NAME, None).await?;
    page(StatusCode::OK, &DeletePage { layout, client: ClientView::from(client), takes })
}

/// Deletes a client.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Ids(id): Ids<ClientId>,
) -> Result<Response> {
    state.services.clients.delete(&signed_in.actor, id).await?;
    Ok(deleted(format, &routes::Clients.to_string()))
}
