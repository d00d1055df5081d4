//! Sending a message as a client.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use futures_util::{StreamExt as _, pin_mut};
use serde_json::json;

use crate::simulator::page::show::{address, render, transport};
use crate::{
    error::{AppError, Result},
    presentation::{
        AppState,
        http::{
            extract::{Format, SignedIn},
            fields::Fields,
            form::form_or_error,
            multipart::{Multipart, SubmittedForm},
        },
        ui::i18n::I18n,
    },
    services::ClientFile,
};

/// The maximum size of a file, which is kept in memory.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Posts the webhook and redirects to the phone's page.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    SubmittedForm { mut fields, files }: SubmittedForm,
) -> Result<Response> {
    let i18n = I18n::new(signed_in.actor.locale());
    match write(&state, &signed_in, &mut fields, files).await {
        Ok((status, _)) if format == Format::Json => {
            Ok(axum::Json(json!({ "status": status })).into_response())
        }
        Ok((_, back)) => Ok(Redirect::to(&back).into_response()),
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, &fields, status, form);
            form_or_error(error, format, &fields, i18n, render).await
        }
    }
}

async fn write(
    state: &AppState,
    signed_in: &SignedIn,
    fields: &mut Fields,
    files: Option<Multipart>,
) -> Result<(u16, String)> {
    let actor = &signed_in.actor;
    let simulator = &state.services.simulator;
    let connected = simulator.transports(actor).await?;
    let file = match files {
        Some(form) => take(form, fields).await?,
        None => None,
    };
    fields.reject_files("attachments")?;
    let transport = transport(fields, &connected)?;
    let (from, text) = (fields.text_or_empty("from").trim(), fields.text_or_empty("message").trim_end());
    let status = simulator.write_as_client(actor, transport, from, text, file).await?;
    Ok((status, address(transport, from, Some(status))))
}

/// Reads the fields of a form and its first file.
async fn take(mut form: Multipart, fields: &mut Fields) -> Result<Option<ClientFile>> {
    let mut taken = None;
    while let Some(part) = form.next_file(fields).await? {
        let (name, mut content) = (part.file_name.clone(), Vec::new());
        let chunks = part.content();
        pin_mut!(chunks);
        while let Some(chunk) = chunks.next().await {
            content.extend_from_slice(&chunk?);
            if content.len() > MOST_BYTES {
                return Err(AppError::FilesTooLarge);
            }
        }
        let kind = infer::get(&content).map_or("application/octet-stream", |kind| kind.mime_type());
        taken = taken.or(Some(ClientFile { name, content_type: kind.to_owned(), content: content.into() }));
    }
    Ok(taken)
}
