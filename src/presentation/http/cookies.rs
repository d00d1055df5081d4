//! Cookies (RFC 6265): all are set here, so that all have the same attributes.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use chrono::TimeDelta;
use time::Duration;

use crate::error::{AppError, Result};

/// The name of the cookie with the session's token.
pub const SESSION_COOKIE: &str = "aloqa_session";

/// Returns the value of a cookie of the request.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(CookieJar::from_headers(headers).get(name)?.value().to_owned())
}

/// Returns the header that sets a cookie for `lifetime`; a lifetime of zero removes it. The cookie is not readable by
/// scripts (`HttpOnly`), not sent by forms of other sites (`SameSite`), and only sent by HTTPS if it is `secure`.
///
/// # Errors
/// [`AppError::Internal`] for a value that no header can have.
pub fn set_cookie(
    secure: bool,
    name: &'static str,
    value: &str,
    lifetime: TimeDelta,
) -> Result<[(HeaderName, HeaderValue); 1]> {
    let cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(lifetime.num_seconds()))
        .secure(secure)
        .build();
    let value = HeaderValue::try_from(cookie.encoded().to_string()).map_err(AppError::internal)?;
    Ok([(header::SET_COOKIE, value)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_among_others() {
        let headers =
            HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("a=1; aloqa_session=abc; b=2"))]);
        assert_eq!(cookie(&headers, SESSION_COOKIE).as_deref(), Some("abc"));
        assert_eq!(cookie(&headers, "session"), None);
    }
}
