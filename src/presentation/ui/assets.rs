//! Style sheets, scripts and icons. They are embedded in the program, and their addresses contain a
//! version, so that browsers may cache them for ever.

use std::{borrow::Cow, collections::BTreeMap, io::Write as _, sync::LazyLock};

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, write::GzEncoder};
use rust_embed::Embed;
use sha2::{Digest as _, Sha256};

use crate::error::AppError;
use crate::presentation::{
    http::{extract::PathIds, routes},
    ui::script_bundle::bundle,
};

#[derive(Embed)]
#[folder = "static/"]
struct StaticFiles;

/// The style sheet that pages link to: all [`style_sheets`] in one file, for one request.
const STYLE: &str = "style.css";

/// The style sheet that declares the order of the layers; it comes first.
const LAYERS: &str = "style/layers.css";

/// The style sheets in the order of their names; their layers decide which rule applies.
fn style_sheets() -> Vec<Cow<'static, str>> {
    let mut sheets: Vec<_> = StaticFiles::iter().filter(|name| name.starts_with("style/")).collect();
    sheets.sort_by(|a, b| (a != LAYERS, a).cmp(&(b != LAYERS, b)));
    sheets
}

/// The script that pages load: [`ENTRY_SCRIPT`] with all that it imports, in one file.
const SCRIPT: &str = "script.js";
/// The script that imports the other scripts.
const ENTRY_SCRIPT: &str = "script/main.js";
/// The scripts that are loaded by themselves rather than imported by [`ENTRY_SCRIPT`].
#[cfg(test)]
const SEPARATE_SCRIPTS: &[&str] = &["script/kernel/service_worker.js", "script/kernel/offline.js"];

/// The addresses of the assets, as pages link to them.
#[derive(Debug)]
pub struct Assets {
    /// The common version of all assets.
    pub version: String,
    /// The address of the style sheet.
    pub style: String,
    /// The address of the script.
    pub script: String,
    /// The address of the icons, which are `<symbol>` elements of one file.
    pub icons: String,
    /// The address of the site's icon.
    pub favicon: String,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let version = version();
    Assets {
        style: address(&version, STYLE),
        script: address(&version, SCRIPT),
        icons: address(&version, "icons.svg"),
        favicon: address(&version, "favicon.svg"),
        version,
    }
});

/// The compressed content of the assets that become smaller by compression.
static COMPRESSED: LazyLock<BTreeMap<String, Bytes>> = LazyLock::new(|| {
    let names =
        StaticFiles::iter().chain([STYLE, SCRIPT].map(Cow::from)).filter(|name| !name.ends_with(".png"));
    names.filter_map(|name| Some((name.to_string(), gzip(&read(&name)?)?))).collect()
});

impl Assets {
    /// The addresses of this build's assets.
    pub fn get() -> &'static Self {
        &ASSETS
    }

    /// The address of an asset.
    pub fn address(&self, name: &str) -> String {
        address(&self.version, name)
    }
}

fn address(version: &str, name: &str) -> String {
    routes::Static::PATTERN.replace("{version}", version).replace("{*file}", name)
}

/// The hash of all files. Pages, scripts and style sheets of one version belong together, so that all files share it.
fn version() -> String {
    let mut names: Vec<_> = StaticFiles::iter().collect();
    names.sort();
    let mut hash = Sha256::new();
    for file in names.iter().filter_map(|name| StaticFiles::get(name)) {
        hash.update(file.metadata.sha256_hash());
    }
    URL_SAFE_NO_PAD.encode(&hash.finalize()[..9])
}

