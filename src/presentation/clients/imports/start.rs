//! Having the rows stored.

use axum::{extract::State, response::Response};

use crate::presentation::clients::imports::view::ImportView;
use crate::{
    domain::{FieldErrors, ImportChoice, ImportId, Problem},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, Ids, Input, SignedIn},
            form::changed,
            routes,
        },
    },
};

/// Takes `duplicates` (`skip`, `update`) and `bad_rows` (`skip`, or `refuse` for all or nothing).
///
/// # Errors
/// [`crate::error::AppError::Invalid`], [`crate::error::AppError::Conflict`], [`crate::error::AppError::NotFound`],
/// [`crate::error::AppError::Forbidden`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Ids(id): Ids<ImportId>,
    Input(fields): Input,
) -> Result<Response> {
    state.services.imports.get(&signed_in.actor, id).await?;
    let mut errors = FieldErrors::default();
    let mut choice = |name: &'static str, other: &'static str, names: &'static str| match fields.typed(name) {
        "" | "skip" => false,
        text if text == other => true,
        _ => {
            errors.push(name, Problem::NotOneOf(names));
            false
        }
    };
    let chosen = ImportChoice {
        updates: choice("duplicates", "update", "skip, update"),
        whole: choice("bad_rows", "refuse", "skip, refuse"),
    };
    let import = state.services.imports.start(&signed_in.actor, id, errors.or(chosen)?).await?;
    Ok(changed(format, &routes::Import(id).to_string(), &ImportView::from(&import)))
}
