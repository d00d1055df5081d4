//! Health checks: the process is alive, and the database answers.

use axum::extract::State;

use crate::error::Result;
use crate::presentation::AppState;

/// 200 as long as requests are answered at all.
pub async fn alive() -> &'static str {
    "ok"
}

/// 200 when the database answers, else 503.
///
/// # Errors
/// [`crate::error::AppError::Unavailable`].
pub async fn ready(State(state): State<AppState>) -> Result<&'static str> {
    state.services.dependencies().database.ping().await?;
    Ok("ok")
}
