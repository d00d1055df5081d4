//! Deleting a message template.

use axum::{extract::State, response::Response};

use crate::{
    domain::TemplateId,
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, PathIds, SignedIn},
            form::deleted,
            routes,
        },
    },
};

/// Deletes a template.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<TemplateId>,
) -> Result<Response> {
    state.services.templates.delete(&signed_in.actor, id).await?;
    Ok(deleted(format, &routes::InstantMessages.to_string()))
}
