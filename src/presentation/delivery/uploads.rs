//! Downloads of files, for users who may read the chat and for holders of a signed link.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use axum_extra::{
    TypedHeader,
    headers::{ETag, HeaderMapExt as _, IfNoneMatch, IfRange},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    domain::{AttachmentId, FileKind, hex},
    error::{AppError, Result},
    persistence::StoredFile,
    presentation::{
        AppState,
        delivery::byte_ranges::{RequestedRange, parse_range},
        http::{
            context::Ctx,
            extract::{PathIds, Query},
        },
    },
    services::LinkSignature,
};

/// The characters that RFC 8187 does not escape.
const UNESCAPED_IN_FILE_NAMES: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// Types that browsers may execute. Their files are sent as `application/octet-stream`, so that
/// they are saved instead.
const SCRIPTABLE_TYPES: [&str; 4] = ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"];

/// Sends a file, or with `?thumbnail` its thumbnail.
///
/// # Errors
/// [`AppError::Unauthenticated`]; [`AppError::Forbidden`]; [`AppError::NotFound`], also for a file
/// of another tenant; [`AppError::ExpiredLink`] for a link that has expired or whose signature is
/// wrong.
pub async fn show(
    State(state): State<AppState>,
    ctx: Result<Ctx>,
    PathIds(id): PathIds<AttachmentId>,
    Query(query): Query,
    headers: HeaderMap,
) -> Result<Response> {
    let files = &state.services.files;
    let file = match query.text("signature") {
        Some(signature) => {
            let expires = query.text_or_empty("expires").to_owned();
            files.find_signed(id, &LinkSignature { expires, signature: signature.to_owned() }).await?
        }
        None => files.find(&ctx?.actor, id).await?,
    };
    let tag = entity_tag(&file.sha256)?;
    if query.patch("thumbnail").is_ok_and(|thumbnail| !matches!(thumbnail, crate::domain::Patch::Keep)) {
        let small = files.thumbnail(file.thumbnail.as_ref().ok_or(AppError::NotFound)?).await?;
        return Ok((file_security_headers(), [(header::CONTENT_TYPE, "image/jpeg")], small).into_response());
    }
    if headers.typed_get::<IfNoneMatch>().is_some_and(|condition| !condition.precondition_passes(&tag)) {
        return Ok((StatusCode::NOT_MODIFIED, file_security_headers(), TypedHeader(tag)).into_response());
    }
    // If the file has changed, the client's range does not apply, and the full file is sent.
    let same = match headers.typed_try_get::<IfRange>() {
        Ok(None) => true,
        Ok(Some(condition)) => !condition.is_modified(Some(&tag), None),
        Err(_) => false,
    };
    let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok()).filter(|_| same);
    respond(&state, &file, tag, parse_range(range, file.size)).await
}

async fn respond(
    state: &AppState,
    file: &StoredFile,
    tag: ETag,
    requested: RequestedRange,
) -> Result<Response> {
    let size = file.size;
    let (status, part) = match requested {
        RequestedRange::Full => (StatusCode::OK, None),
        RequestedRange::Partial(part) => (StatusCode::PARTIAL_CONTENT, Some(part)),
        RequestedRange::Unsatisfiable => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, file_security_headers(), range).into_response());
        }
    };
    let content = state.services.files.content(&file.key, part.clone()).await?;
    let length = part.as_ref().map_or(size, |part| part.end - part.start);
    let mut response = (
        status,
        file_security_headers(),
        [
            (header::CONTENT_TYPE, content_type(&file.content_type)),
            (header::CONTENT_LENGTH, length.to_string()),
            (header::CONTENT_DISPOSITION, disposition(file)),
        ],
        TypedHeader(tag),
        Body::from_stream(content),
    )
        .into_response();
    if let Some(part) = part {
        let range = format!("bytes {}-{}/{size}", part.start, part.end - 1);
        response.headers_mut().insert(header::CONTENT_RANGE, range.parse().map_err(AppError::internal)?);
    }
    Ok(response)
}

/// The headers that prevent a file from running scripts and from being shown without asking again who may see it, such
/// as after signing out. The entity tag makes that cheap.
fn file_security_headers() -> [(HeaderName, &'static str); 6] {
    [
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::VARY, "Cookie"),
        (header::ACCEPT_RANGES, "bytes"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ]
}

fn entity_tag(sha256: &[u8]) -> Result<ETag> {
    let beginning = sha256.get(..16).unwrap_or(sha256);
    format!("\"{}\"", hex(beginning)).parse().map_err(AppError::internal)
}

fn content_type(kind: &str) -> String {
    match kind {
        scripted if SCRIPTABLE_TYPES.contains(&scripted) => "application/octet-stream".to_owned(),
        text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
        other => other.to_owned(),
    }
}

/// The `Content-Disposition` header: `inline` for pictures, audio and video, else `attachment`,
/// with the name in both encodings that browsers support.
fn disposition(file: &StoredFile) -> String {
    let how = if FileKind::of(&file.content_type) == FileKind::Document { "attachment" } else { "inline" };
    let plain: String = file
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || " .-_()".contains(c) { c } else { '_' })
        .collect();
    format!(
        "{how}; filename=\"{plain}\"; filename*=UTF-8''{}",
        utf8_percent_encode(&file.name, UNESCAPED_IN_FILE_NAMES)
    )
}
