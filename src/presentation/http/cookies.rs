//! Cookies (RFC 6265): all are set here, so that all have the same attributes.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, SameSite};
use chrono::TimeDelta;
use time::Duration;

use crate::error::{AppError, Result};

/// The names of a cookie that scripts can't read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CookieName {
    by_https: &'static str,
    by_http: &'static str,
}

impl CookieName {
    /// The name for browsers that reach the application by HTTPS or not. By HTTPS it has the prefix `__Host-` (RFC 6265bis,
    /// section 4.1.3.2), so that no other site of the same domain can set it.
    pub fn of(self, secure: bool) -> &'static str {
        if secure { self.by_https } else { self.by_http }
    }
}

/// The cookie with the session's token.
pub const SESSION_COOKIE: CookieName =
    CookieName { by_https: "__Host-aloqa_session", by_http: "aloqa_session" };
/// The cookie by which a browser that has signed in before is known.
pub const BROWSER_COOKIE: CookieName =
    CookieName { by_https: "__Host-aloqa_browser", by_http: "aloqa_browser" };

/// Returns the value of a cookie of the request.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    // Other sites of the domain may set cookies with any bytes, which hide none of ours: each is read by itself.
    let pairs = headers
        .get_all(header::COOKIE)
        .into_iter()
        .flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
    let cookies = pairs.filter_map(|pair| Cookie::parse_encoded(str::from_utf8(pair).ok()?.to_owned()).ok());
    cookies.into_iter().find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
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
        assert_eq!(cookie(&headers, SESSION_COOKIE.of(false)).as_deref(), Some("abc"));
        assert_eq!(cookie(&headers, SESSION_COOKIE.of(true)), None);
        assert_eq!(cookie(&headers, "session"), None);
        let foreign =
            HeaderValue::from_bytes("город=Ташкент; caf\u{e9}; aloqa_session=abc".as_bytes()).unwrap();
        let headers = HeaderMap::from_iter([(header::COOKIE, foreign)]);
        assert_eq!(cookie(&headers, "aloqa_session").as_deref(), Some("abc"));
    }
}
