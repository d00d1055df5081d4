//! What of the frame a browser shows: names in the navigation, details beside a conversation.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;

use crate::{
    domain::{FieldErrors, Problem},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, SignedIn},
            fields::Fields,
            routes,
        },
        identity::local_path,
        ui::layout_preferences::LayoutPreferences,
    },
};

/// Changes what was sent, for this browser.
///
/// # Errors
/// [`crate::error::AppError::Invalid`].
pub async fn update(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    headers: HeaderMap,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let stored = signed_in.layout_preferences;
    let navigation_labels = errors.check(
        "navigation",
        parse_choice(&fields, "navigation", stored.navigation_labels, "names", "icons", "names, icons"),
    );
    let details = errors.check(
        "details",
        parse_choice(&fields, "details", stored.details, "shown", "hidden", "shown, hidden"),
    );
    let (Some(navigation_labels), Some(details)) = (navigation_labels, details) else {
        return Err(errors.into());
    };
    let preferences = LayoutPreferences { navigation_labels, details };
    let cookie = [(header::SET_COOKIE, preferences.cookie(&state))];
    Ok(match format {
        Format::Json => {
            let view =
                json!({ "navigation": preferences.navigation(), "details": preferences.details_state() });
            (cookie, Json(view)).into_response()
        }
        Format::Html => (cookie, Redirect::to(&return_path(&headers))).into_response(),
    })
}

/// A choice of two; what was not sent stays as it is.
fn parse_choice(
    fields: &Fields,
    name: &str,
    kept: bool,
    yes: &str,
    no: &str,
    both: &'static str,
) -> Result<bool, Problem> {
    match fields.text(name) {
        None => Ok(kept),
        Some(word) if word == yes => Ok(true),
        Some(word) if word == no => Ok(false),
        Some(_) => Err(Problem::NotOneOf(both)),
    }
}

/// The page that was looked at.
fn return_path(headers: &HeaderMap) -> String {
    let came_from = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let url = came_from.and_then(|address| address.parse::<url::Url>().ok());
    let path = url.map(|url| url[url::Position::BeforePath..url::Position::AfterQuery].to_owned());
    let own = path.as_deref().and_then(local_path).map(str::to_owned);
    own.unwrap_or_else(|| routes::Chats.to_string())
}
