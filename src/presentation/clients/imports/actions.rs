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
            form::{created, refused},
            multipart::Posted,
            routes,
        },
        ui::i18n::Texts,
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
    posted: Posted,
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
            let texts = Texts::new(signed_in.actor.locale());
            refused(error, format, &Fields::default(), texts, render).await
        }
    }
}

async fn upload(
    state: &AppState,
    signed_in: &SignedIn,
    headers: &HeaderMap,
    Posted { mut fields, files }: Posted,
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
