//! Parsing of the header `Retry-After`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// The maximum time that a message waits at a provider's request.
const LONGEST: Duration = Duration::from_hours(1);

/// The time to wait from `now`: `Retry-After` in seconds or as a date in the fixed format (RFC
/// 9110, section 10.2.3), limited to an hour; `None` if the header is missing or invalid.
pub(in crate::providers) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    Some(seconds(value).or_else(|| until(value, now))?.min(LONGEST))
}

fn seconds(value: &str) -> Option<Duration> {
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // A number that does not fit is a very long wait rather than an error.
    Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)))
}

fn until(date: &str, now: DateTime<Utc>) -> Option<Duration> {
    let date = DateTime::parse_from_rfc2822(date).ok()?;
    // A time in the past means that there is nothing to wait for.
    Some((date.to_utc() - now).to_std().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &'static str) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, value.parse().unwrap());
        let now = "1994-11-06T08:49:00Z".parse().unwrap();
        retry_after(&headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn retry_after_parses_seconds_and_dates() {
        assert_eq!(read("17"), Some(17));
        assert_eq!(read(" 0 "), Some(0));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), Some(37));
        assert_eq!(read("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
    }

    #[test]
    fn retry_after_is_capped_at_an_hour() {
        assert_eq!(read("86400"), Some(3600));
        assert_eq!(read("99999999999999999999999999"), Some(3600));
        assert_eq!(read("Sat, 06 Nov 2094 08:49:37 GMT"), Some(3600));
    }

    #[test]
    fn an_invalid_retry_after_is_ignored() {
        for value in ["", "-5", "+5", "1.5", "soon", "Sun, 99 Nov 1994"] {
            assert_eq!(read(value), None, "{value}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), chrono::DateTime::UNIX_EPOCH), None);
    }
}