/// Reads the content of an asset.
pub(in crate::presentation) fn read(name: &str) -> Option<Cow<'static, [u8]>> {
    if name == STYLE {
        let sheets = style_sheets();
        let contents = sheets.iter().filter_map(|sheet| StaticFiles::get(sheet));
        return Some(contents.flat_map(|sheet| sheet.data.into_owned()).collect::<Vec<_>>().into());
    }
    if name == SCRIPT {
        let read = |name: &str| {
            let script = StaticFiles::get(name)?.data.into_owned();
            String::from_utf8(script).ok().map(Cow::from)
        };
        let bundled = bundle(ENTRY_SCRIPT, &read);
        // A test finds the error.
        let bundled =
            bundled.inspect_err(|error| tracing::error!(error, "the scripts can't be bundled")).ok()?;
        return Some(bundled.into_bytes().into());
    }
    StaticFiles::get(name).map(|file| file.data)
}

fn gzip(content: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// Serves an asset, addressed by version and name.
///
/// # Errors
/// [`AppError::NotFound`], also for assets of another version.
pub async fn show(
    PathIds((version, name)): PathIds<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let content = read(&name).filter(|_| version == ASSETS.version).ok_or(AppError::NotFound)?;
    let kind = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    };
    let common_headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "accept-encoding"),
    ];
    // A development build reads its files for each request, so that a change shows without a build.
    let compressed = COMPRESSED.get(&name).filter(|_| !cfg!(debug_assertions) && accepts_gzip(&headers));
    Ok(match compressed {
        Some(content) => {
            (StatusCode::OK, common_headers, [(header::CONTENT_ENCODING, "gzip")], content.clone())
                .into_response()
        }
        None => (StatusCode::OK, common_headers, content).into_response(),
    })
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.split(',').any(|one| one.trim() == "gzip"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_sheet_is_in_the_style() {
        let style = String::from_utf8(read(STYLE).unwrap().into_owned()).unwrap();
        for name in StaticFiles::iter().filter(|name| name.starts_with("style/")) {
            let sheet = String::from_utf8(read(&name).unwrap().into_owned()).unwrap();
            assert!(style.contains(&sheet), "{name}");
        }
    }

    #[test]
    fn every_style_sheet_is_in_a_layer() {
        let sheets = style_sheets();
        assert_eq!(sheets[0], LAYERS);
        let text = |name: &str| String::from_utf8(read(name).unwrap().into_owned()).unwrap();
        let first = text(LAYERS);
        let layers = first.rsplit_once("@layer ").unwrap().1.trim_end().trim_end_matches(';');
        let layers: Vec<&str> = layers.split(", ").collect();
        for name in &sheets[1..] {
            let text = text(name);
            let outermost =
                text.lines().filter(|line| !line.is_empty() && !line.starts_with([' ', '/', '}']));
            for line in outermost {
                let layer = line.strip_prefix("@layer ").and_then(|rest| rest.strip_suffix(" {"));
                assert!(layer.is_some_and(|layer| layers.contains(&layer)), "{name}: {line}");
            }
        }
    }

    #[test]
    fn every_script_is_in_the_bundle() {
        let read_text = |name: &str| String::from_utf8(read(name).expect(name).into_owned()).unwrap();
        let bundled = read_text(SCRIPT);
        let scripts = StaticFiles::iter().filter(|name| name.starts_with("script/"));
        for name in scripts.filter(|name| !SEPARATE_SCRIPTS.contains(&name.as_ref())) {
            let source = read_text(&name);
            let is_code = |line: &&str| !line.starts_with(['/', ' ', '}', ')', ']']) && line.len() > 12;
            let mut lines = source.lines().filter(is_code).filter(|line| !line.starts_with("import"));
            assert!(
                lines.all(|line| bundled.contains(line.trim_start_matches("export "))),
                "{name} is imported by none"
            );
            // A text of several lines would lose its indentation.
            assert!(source.lines().all(|line| line.matches('`').count() % 2 == 0), "{name}");
        }
    }

    #[test]
    fn style_and_script_stay_under_forty_five_kilobytes() {
        let sent = COMPRESSED.iter().filter(|(name, _)| [STYLE, SCRIPT].contains(&name.as_str()));
        let bytes: usize = sent.map(|(_, content)| content.len()).sum();
        assert!(bytes < 45_000, "{bytes}");
    }
}
