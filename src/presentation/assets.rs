//! Style, scripts and icons: embedded, addressed by the version of all of them, and so kept for ever by browsers.

use std::sync::LazyLock;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rust_embed::Embed;
use sha2::{Digest as _, Sha256};

use super::{extract::Ids, routes};
use crate::error::AppError;

#[derive(Embed)]
#[folder = "static/"]
struct Files;

/// The style sheets, in the order in which pages link to them: the first one names the layers.
const STYLES: &[&str] = &[
    "style/base.css",
    "style/components.css",
    "style/shell.css",
    "style/chats.css",
    "style/conversation.css",
    "style/attachments.css",
    "style/composer.css",
    "style/import.css",
    "style/profile.css",
    "style/clients.css",
    "style/merge.css",
    "style/spotlight.css",
    "style/telegram.css",
    "style/channels.css",
];

/// The addresses of the assets, as pages link to them.
#[derive(Debug)]
pub struct Assets {
    version: String,
    /// The style sheets.
    pub styles: Vec<String>,
    /// The script that loads the others, by their names beside it.
    pub script: String,
    /// The icons, one `<symbol>` each.
    pub icons: String,
    /// The icon of the site.
    pub favicon: String,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let version = version();
    let address =
        |name: &str| routes::Static::PATTERN.replace("{version}", &version).replace("{*file}", name);
    Assets {
        styles: STYLES.iter().map(|name| address(name)).collect(),
        script: address("script/main.js"),
        icons: address("icons.svg"),
        favicon: address("favicon.svg"),
        version: version.clone(),
    }
});

impl Assets {
    /// The addresses of this build's assets.
    pub fn get() -> &'static Self {
        &ASSETS
    }
}

/// What all files together hash to. Scripts import each other by name, so one version has to hold for all of them.
fn version() -> String {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    let mut hash = Sha256::new();
    for file in names.iter().filter_map(|name| Files::get(name)) {
        hash.update(file.metadata.sha256_hash());
    }
    URL_SAFE_NO_PAD.encode(&hash.finalize()[..9])
}

/// Serves an asset by the version and its name.
pub async fn show(Ids((version, name)): Ids<(String, String)>) -> Result<Response, AppError> {
    let file = Files::get(&name).filter(|_| version == ASSETS.version).ok_or(AppError::NotFound)?;
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
