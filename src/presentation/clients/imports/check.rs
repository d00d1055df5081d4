//! Saying what the columns mean, and having the rows checked.

use axum::{extract::State, response::Response};

use crate::presentation::clients::imports::{pages, view::ImportView};
use crate::{
    domain::{
        FieldErrors, Import, ImportId, Patch, Problem,
        table::{ClientColumn, ColumnMapping},
    },
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, PathIds, SignedIn},
            fields::Fields,
            form::{changed, form_or_error},
            routes,
        },
        ui::i18n::I18n,
    },
};

/// Takes `column_0` and on, and `dates`; what is not sent stays as it was guessed.
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
    let actor = &signed_in.actor;
    let import = state.services.imports.get(actor, id).await?;
    let checked = match mapping(&import, &fields) {
        Ok(mapping) => state.services.imports.check(actor, id, &mapping).await,
        Err(errors) => Err(errors.into()),
    };
    match checked {
        Ok(import) => Ok(changed(format, &routes::Import(id).to_string(), &ImportView::from(&import))),
        Err(error) => {
            let render = |status, form| pages::render(&state, &signed_in, &import, true, status, form);
            form_or_error(error, format, &fields, I18n::new(actor.locale()), render).await
        }
    }
}

fn mapping(import: &Import, fields: &Fields) -> std::result::Result<ColumnMapping, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut mapping = import.mapping.clone();
    for (index, column) in mapping.columns.iter_mut().enumerate() {
        let name = format!("column_{index}");
        let parsed = fields.patch(&name).and_then(|patch| match patch {
            Patch::Keep => Ok(*column),
            Patch::Clear => Ok(None),
            Patch::Set(text) => text.parse::<ClientColumn>().map(Some),
        });
        match parsed {
            Ok(parsed) => *column = parsed,
            Err(problem) => errors.push(name, problem),
        }
    }
    match fields.patch("dates") {
        Ok(Patch::Set(text)) => {
            if let Some(order) = errors.check("dates", text.parse()) {
                mapping.dates = order;
            }
        }
        Ok(_) => {}
        Err(problem) => errors.push("dates", problem),
    }
    if errors.is_empty() {
        if let Some(doubled) = mapping.duplicate_column() {
            let last = mapping.columns.iter().rposition(|column| *column == Some(doubled)).unwrap_or(0);
            errors.push(format!("column_{last}"), Problem::Taken);
        } else if !mapping.has_name() && !mapping.has_unique_column() {
            errors.push("columns", Problem::Required);
        }
    }
    errors.or(mapping)
}
