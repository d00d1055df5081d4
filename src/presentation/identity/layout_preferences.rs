//! Changing the layout preferences of a browser: names in the navigation, client details beside a
//! chat.

use axum::{
    Json,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;

use crate::{
    domain::Problem,
    error::Result,
    presentation::{
        http::{
            context::Ctx,
            extract::{BodyFields, Format},
            fields::Fields,
            routes,
        },
        identity::local_path,
        ui::layout_preferences::LayoutPreferences,
    },
};

/// Changes the preferences that are present in the request, in the browser's cookie.
///
/// # Errors
/// [`crate::error::AppError::Invalid`] for an unknown value.
pub async fn update(ctx: Ctx, headers: HeaderMap, BodyFields(fields): BodyFields) -> Result<Response> {
    let (mut form, stored) = (fields.reader(), ctx.layout_preferences);
    let navigation_labels =
        choice(&fields, "navigation", stored.navigation_labels, "names", "icons", "names, icons");
    let navigation_labels = form.check("navigation", navigation_labels);
    let details = choice(&fields, "details", stored.details, "shown", "hidden", "shown, hidden");
    let details = form.check("details", details);
    let (navigation_labels, details) = form.finish_all(navigation_labels.zip(details))?;
    let preferences = LayoutPreferences { navigation_labels, details };
    let cookie = preferences.cookie(&ctx.state)?;
    Ok(match ctx.format {
        Format::Json => {
            let view =
                json!({ "navigation": preferences.navigation(), "details": preferences.details_state() });
            (cookie, Json(view)).into_response()
        }
        Format::Html => (cookie, Redirect::to(&return_path(&headers))).into_response(),
    })
}

/// Reads a field with two allowed values; an absent one keeps its value.
fn choice(
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
        Some(_) => Err(Problem::NotOneOf(both.into())),
    }
}

/// The path of the page that the request came from.
fn return_path(headers: &HeaderMap) -> String {
    let came_from = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let url = came_from.and_then(|address| address.parse::<url::Url>().ok());
    let path = url.map(|url| url[url::Position::BeforePath..url::Position::AfterQuery].to_owned());
    let own = path.as_deref().and_then(local_path).map(str::to_owned);
    own.unwrap_or_else(|| routes::Chats.to_string())
}
