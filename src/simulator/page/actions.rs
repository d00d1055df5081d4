//! Setting the behaviour of a simulated provider.

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{
    error::Result,
    presentation::http::{
        context::Ctx,
        extract::{BodyFields, Format},
        fields::Fields,
    },
    simulator::{
        PhoneBehaviour,
        page::{
            code, number,
            show::{address, render, transport},
        },
    },
};

/// Stores the behaviour and redirects to the phone's page.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn submit(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    match order(&ctx, &fields).await {
        Ok(_) if ctx.format == Format::Json => Ok(StatusCode::NO_CONTENT.into_response()),
        Ok(back) => Ok(Redirect::to(&back).into_response()),
        Err(error) => {
            ctx.form_or_error(error, &fields, |status, form| render(&ctx, &fields, status, form)).await
        }
    }
}

async fn order(ctx: &Ctx, fields: &Fields) -> Result<String> {
    let actor = &ctx.actor;
    let connected = ctx.services().simulator.transports(actor).await?;
    let transport = transport(fields, &connected)?;
    let from = fields.text_or_empty("from").trim();
    let mut form = fields.reader();
    let play = form.check("play", fields.text_or_empty("play").parse());
    let code = form.check("code", code(fields));
    let seconds = form.check("seconds", number(fields, "seconds", i64::from(u32::MAX)));
    let behaviour = PhoneBehaviour {
        outcome: play.unwrap_or_default(),
        code: code.flatten(),
        seconds: seconds.flatten(),
        once: fields.text("once") == Some("true"),
    };
    ctx.services().simulator.set_behaviour(actor, transport, from, form.finish(behaviour)?).await?;
    Ok(address(transport, from, None))
}
