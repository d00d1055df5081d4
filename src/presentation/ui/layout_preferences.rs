//! Layout preferences of a browser. They are stored in a cookie, so that a page has the right
//! layout from the first paint on.

use crate::presentation::{AppState, http::extract::cookie};
use axum::http::HeaderMap;

const COOKIE: &str = "aloqa_frame";
/// A year, in seconds.
const COOKIE_AGE: u32 = 31_536_000;

/// The visible parts of the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayoutPreferences {
    /// Names beside the icons of the navigation.
    pub navigation_labels: bool,
    /// The client's details next to a chat.
    pub details: bool,
}

impl Default for LayoutPreferences {
    fn default() -> Self {
        Self { navigation_labels: false, details: true }
    }
}

impl LayoutPreferences {
    /// Reads the preferences of a request; unreadable ones are ignored.
    pub fn of(headers: &HeaderMap) -> Self {
        let kept = cookie(headers, COOKIE).unwrap_or_default();
        let contains = |word: &str| kept.split('.').any(|one| one == word);
        Self { navigation_labels: contains("names"), details: !contains("hidden") }
    }

    /// The cookie that keeps it.
    pub fn cookie(self, state: &AppState) -> String {
        let secure =
            if state.services.dependencies().public_url.scheme() == "https" { "; Secure" } else { "" };
        let (navigation, details) = (self.navigation(), self.details_state());
        format!(
            "{COOKIE}={navigation}.{details}; Path=/; HttpOnly; SameSite=Lax; Max-Age={COOKIE_AGE}{secure}"
        )
    }

    /// The navigation in one word.
    pub fn navigation(self) -> &'static str {
        if self.navigation_labels { "names" } else { "icons" }
    }

    /// The details in one word.
    pub fn details_state(self) -> &'static str {
        if self.details { "shown" } else { "hidden" }
    }
}
