//! Failed calls to a provider: their outcomes and their logging, shared by all providers.

use std::error::Error as _;

use reqwest::Response;

use crate::providers::{Outcome, Reason};

/// The maximum size of an answer. Real answers have about a kilobyte; larger ones do not come from
/// the provider's API.
const MAX_RESPONSE_BYTES: usize = 64 * 1024;

/// The outcome of a call without an answer. Only if no connection was established is it certain
/// that nothing was sent.
pub(in crate::providers) fn no_response(error: &reqwest::Error) -> Outcome {
    let text = cause(error);
    if error.is_builder() {
        Outcome::Refused(reason(&format!("the request could not be made: {text}")))
    } else if error.is_connect() {
        Outcome::Retry { after: None, reason: reason(&format!("no connection: {text}")) }
    } else {
        Outcome::Unknown(reason(&format!("no answer: {text}")))
    }
}

/// The outcome of a call whose answer is incomplete.
pub(in crate::providers) fn truncated_response(error: &reqwest::Error) -> Outcome {
    Outcome::Unknown(reason(&format!("the answer broke off: {}", cause(error))))
}

/// Logs an outcome. The provider's text may contain the recipient's number, so that only the code
/// is logged if there is one.
pub(in crate::providers) fn log(outcome: &Outcome) {
    let told = |reason: &Reason| reason.code.clone().unwrap_or_else(|| reason.text.clone());
    match outcome {
        Outcome::Accepted { provider_id } => tracing::debug!(provider_id, "accepted"),
        Outcome::PartAccepted { provider_id } => tracing::debug!(provider_id, "a part was accepted"),
        Outcome::Retry { after, reason } => {
            tracing::warn!(reason = told(reason), ?after, "not now");
        }
        Outcome::Refused(reason) | Outcome::RecipientUnreachable { reason, .. } => {
            tracing::warn!(reason = told(reason), "refused");
        }
        Outcome::Unknown(reason) => tracing::warn!(reason = told(reason), "fate unknown"),
    }
}

/// Reads the body of an answer up to the maximum size.
pub(in crate::providers) async fn read(mut response: Response) -> reqwest::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_RESPONSE_BYTES {
            // This is not an answer of the provider, so parsing will fail, and the status is
            // sufficient.
            break;
        }
    }
    Ok(body)
}

/// The innermost cause of an error, which contains neither the URL nor data of the request.
pub(in crate::providers) fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "timed out".to_owned();
    }
    let mut innermost = error.source();
    while let Some(source) = innermost.and_then(std::error::Error::source) {
        innermost = Some(source);
    }
    innermost.map_or_else(|| "unknown cause".to_owned(), ToString::to_string)
}

pub(in crate::providers) fn reason(text: &str) -> Reason {
    Reason { code: None, text: text.to_owned() }
}
