//! The second factor of the user's account: setting it up, recovery codes, and turning it off.

use std::fmt::Write as _;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use qrcode::{Color, EcLevel, QrCode};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::{
    domain::Problem,
    error::{AppError, Result},
    presentation::{
        http::{
            context::Ctx,
            extract::{BodyFields, Format},
            form::Form,
            routes,
        },
        ui::layout::{Layout, page},
    },
    services::{FactorSetup, FactorState},
};

/// The margin around a QR code, in modules (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

#[derive(Template)]
#[template(path = "identity/two_factor.html")]
struct TwoFactorPage {
    layout: Layout,
    form: Form,
    state: Shown,
    is_required: bool,
}

/// The state that the page shows.
enum Shown {
    Off,
    Pending {
        secret: String,
        code: QrImage,
    },
    On {
        codes_left: i64,
    },
    /// The recovery codes, which are shown once.
    Codes(Vec<String>),
}

/// A QR code as a path of an SVG image.
struct QrImage {
    size: usize,
    path: String,
}

impl QrImage {
    /// Draws a text.
    ///
    /// # Errors
    /// [`AppError::Internal`] for a text that is too long.
    fn new(text: &str) -> Result<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(AppError::internal)?;
        let width = code.width();
        let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
        let mut path = String::new();
        for (at, _) in dark {
            let (x, y) = (at % width + QUIET_ZONE, at / width + QUIET_ZONE);
            write!(path, "M{x} {y}h1v1h-1z").map_err(AppError::internal)?;
        }
        Ok(Self { size: width + 2 * QUIET_ZONE, path })
    }
}

/// Shows the second factor of the signed-in user.
///
/// # Errors
/// [`AppError::Unavailable`].
pub async fn show(ctx: Ctx) -> Result<Response> {
    if ctx.format == Format::Json {
        let state = ctx.services().identity.two_factor(&ctx.actor).await?.content;
        let view = match state {
            FactorState::Off | FactorState::Pending(_) => json!({ "enabled": false }),
            FactorState::On { recovery_codes } => {
                json!({ "enabled": true, "recovery_codes_left": recovery_codes })
            }
        };
        return Ok(Json(view).into_response());
    }
    render(&ctx, StatusCode::OK, Form::default(), None).await
}

async fn render(ctx: &Ctx, status: StatusCode, form: Form, codes: Option<Vec<String>>) -> Result<Response> {
    let found = ctx.services().identity.two_factor(&ctx.actor).await?;
    let state = match (codes, found.content) {
        (Some(codes), _) => Shown::Codes(codes),
        (None, FactorState::Off) => Shown::Off,
        (None, FactorState::Pending(FactorSetup { secret, uri })) => Shown::Pending {
            secret: secret.expose_secret().to_owned(),
            code: QrImage::new(uri.expose_secret())?,
        },
        (None, FactorState::On { recovery_codes }) => Shown::On { codes_left: recovery_codes },
    };
    let layout = Layout::new(ctx, routes::Account::PATTERN, found.frame);
    page(status, &TwoFactorPage { layout, form, state, is_required: ctx.actor.needs_second_factor })
}

/// Makes a secret for an authenticator app.
///
/// # Errors
/// [`AppError::Conflict`] if the user has a second factor.
pub async fn begin(ctx: Ctx) -> Result<Response> {
    let FactorSetup { secret, uri } = ctx.services().identity.begin_two_factor(&ctx.actor).await?;
    Ok(match ctx.format {
        Format::Json => {
            let view = json!({ "secret": secret.expose_secret(), "uri": uri.expose_secret() });
            (StatusCode::CREATED, Json(view)).into_response()
        }
        Format::Html => Redirect::to(routes::TwoFactor::PATTERN).into_response(),
    })
}

/// Confirms the secret by a code, and shows the recovery codes.
///
/// # Errors
/// [`AppError::Invalid`] for a wrong code, [`AppError::Conflict`], [`AppError::TooManyAttempts`].
pub async fn confirm(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    let code = fields.text_or_empty("code");
    let confirmed = if code.is_empty() {
        Err(AppError::invalid("code", Problem::Required))
    } else {
        ctx.services().identity.confirm_two_factor(&ctx.actor, code, ctx.session()).await
    };
    match (confirmed, ctx.format) {
        (Ok(codes), Format::Json) => Ok(Json(json!({ "recovery_codes": codes })).into_response()),
        (Ok(codes), Format::Html) => render(&ctx, StatusCode::OK, Form::default(), Some(codes)).await,
        (Err(error), _) => {
            let again = |status, form: Form| render(&ctx, status, form.without_values(), None);
            ctx.form_or_error(error, &fields, again).await
        }
    }
}

/// Removes the second factor, which a code proves once more.
///
/// # Errors
/// [`AppError::Invalid`] for a wrong code, [`AppError::NotFound`], [`AppError::TooManyAttempts`].
pub async fn disable(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    match ctx.services().identity.disable_two_factor(&ctx.actor, fields.text_or_empty("code")).await {
        Ok(()) => Ok(ctx.deleted(routes::TwoFactor::PATTERN)),
        Err(error) => {
            let again = |status, form: Form| render(&ctx, status, form.without_values(), None);
            ctx.form_or_error(error, &fields, again).await
        }
    }
}
