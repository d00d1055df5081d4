//! Uploading a table. It goes to the file store as it comes in.

use axum::{extract::State, http::HeaderMap, response::Response};

use crate::presentation::clients::imports::{list, view::ImportView};
use crate::{
    domain::{Import, Permission, Problem},
    error::{AppError, Result},
    persistence::PageRequest,
    presentation::{
        AppState,
        http::{
            extract::{Format, SignedIn, content_type},
            fields::Fields,
            form::{created, form_or_error},
            multipart::SubmittedForm,
            routes,
        },
        ui::i18n::I18n,
    },
};

/// Keeps the file that comes as `file`.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::TableTooLarge`]; [`AppError::Invalid`] for what is no table.
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    headers: HeaderMap,
    posted: SubmittedForm,
) -> Result<Response> {
    signed_in.actor.require(Permission::ClientCreate)?;
    match upload(&state, &signed_in, &headers, posted).await {
        Ok(import) => {
            let path = routes::Import(import.id).to_string();
            Ok(created(format, &path, &path, &ImportView::from(&import)))
        }
        Err(error) => {
            let first = PageRequest { page: 1, limit: 25 };
            let render = |status, form| list::render(&state, &signed_in, first, status, form);
            let i18n = I18n::new(signed_in.actor.locale());
            form_or_error(error, format, &Fields::default(), i18n, render).await
        }
    }
}

async fn upload(
    state: &AppState,
    signed_in: &SignedIn,
    headers: &HeaderMap,
    SubmittedForm { mut fields, files }: SubmittedForm,
) -> Result<Import> {
    if !content_type(headers).starts_with("multipart/form-data") {
        return Err(AppError::UnsupportedMediaType);
    }
    let missing = || AppError::invalid("file", Problem::Required);
    let mut form = files.ok_or_else(missing)?;
    while let Some(file) = form.next_file(&mut fields).await? {
        if file.field == "file" {
            let name = file.file_name.clone();
            return state.services.imports.upload(&signed_in.actor, &name, file.content()).await;
        }
    }
    Err(missing())
}
