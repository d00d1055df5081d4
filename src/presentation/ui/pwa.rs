//! The installable app (PWA): the web app manifest, the service worker and the offline page.

use askama::Template;
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use crate::error::{AppError, Result};
use crate::presentation::{
    http::{
        context::Ctx,
        extract::{Format, Query, RequestLocale},
        routes,
    },
    ui::{
        assets::{self, Assets},
        i18n::I18n,
        layout::page,
    },
};

#[derive(Template)]
#[template(path = "ui/offline.html")]
struct OfflinePage {
    t: I18n,
    assets: &'static Assets,
}

/// The page that the service worker shows without a connection, in the language of `locale`, of the user, or of the
/// browser.
///
/// # Errors
/// [`AppError::Internal`] if the template can't be rendered.
pub async fn offline(user: Result<Ctx>, locale: RequestLocale, Query(query): Query) -> Result<Response> {
    // The page needs no user: reading the session has set the language of the request, where there is a session.
    drop(user);
    let locale = query.text_or_empty("locale").parse().unwrap_or_else(|_| locale.get(Format::Html));
    page(StatusCode::OK, &OfflinePage { t: I18n::new(locale), assets: Assets::get() })
}

/// The name and icons of the installed app.
pub async fn manifest(locale: RequestLocale) -> Response {
    let (t, assets) = (I18n::new(locale.get(Format::Html)), Assets::get());
    let icon = |size: u16, purpose: &str| {
        let src = assets.address(&format!("icons/{size}.png"));
        json!({ "src": src, "sizes": format!("{size}x{size}"), "type": "image/png", "purpose": purpose })
    };
    let manifest = json!({
        "id": "/",
        "name": t.get("app-name"),
        "description": t.get("app-description"),
        "lang": t.locale.tag(),
        "start_url": routes::Home::PATTERN,
        "scope": "/",
        "display": "standalone",
        "background_color": "#f8fafa",
        "theme_color": "#00787a",
        "icons": [
            { "src": assets.favicon, "sizes": "any", "type": "image/svg+xml" },
            icon(192, "any maskable"),
            icon(512, "any maskable"),
        ],
        "shortcuts": [
            { "name": t.get("nav-chats"), "url": routes::Chats::PATTERN },
            { "name": t.get("nav-clients"), "url": routes::Clients::PATTERN },
        ],
    });
    ([(header::CONTENT_TYPE, "application/manifest+json")], Json(manifest)).into_response()
}

/// The service worker. Its address is at the root, because a service worker controls only the pages
/// below its own address.
///
/// # Errors
/// [`AppError::NotFound`] never, because the script is part of the program.
pub async fn service_worker() -> Result<Response> {
    let script = assets::read("script/kernel/service_worker.js").ok_or(AppError::NotFound)?;
    let headers =
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, script).into_response())
}
