//! How a browser wants the frame of its pages. A cookie says it, so that a page is right from its first paint on.

use crate::presentation::{AppState, http::extract::cookie};
use axum::http::HeaderMap;

const COOKIE: &str = "aloqa_frame";
/// A year, in seconds.
const COOKIE_AGE: u32 = 31_536_000;

/// What of the frame is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Names beside the icons of the navigation.
    pub names: bool,
    /// The client's details beside a conversation.
    pub details: bool,
}

impl Default for Frame {
    fn default() -> Self {
        Self { names: false, details: true }
    }
}

impl Frame {
    /// What a request's browser wants. What can't be read is as if nothing was said.
    pub fn of(headers: &HeaderMap) -> Self {
        let kept = cookie(headers, COOKIE).unwrap_or_default();
        let says = |word: &str| kept.split('.').any(|one| one == word);
        Self { names: says("names"), details: !says("hidden") }
    }

    /// The cookie that keeps it.
    pub fn cookie(self, state: &AppState) -> String {
        let secure = if state.services.foundation().public_url.scheme() == "https" { "; Secure" } else { "" };
        let (navigation, details) = (self.navigation(), self.aside());
        format!(
            "{COOKIE}={navigation}.{details}; Path=/; HttpOnly; SameSite=Lax; Max-Age={COOKIE_AGE}{secure}"
        )
    }

    /// The navigation in one word.
    pub fn navigation(self) -> &'static str {
        if self.names { "names" } else { "icons" }
    }

    /// The details in one word.
    pub fn aside(self) -> &'static str {
        if self.details { "shown" } else { "hidden" }
    }
}
