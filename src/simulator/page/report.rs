//! Reporting the status of a message as the provider would.

use axum::response::{IntoResponse as _, Redirect, Response};
use serde_json::json;

use crate::{
    error::{AppError, Result},
    presentation::http::{
        context::Ctx,
        extract::{BodyFields, Format},
        fields::Fields,
    },
    simulator::page::{
        code,
        show::{address, render, transport},
    },
};

/// Posts the report and redirects to the phone's page.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::NotFound`].
pub async fn submit(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    match report(&ctx, &fields).await {
        Ok((status, _)) if ctx.format == Format::Json => {
            Ok(axum::Json(json!({ "status": status })).into_response())
        }
        Ok((_, back)) => Ok(Redirect::to(&back).into_response()),
        Err(error) => {
            ctx.form_or_error(error, &fields, |status, form| render(&ctx, &fields, status, form)).await
        }
    }
}

async fn report(ctx: &Ctx, fields: &Fields) -> Result<(u16, String)> {
    let actor = &ctx.actor;
    let connected = ctx.services().simulator.transports(actor).await?;
    let transport = transport(fields, &connected)?;
    let from = fields.text_or_empty("from").trim();
    let code = code(fields).map_err(|problem| AppError::invalid("code", problem))?;
    let what = (fields.text_or_empty("message_id"), fields.text_or_empty("status"), code);
    let status = ctx.services().simulator.report(actor, transport, from, what).await?;
    Ok((status, address(transport, from, Some(status))))
}
