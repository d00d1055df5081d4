//! Sending a message as a client.

use axum::response::{IntoResponse as _, Redirect, Response};
use futures_util::{StreamExt as _, pin_mut};
use serde_json::json;

use crate::{
    error::{AppError, Result},
    presentation::http::{
        context::Ctx,
        extract::Format,
        fields::Fields,
        multipart::{Multipart, SubmittedForm},
    },
    services::ClientFile,
    simulator::page::show::{address, render, transport},
};

/// The maximum size of a file, which is kept in memory.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Posts the webhook and redirects to the phone's page.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn submit(ctx: Ctx, SubmittedForm { mut fields, files }: SubmittedForm) -> Result<Response> {
    match write(&ctx, &mut fields, files).await {
        Ok((status, _)) if ctx.format == Format::Json => {
            Ok(axum::Json(json!({ "status": status })).into_response())
        }
        Ok((_, back)) => Ok(Redirect::to(&back).into_response()),
        Err(error) => {
            ctx.form_or_error(error, &fields, |status, form| render(&ctx, &fields, status, form)).await
        }
    }
}

async fn write(ctx: &Ctx, fields: &mut Fields, files: Option<Multipart>) -> Result<(u16, String)> {
    let actor = &ctx.actor;
    let simulator = &ctx.services().simulator;
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
