//! Maps answers of Twilio to outcomes of a message. No other code decides if a message is sent
//! again.

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::providers::retry_after::retry_after;
use crate::providers::{Outcome, Reason};

use crate::providers::twilio::REGISTRATION;

/// Twilio's error code for "too many requests", which does not always come with status 429.
const TOO_MANY: &str = "20429";

/// The maximum length of an error text, in characters, so that an HTML page is not stored with a
/// message.
const MAX_TEXT: usize = 300;

/// The outcome of a complete answer.
///
/// - 2xx with a SID: accepted. Without a SID it is unknown if Twilio accepted it.
/// - 429 and 5xx: to be retried. So is 408, which means that the server did not receive the whole
///   request (RFC 9110).
/// - 21610: refused, and the address is suppressed.
/// - Everything else including redirects: refused.
pub(super) fn outcome(status: StatusCode, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> Outcome {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    if status.is_success() {
        return accepted(status, &body);
    }
    let reason = reason(status, &body);
    if is_transient(status) || reason.code.as_deref() == Some(TOO_MANY) {
        Outcome::Retry { after: retry_after(headers, now), reason }
    } else if let Some(suppression) =
        reason.code.as_deref().and_then(|code| (REGISTRATION.classify)(code).suppression)
    {
        Outcome::RecipientUnreachable { reason, suppression }
    } else {
        Outcome::Refused(reason)
    }
}

fn is_transient(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
}

fn accepted(status: StatusCode, body: &Value) -> Outcome {
    match body["sid"].as_str() {
        Some(sid) if !sid.is_empty() => Outcome::Accepted { provider_id: sid.to_owned() },
        _ => Outcome::Unknown(Reason {
            code: Some(status.as_u16().to_string()),
            text: "Twilio said yes without naming the message".to_owned(),
        }),
    }
}

fn reason(status: StatusCode, body: &Value) -> Reason {
    let code = body["code"].as_u64().unwrap_or_else(|| status.as_u16().into());
    let text = body["message"].as_str().filter(|text| !text.trim().is_empty());
    let text = text.or(status.canonical_reason()).unwrap_or("no reason given");
    Reason { code: Some(code.to_string()), text: text.chars().take(MAX_TEXT).collect() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::SuppressionReason;

    fn answer(status: u16, body: &str) -> Outcome {
        outcome(
            StatusCode::from_u16(status).unwrap(),
            &HeaderMap::new(),
            body.as_bytes(),
            chrono::DateTime::UNIX_EPOCH,
        )
    }

    fn reason(code: &str, text: &str) -> Reason {
        Reason { code: Some(code.into()), text: text.into() }
    }

    #[test]
    fn answers_with_a_sid_are_accepted() {
        let accepted = Outcome::Accepted { provider_id: "SM1".into() };
        assert_eq!(answer(201, r#"{"sid":"SM1","status":"queued","error_code":null}"#), accepted);
        assert_eq!(answer(200, r#"{"sid":"SM1"}"#), accepted);
    }

    #[test]
    fn success_without_a_sid_is_unknown() {
        for body in
            ["", "<html>", "{}", r#"{"sid":""}"#, r#"{"sid":null}"#, r#"{"sid":"SM1""#, "[]", "\u{fffd}"]
        {
            assert!(matches!(answer(201, body), Outcome::Unknown(_)), "{body}");
        }
        assert!(matches!(answer(204, ""), Outcome::Unknown(_)));
    }

    #[test]
    fn refusals_have_twilios_code_and_message() {
        assert_eq!(
            answer(
                400,
                r#"{"code":21610,"message":"Attempt to send to unsubscribed recipient","status":400}"#
            ),
            Outcome::RecipientUnreachable {
                reason: reason("21610", "Attempt to send to unsubscribed recipient"),
                suppression: SuppressionReason::OptedOut,
            }
        );
        assert_eq!(
            answer(401, r#"{"code":20003,"message":"Authenticate","status":401}"#),
            Outcome::Refused(reason("20003", "Authenticate"))
        );
    }

    #[test]
    fn refusals_without_json_have_the_http_status() {
        assert_eq!(answer(404, "<h1>Not here</h1>"), Outcome::Refused(reason("404", "Not Found")));
        assert_eq!(
            answer(403, r#"{"code":null,"message":" "}"#),
            Outcome::Refused(reason("403", "Forbidden"))
        );
        assert_eq!(answer(499, ""), Outcome::Refused(reason("499", "no reason given")));
        assert_eq!(answer(307, ""), Outcome::Refused(reason("307", "Temporary Redirect")));
    }

    #[test]
    fn transient_errors_are_retried() {
        for status in [408, 429, 500, 502, 503, 504, 599] {
            assert!(matches!(answer(status, "busy"), Outcome::Retry { after: None, .. }), "{status}");
        }
        assert!(matches!(
            answer(400, r#"{"code":20429,"message":"Too Many Requests"}"#),
            Outcome::Retry { .. }
        ));
    }

    #[test]
    fn requested_wait_is_returned() {
        let mut headers = HeaderMap::new();
        headers.insert("Retry-After", "7".parse().unwrap());
        let outcome = outcome(StatusCode::TOO_MANY_REQUESTS, &headers, b"", chrono::DateTime::UNIX_EPOCH);
        let after = Some(Duration::from_secs(7));
        assert_eq!(outcome, Outcome::Retry { after, reason: reason("429", "Too Many Requests") });
    }

    #[test]
    fn long_error_texts_are_truncated_between_characters() {
        let Outcome::Refused(reason) = answer(400, &format!(r#"{{"message":"{}"}}"#, "ў".repeat(5000)))
        else {
            panic!("refused");
        };
        assert_eq!(reason.text.chars().count(), MAX_TEXT);
    }
}
