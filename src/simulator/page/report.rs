//! Reporting the status of a message as the provider would.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;

use crate::simulator::page::{
    code,
    show::{address, render, transport},
};
use crate::{
    error::{AppError, Result},
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, SignedIn},
            fields::Fields,
            form::form_or_error,
        },
        ui::i18n::I18n,
    },
};

/// Posts the report and redirects to the phone's page.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::NotFound`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    match report(&state, &signed_in, &fields).await {
        Ok((status, _)) if format == Format::Json => {
            Ok(axum::Json(json!({ "status": status })).into_response())
        }
        Ok((_, back)) => Ok(Redirect::to(&back).into_response()),
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, &fields, status, form);
            form_or_error(error, format, &fields, I18n::new(signed_in.actor.locale()), render).await
        }
    }
}

async fn report(state: &AppState, signed_in: &SignedIn, fields: &Fields) -> Result<(u16, String)> {
    let actor = &signed_in.actor;
    let connected = state.services.simulator.transports(actor).await?;
    let transport = transport(fields, &connected)?;
    let from = fields.text_or_empty("from").trim();
    let code = code(fields).map_err(|problem| AppError::invalid("code", problem))?;
    let what = (fields.text_or_empty("message_id"), fields.text_or_empty("status"), code);
    let status = state.services.simulator.report(actor, transport, from, what).await?;
    Ok((status, address(transport, from, Some(status))))
}
