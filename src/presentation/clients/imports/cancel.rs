//! Ending an import.

use axum::{extract::State, response::Response};

use crate::presentation::clients::imports::view::ImportView;
use crate::{
    domain::ImportId,
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, PathIds, SignedIn},
            form::changed,
            routes,
        },
    },
};

/// Ends an import; what is stored stays, unless it is to be whole.
///
/// # Errors
/// [`crate::error::AppError::Conflict`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Forbidden`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ImportId>,
) -> Result<Response> {
    let import = state.services.imports.cancel(&signed_in.actor, id).await?;
    Ok(changed(format, &routes::Import(id).to_string(), &ImportView::from(&import)))
}
