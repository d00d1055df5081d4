//! Layout preferences of a browser. They are stored in a cookie, so that a page has the right
//! layout from the first paint on.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use chrono::TimeDelta;

use crate::{
    error::Result,
    presentation::{
        AppState,
        http::cookies::{cookie, set_cookie},
    },
};

const COOKIE: &str = "aloqa_frame";
/// The lifetime of the cookie: a year.
const COOKIE_LIFETIME: TimeDelta = TimeDelta::days(365);

/// The visible parts of the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayoutPreferences {
    /// True if the navigation shows names beside its icons.
    pub navigation_labels: bool,
    /// True if the client's details are shown next to a chat.
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

    /// Returns the header that stores the preferences in the browser.
    ///
    /// # Errors
    /// See [`set_cookie`].
    pub fn cookie(self, state: &AppState) -> Result<[(HeaderName, HeaderValue); 1]> {
        let value = format!("{}.{}", self.navigation(), self.details_state());
        set_cookie(state.is_secure(), COOKIE, &value, COOKIE_LIFETIME)
    }

    /// The state of the navigation, as a word for style sheets.
    pub fn navigation(self) -> &'static str {
        if self.navigation_labels { "names" } else { "icons" }
    }

    /// The state of the details, as a word for style sheets.
    pub fn details_state(self) -> &'static str {
        if self.details { "shown" } else { "hidden" }
    }
}
