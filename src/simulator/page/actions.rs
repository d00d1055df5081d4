//! Setting the behaviour of a simulated provider.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use crate::simulator::page::{
    code, number,
    show::{address, render, transport},
};
use crate::{
    domain::FieldErrors,
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, SignedIn},
            fields::Fields,
            form::form_or_error,
        },
        ui::i18n::I18n,
    },
    simulator::PhoneBehaviour,
};

/// Stores the behaviour and redirects to the phone's page.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    match order(&state, &signed_in, &fields).await {
        Ok(_) if format == Format::Json => Ok(StatusCode::NO_CONTENT.into_response()),
        Ok(back) => Ok(Redirect::to(&back).into_response()),
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, &fields, status, form);
            form_or_error(error, format, &fields, I18n::new(signed_in.actor.locale()), render).await
        }
    }
}

async fn order(state: &AppState, signed_in: &SignedIn, fields: &Fields) -> Result<String> {
    let actor = &signed_in.actor;
    let connected = state.services.simulator.transports(actor).await?;
    let transport = transport(fields, &connected)?;
    let from = fields.text_or_empty("from").trim();
    let mut errors = FieldErrors::default();
    let play = errors.check("play", fields.text_or_empty("play").parse());
    let code = errors.check("code", code(fields));
    let seconds = errors.check("seconds", number(fields, "seconds", i64::from(u32::MAX)));
    let behaviour = PhoneBehaviour {
        outcome: play.unwrap_or_default(),
        code: code.flatten(),
        seconds: seconds.flatten(),
        once: fields.text("once") == Some("true"),
    };
    state.services.simulator.set_behaviour(actor, transport, from, errors.or(behaviour)?).await?;
    Ok(address(transport, from, None))
}
