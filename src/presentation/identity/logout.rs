//! Signing out: the session ends on the server, not only in the browser.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};

use crate::presentation::identity::sign_in::session_cookie;
use crate::{
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, SignedIn},
            routes,
        },
    },
};

/// Ends the session.
///
/// # Errors
/// [`crate::error::AppError::Unavailable`] when the database is away.
pub async fn submit(State(state): State<AppState>, signed_in: SignedIn, format: Format) -> Result<Response> {
    if let Some(token) = signed_in.session() {
        state.services.identity.sign_out(&signed_in.actor, token).await?;
    }
    let cookie = [(header::SET_COOKIE, session_cookie("", &state))];
    Ok(match format {
        Format::Json => (StatusCode::NO_CONTENT, cookie).into_response(),
        Format::Html => (cookie, Redirect::to(&routes::Login.to_string())).into_response(),
    })
}
