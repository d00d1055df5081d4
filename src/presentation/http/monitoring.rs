//! Health checks (the process is alive, and the database answers) and metrics.

use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};

use crate::{
    error::{AppError, Result},
    metrics::CONTENT_TYPE,
    presentation::AppState,
    services::Services,
};

/// The application that serves the metrics at `/metrics`, on an address of its own.
pub fn metrics_app(services: Services) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(services)
}

/// Writes the metrics.
///
/// # Errors
/// [`AppError::Unavailable`] if the database does not answer.
async fn metrics(State(services): State<Services>) -> Result<Response> {
    let observed = services.observe().await?;
    let text = services.dependencies().metrics.encode(&observed).map_err(AppError::internal)?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response())
}

/// Answers 200 while the process is able to answer requests.
pub async fn alive() -> &'static str {
    "ok"
}

/// Answers 200 if the database answers and the secret key opens what is stored, else 503.
///
/// # Errors
/// [`AppError::Unavailable`] if the database does not answer, or the key is another one.
pub async fn ready(State(state): State<AppState>) -> Result<&'static str> {
    state.services.dependencies().database.ping().await?;
    state.services.channels.check_key().await?;
    Ok("ok")
}
