//! The way in: to the chats.

use axum::response::Redirect;

use crate::presentation::http::{extract::SignedIn, routes};

/// Leads to where the day begins; who is not signed in is led to sign in first.
pub async fn show(_: SignedIn) -> Redirect {
    Redirect::to(&routes::Chats.to_string())
}
