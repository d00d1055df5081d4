//! Another password.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::presentation::identity::account::{render, stored_form};
use crate::{
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, SignedIn},
            form::{Form, form_or_error},
            routes,
        },
        identity::session_cookie,
        ui::i18n::I18n,
    },
};

/// Changes the password and ends all sessions; a browser gets a new one.
///
/// # Errors
/// [`crate::error::AppError::Invalid`] for a wrong password or a new one that is too short,
/// [`crate::error::AppError::TooManyAttempts`] after too many wrong ones.
pub async fn update(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let [current, new] =
        ["current_password", "password"].map(|name| SecretString::from(fields.text_or_empty(name)));
    match state.services.identity.change_password(&signed_in.actor, current, new).await {
        Ok(token) => {
            let cookie = [(header::SET_COOKIE, session_cookie(token.expose_secret(), &state))];
            Ok(match (format, signed_in.session()) {
                (Format::Json, None) => StatusCode::NO_CONTENT.into_response(),
                (Format::Json, Some(_)) => (StatusCode::NO_CONTENT, cookie).into_response(),
                (Format::Html, _) => {
                    (cookie, Redirect::to(&format!("{}?saved", routes::Account))).into_response()
                }
            })
        }
        Err(error) => {
            // Neither password goes back into the page.
            let render = |status, form: Form| {
                let form = form.without_values();
                render(&state, &signed_in, status, stored_form(&signed_in), form, false)
            };
            form_or_error(error, format, &fields, I18n::new(signed_in.actor.locale()), render).await
        }
    }
}
