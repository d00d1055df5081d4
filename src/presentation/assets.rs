//! Style, script and icons: embedded, named after their content, and so kept for ever by browsers.

use std::sync::LazyLock;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rust_embed::{Embed, EmbeddedFile};

use super::{extract::Ids, routes};
use crate::error::AppError;

#[derive(Embed)]
#[folder = "static/"]
struct Files;

/// The addresses of the assets, as pages link to them.
#[derive(Debug)]
pub struct Assets {
    /// The style sheet.
    pub style: String,
    /// The script.
    pub script: String,
    /// The icons, one `<symbol>` each.
    pub icons: String,
    /// The icon of the site.
    pub favicon: String,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets {
    style: address("aloqa.css"),
    script: address("aloqa.js"),
    icons: address("icons.svg"),
    favicon: address("favicon.svg"),
});

impl Assets {
    /// The addresses of this build's assets.
    pub fn get() -> &'static Self {
        &ASSETS
    }
}

/// `/static/HASH.NAME`: another content has another address.
fn address(name: &str) -> String {
    let hash = Files::get(name).map(|file| fingerprint(&file)).unwrap_or_default();
    routes::Static::PATTERN.replace("{file}", &format!("{hash}.{name}"))
}

fn fingerprint(file: &EmbeddedFile) -> String {
    URL_SAFE_NO_PAD.encode(&file.metadata.sha256_hash()[..9])
}

/// Serves an asset by its fingerprinted name.
pub async fn show(Ids(name): Ids<String>) -> Result<Response, AppError> {
    let (hash, name) = name.split_once('.').ok_or(AppError::NotFound)?;
    let file = Files::get(name).filter(|file| fingerprint(file) == hash).ok_or(AppError::NotFound)?;
    let kind = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let headers =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((StatusCode::OK, headers, file.data).into_response())
}
