//! What a call that brought no usable answer means, and what is told of it; the same for all providers.

use std::error::Error as _;

use reqwest::Response;

use crate::providers::{Outcome, Reason};

/// An answer is about a kilobyte; what is longer than this was not meant for us.
const MAX_RESPONSE_BYTES: usize = 64 * 1024;

/// What an error without an answer means: only when no connection came about was nothing written.
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

/// What an answer that broke off means.
pub(in crate::providers) fn truncated_response(error: &reqwest::Error) -> Outcome {
    Outcome::Unknown(reason(&format!("the answer broke off: {}", cause(error))))
}

/// A provider's words repeat the recipient's number, so its code has to do where there is one.
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

/// The answer's body, as far as it can be one.
pub(in crate::providers) async fn read(mut response: Response) -> reqwest::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_RESPONSE_BYTES {
            // No provider's answer, so it won't parse; the status speaks for itself.
            break;
        }
    }
    Ok(body)
}

/// The innermost cause, which names neither the address nor anything that was sent.
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
