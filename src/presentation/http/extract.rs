//! Extractors: the format, language, fields and ids of a request.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, header, request::Parts},
};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;

use crate::{
    domain::Locale,
    error::{AppError, Result},
    presentation::http::{body_meter::BodyLimits, fields::Fields, multipart::PendingFiles},
};

/// The format of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An HTML page.
    Html,
    /// JSON.
    Json,
}

impl Format {
    /// The format that `Accept` names: JSON for `application/json`, else HTML.
    pub fn of(headers: &HeaderMap) -> Self {
        let accepts = |kind: &str| {
            let values = headers.get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
            values.flat_map(|value| value.split(',')).any(|range| range.trim().starts_with(kind))
        };
        if accepts("application/json") || accepts("application/problem+json") {
            Self::Json
        } else {
            Self::Html
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Format {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}

/// The language of errors, and of pages before a user has signed in.
#[derive(Debug, Clone, Default)]
pub struct RequestLocale {
    header: Option<Locale>,
    user: Arc<OnceLock<Locale>>,
}

impl RequestLocale {
    /// The first language of `Accept-Language` for which there are page texts.
    pub fn of(headers: &HeaderMap) -> Self {
        let accepted =
            headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut ranges: Vec<(f32, Locale)> = accepted
            .split(',')
            .filter_map(|range| {
                let (tag, quality) = range.split_once(";q=").unwrap_or((range, "1"));
                Some((quality.trim().parse().ok()?, tag.parse().ok()?))
            })
            .collect();
        // The sort is stable, so that languages of equal weight keep their order.
        ranges.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        Self { header: ranges.first().map(|(_, locale)| *locale), user: Arc::default() }
    }

    /// Records the language of the user once the request is authenticated.
    pub fn set_user(&self, locale: Locale) {
        // A request has one user, so that a second call never sets another language.
        let _ = self.user.set(locale);
    }

    /// The language of the response. For JSON the header takes precedence over the user's language;
    /// for pages the user's language does, because browsers always send a header.
    pub fn get(&self, format: Format) -> Locale {
        let user = self.user.get().copied();
        let chosen = match format {
            Format::Json => self.header.or(user),
            Format::Html => user.or(self.header),
        };
        chosen.unwrap_or_default()
    }
}

impl<S: Sync> FromRequestParts<S> for RequestLocale {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self::of(&parts.headers)))
    }
}

/// The fields of a body in any of the three formats: JSON, urlencoded and multipart.
#[derive(Debug, Clone)]
pub struct BodyFields(pub Arc<Fields>);

impl<S: Send + Sync> FromRequest<S> for BodyFields {
    type Rejection = AppError;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        // Forms were read before routing, because they may name another method. Handlers that take
        // no files only get the names of the file fields.
        if let Some(files) = request.extensions().get::<PendingFiles>().and_then(PendingFiles::take) {
            let mut fields =
                request.extensions().get::<Arc<Fields>>().map(|f| Fields::clone(f)).unwrap_or_default();
            files.skip_files(&mut fields).await?;
            return Ok(Self(Arc::new(fields)));
        }
        if let Some(fields) = request.extensions().get::<Arc<Fields>>() {
            return Ok(Self(fields.clone()));
        }
        let json = content_type(request.headers()).starts_with("application/json");
        let limits = BodyLimits::of(request.extensions());
        let body = read_body(request.into_body(), limits.fields).await?;
        match (json, body.is_empty()) {
            (_, true) => Ok(Self(Arc::default())),
            (true, false) => Ok(Self(Arc::new(Fields::from_json(&body)?))),
            (false, false) => Err(AppError::UnsupportedMediaType),
        }
    }
}

/// The media type of a body, in lower case.
pub(in crate::presentation) fn content_type(headers: &HeaderMap) -> String {
    headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_ascii_lowercase()
}

/// Reads a body into memory.
///
/// # Errors
/// [`AppError::TooLarge`] for more than `limit` bytes; [`AppError::Malformed`] for one that ends
/// early.
pub(in crate::presentation) async fn read_body(
    body: axum::body::Body,
    limit: usize,
) -> Result<axum::body::Bytes> {
    // Chunks are copied: each would keep the whole buffer that it was read into, which is 8 kB for a chunk of one byte.
    let mut bytes = Vec::new();
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| AppError::Malformed("the body breaks off"))?;
        if bytes.len() + chunk.len() > limit {
            return Err(AppError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

/// The fields of the query string.
#[derive(Debug, Clone)]
pub struct Query(pub Fields);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Fields::from_query(parts.uri.query().unwrap_or_default())))
    }
}

/// The ids of a path. A path with an invalid id is answered with 404.
#[derive(Debug, Clone, Copy)]
pub struct PathIds<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathIds<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let Path(ids) = Path::<T>::from_request_parts(parts, state).await.map_err(|_| AppError::NotFound)?;
        Ok(Self(ids))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    /// A buffer that counts itself while it is kept.
    struct Buffer(Arc<std::sync::atomic::AtomicUsize>);

    impl AsRef<[u8]> for Buffer {
        fn as_ref(&self) -> &[u8] {
            &[b'a'; 8192]
        }
    }

    impl Drop for Buffer {
        fn drop(&mut self) {
            self.0.fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
        }
    }

    #[tokio::test]
    async fn a_body_of_single_bytes_keeps_no_buffers() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let (kept, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let chunks = {
            let (kept, most) = (kept.clone(), most.clone());
            futures_util::stream::iter((0..60_000).map(move |_| {
                most.fetch_max(kept.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
                Ok::<_, std::io::Error>(axum::body::Bytes::from_owner(Buffer(kept.clone())).slice(..1))
            }))
        };
        let body = read_body(axum::body::Body::from_stream(chunks), 64 * 1024).await.unwrap();
        assert_eq!((body.len(), kept.load(Ordering::Relaxed)), (60_000, 0));
        assert!(most.load(Ordering::Relaxed) < 3, "each keeps the whole buffer that it was read into");
        let long = axum::body::Body::from("a".repeat(11));
        assert!(matches!(read_body(long, 10).await, Err(AppError::TooLarge)));
    }

    #[test]
    fn programs_ask_for_json_and_everyone_else_gets_pages() {
        let format = |accept| Format::of(&headers(header::ACCEPT, accept));
        assert_eq!(format("application/json"), Format::Json);
        assert_eq!(format("application/json;q=0.9, */*"), Format::Json);
        assert_eq!(format("text/html,application/xhtml+xml,*/*;q=0.8"), Format::Html);
        assert_eq!(Format::of(&HeaderMap::new()), Format::Html);
    }

    #[test]
    fn the_readers_first_known_language() {
        let locale = |accept| RequestLocale::of(&headers(header::ACCEPT_LANGUAGE, accept)).get(Format::Html);
        assert_eq!(locale("de-DE,ru;q=0.8,en;q=0.5"), Locale::Ru);
        assert_eq!(locale("en;q=0.5, uz-Latn-UZ"), Locale::Uz);
        assert_eq!(locale("*"), Locale::En);

        let chosen = RequestLocale::of(&headers(header::ACCEPT_LANGUAGE, "ru"));
        chosen.user.set(Locale::Uz).unwrap();
        assert_eq!(
            chosen.get(Format::Html),
            Locale::Uz,
            "a browser's header is worth less than the user's choice"
        );
        assert_eq!(chosen.get(Format::Json), Locale::Ru, "a program's is meant");
    }
}
