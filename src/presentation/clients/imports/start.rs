//! Having the rows stored.

use axum::{extract::State, response::Response};

use crate::presentation::clients::imports::view::ImportView;
use crate::{
    domain::{FieldErrors, ImportId, ImportOptions, Problem},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, PathIds, SignedIn},
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
    PathIds(id): PathIds<ImportId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    state.services.imports.get(&signed_in.actor, id).await?;
    let mut errors = FieldErrors::default();
    let mut choice =
        |name: &'static str, other: &'static str, names: &'static str| match fields.text_or_empty(name) {
            "" | "skip" => false,
            text if text == other => true,
            _ => {
                errors.push(name, Problem::NotOneOf(names));
                false
            }
        };
    let chosen = ImportOptions {
        update_existing: choice("duplicates", "update", "skip, update"),
        all_or_nothing: choice("bad_rows", "refuse", "skip, refuse"),
    };
    let import = state.services.imports.start(&signed_in.actor, id, errors.or(chosen)?).await?;
    Ok(changed(format, &routes::Import(id).to_string(), &ImportView::from(&import)))
}
