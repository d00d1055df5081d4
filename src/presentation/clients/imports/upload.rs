//! Uploading a table. It goes to the file store as it comes in.

use axum::{
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request, State, multipart::Field},
    response::Response,
};
use futures_util::stream;

use super::{list, view::ImportView};
use crate::{
    domain::{Import, Permission, Problem},
    error::{AppError, Result},
    persistence::PageRequest,
    presentation::{
        AppState,
        extract::{Format, SignedIn, content_type},
        fields::Fields,
        forms::{created, refused},
        routes,
        texts::Texts,
    },
    services::MAX_BYTES,
};

/// Keeps the file that comes as `file`.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::TableTooLarge`]; [`AppError::Invalid`] for what is no table.
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    request: Request,
) -> Result<Response> {
    signed_in.actor.require(Permission::ClientCreate)?;
    match upload(&state, &signed_in, request).await {
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

async fn upload(state: &AppState, signed_in: &SignedIn, mut request: Request) -> Result<Import> {
    if !content_type(request.headers()).starts_with("multipart/form-data") {
        return Err(AppError::UnsupportedMediaType);
    }
    // The store has a limit of its own, and takes what comes without keeping it in memory.
    DefaultBodyLimit::disable().apply(&mut request);
    let malformed = || AppError::Malformed("not a multipart form");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| malformed())?;
    while let Some(mut field) = form.next_field().await.map_err(|_| malformed())? {
        if field.name() != Some("file") || field.file_name().is_none() {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let chunks = stream::try_unfold(&mut field, |field| async {
            let chunk = field.chunk().await.map_err(|_| AppError::Malformed("the body breaks off"))?;
            Ok(chunk.map(|chunk| (chunk, field)))
        });
        let stored = state.services.imports.upload(&signed_in.actor, &name, chunks).await;
        if matches!(stored, Err(AppError::TableTooLarge)) {
            read_on(field).await;
        }
        return stored;
    }
    Err(AppError::invalid("file", Problem::Required))
}

/// A browser reads the answer only when it could send all, so some more than what is taken is read and thrown away.
async fn read_on(mut field: Field<'_>) {
    let mut left = MAX_BYTES * 4;
    while let Ok(Some(chunk)) = field.chunk().await
        && left > 0
    {
        left -= i64::try_from(chunk.len()).unwrap_or(left);
    }
}
