//! Writing as a client.

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
            form::refused,
            multipart::{Multipart, Posted},
        },
        ui::i18n::Texts,
    },
    services::WrittenFile,
};

/// The largest file: it stays in memory.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Posts the webhook, and goes back to the phone.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Posted { mut fields, files }: Posted,
) -> Result<Response> {
    let texts = Texts::new(signed_in.actor.locale());
    match write(&state, &signed_in, &mut fields, files).await {
        Ok((status, _)) if format == Format::Json => {
            Ok(axum::Json(json!({ "status": status })).into_response())
        }
        Ok((_, back)) => Ok(Redirect::to(&back).into_response()),
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, &fields, status, form);
            refused(error, format, &fields, texts, render).await
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
    fields.refuse_files("attachments")?;
    let transport = transport(fields, &connected)?;
    let (from, text) = (fields.typed("from").trim(), fields.typed("message").trim_end());
    let status = simulator.write(actor, transport, from, text, file).await?;
    Ok((status, address(transport, from, Some(status))))
}

/// The first file of the form.
async fn take(mut form: Multipart, fields: &mut Fields) -> Result<Option<WrittenFile>> {
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
        taken = taken.or(Some(WrittenFile { name, content_type: kind.to_owned(), content: content.into() }));
    }
    Ok(taken)
}
