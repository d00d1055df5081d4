//! Health checks: the process is alive, and the database answers.

use axum::extract::State;

use crate::error::Result;
use crate::presentation::AppState;

/// Answers 200 while the process is able to answer requests.
pub async fn alive() -> &'static str {
    "ok"
}

/// Answers 200 if the database answers, else 503.
///
/// # Errors
/// [`crate::error::AppError::Unavailable`] if the database does not answer.
pub async fn ready(State(state): State<AppState>) -> Result<&'static str> {
    state.services.dependencies().database.ping().await?;
    Ok("ok")
}
