//! Deleting a client with all that belongs to it.

use axum::{extract::State, response::Response};

use crate::{
    domain::ClientId,
    error::Result,
    presentation::{
        AppState,
        extract::{Format, Ids, SignedIn},
        forms::deleted,
        routes,
    },
};

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
