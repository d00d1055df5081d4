//! Maps results of teloxide to outcomes of a message. No other code decides if a message is sent
//! again.
//!
//! teloxide returns neither the HTTP status nor `error_code`. Both are derived from the text: a
//! description of the Bot API begins with the reason phrase of its code, and an error page of a
//! proxy with the status.

use std::{io, sync::Arc, time::Duration};

use serde_json::Value;
use teloxide_core::{ApiError, RequestError};

use crate::{
    domain::SuppressionReason,
    providers::{
        Outcome, Reason,
        calls::{cause, no_response, reason},
        telegram::bot::BotError,
    },
};

/// The maximum time that a message waits at Telegram's request.
const MAX_WAIT: Duration = Duration::from_hours(1);
/// The maximum length of Telegram's descriptions, in characters.
const MAX_TEXT: usize = 300;

/// The error code for a client that has blocked the bot.
pub(super) const BLOCKED: &str = "telegram-blocked";
/// The error code for an account that no longer exists.
pub(super) const DEACTIVATED: &str = "telegram-deactivated";

/// Meanings of descriptions for which the error code alone is ambiguous: the error code, a part of
/// the description, our own code, and the reason to suppress the address.
const MEANINGS: [(u16, &str, &str, Option<SuppressionReason>); 8] = [
    (403, "blocked", BLOCKED, Some(SuppressionReason::Blocked)),
    (403, "deactivated", DEACTIVATED, Some(SuppressionReason::Gone)),
    (403, "can't initiate", "telegram-not-started", None),
    (400, "chat not found", "telegram-not-started", None),
    (400, "too big", "telegram-too-large", None),
    (413, "", "telegram-too-large", None),
    (401, "", "telegram-unauthorized", None),
    (404, "", "telegram-unauthorized", None),
];

/// Reason phrases at the beginning of descriptions and error pages.
const PHRASES: [(&str, u16); 13] = [
    ("Bad Request", 400),
    ("Unauthorized", 401),
    ("Forbidden", 403),
    ("Not Found", 404),
    ("Request Timeout", 408),
    ("Conflict", 409),
    ("Request Entity Too Large", 413),
    ("Payload Too Large", 413),
    ("Too Many Requests", 429),
    ("Internal Server Error", 500),
    ("Bad Gateway", 502),
    ("Service Unavailable", 503),
    ("Gateway Timeout", 504),
];

/// The reason why a call has no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// The Bot API refused the call.
    Refused(Refusal),
    /// The answer is not from the Bot API; contains the HTTP status if the answer mentions one.
    Foreign(Option<Refusal>),
    /// There was no connection, no answer, or an incomplete one.
    Network(Arc<reqwest::Error>),
    /// The request could not be written.
    Unwritten(Arc<io::Error>),
}

/// An error answer of the Bot API.
#[derive(Debug, Default)]
pub(super) struct Refusal {
    /// The HTTP status that corresponds to the description.
    code: Option<u16>,
    description: String,
    retry_after: Option<Duration>,
}

/// The outcome of a call that sends a message.
///
/// - A result with a message id: accepted. Without an id it is unknown if Telegram accepted it.
/// - No connection, 408, 429 and 5xx: to be retried, after `retry_after` if given.
/// - Any other error answer: refused.
/// - No answer, or an unrecognised one: unknown.
pub(super) fn outcome(answer: Result<Value, RequestError>) -> Outcome {
    match result(answer) {
        Ok(result) => accepted(&result),
        Err(Failure::Refused(refusal) | Failure::Foreign(Some(refusal))) => refusal.outcome(),
        Err(Failure::Foreign(None)) => Outcome::Unknown(reason("the answer is not the Bot API's")),
        Err(Failure::Network(error)) => no_response(&error),
        Err(Failure::Unwritten(error)) => {
            Outcome::Refused(reason(&format!("the request could not be made: {error}")))
        }
    }
}

/// Descriptions of refusals of a photo or a voice message that Telegram takes as a document.
const WRONG_KINDS: [&str; 7] = [
    "PHOTO_INVALID_DIMENSIONS",
    "PHOTO_EXT_INVALID",
    "PHOTO_SAVE_FILE_INVALID",
    "IMAGE_PROCESS_FAILED",
    "VIDEO_FILE_INVALID",
    "VOICE_MESSAGES_FORBIDDEN",
    "VIDEO_MESSAGES_FORBIDDEN",
];

/// True if Telegram refused a file as a photo, video or voice message only, and sent nothing.
pub(super) fn is_wrong_kind(error: &RequestError) -> bool {
    let text = match error {
        RequestError::Api(ApiError::Unknown(text)) => text.clone(),
        RequestError::Api(known) => known.to_string(),
        RequestError::InvalidJson { raw, .. } => raw.to_string(),
        _ => return false,
    };
    WRONG_KINDS.iter().any(|kind| text.contains(kind))
}

/// The result of a call, also from an answer that teloxide could not parse.
pub(super) fn result(answer: Result<Value, RequestError>) -> Result<Value, Failure> {
    Err(match answer {
        Ok(result) => return Ok(result),
        Err(RequestError::InvalidJson { raw, .. }) => return unread(&raw),
        Err(RequestError::Api(error)) => Failure::Refused(Refusal::new(description(error))),
        Err(RequestError::RetryAfter(wait)) => Failure::Refused(Refusal {
            retry_after: Some(wait.duration()),
            ..Refusal::new(format!("Too Many Requests: retry after {}", wait.seconds()))
        }),
        Err(RequestError::MigrateToChatId(_)) => Failure::Refused(Refusal::new(
            "Bad Request: group chat was upgraded to a supergroup chat".to_owned(),
        )),
        Err(RequestError::Network(error)) => Failure::Network(error),
        Err(RequestError::Io(error)) => Failure::Unwritten(error),
    })
}

/// Reads an answer that teloxide could not parse.
fn unread(raw: &str) -> Result<Value, Failure> {
    let mut answer: Value = serde_json::from_str(raw).unwrap_or_default();
    Err(match answer["ok"].as_bool() {
        Some(true) => return Ok(answer["result"].take()),
        Some(false) => Failure::Refused(Refusal::read(&answer)),
        None => Failure::Foreign(page(raw)),
    })
}

/// The status in the first words of an error page.
fn page(raw: &str) -> Option<Refusal> {
    let texts = raw.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text).trim());
    let first = texts.into_iter().find(|text| !text.is_empty())?;
    Some(Refusal::new(first.to_owned())).filter(|refusal| refusal.code.is_some())
}

/// The HTTP status at the beginning of a text, as a number or as a reason phrase.
fn status(text: &str) -> Option<u16> {
    let number = text.split_whitespace().next().and_then(|word| word.parse().ok());
    let phrase = || PHRASES.iter().find(|(phrase, _)| text.starts_with(phrase)).map(|(_, code)| *code);
    number.filter(|code| (300..600).contains(code)).or_else(phrase)
}

/// The original description, which teloxide replaces for some errors.
fn description(error: ApiError) -> String {
    match error {
        ApiError::Unknown(text) => text,
        ApiError::InvalidToken => "Unauthorized".to_owned(),
        known => known.to_string(),
    }
}

/// Reads the id of a sent message; for an album, the id of its first message.
fn accepted(result: &Value) -> Outcome {
    let message = result.as_array().and_then(|album| album.first()).unwrap_or(result);
    match (message["chat"]["id"].as_i64(), message["message_id"].as_i64()) {
        (Some(chat), Some(message)) => Outcome::Accepted { provider_id: provider_id(chat, message) },
        _ => Outcome::Unknown(reason("Telegram accepted the message without naming it")),
    }
}

/// The provider id of a message. Telegram numbers messages per chat, so the id includes the chat.
pub(super) fn provider_id(chat: i64, message: i64) -> String {
    format!("{chat}.{message}")
}

impl Refusal {
    fn new(description: String) -> Self {
        Self { code: status(&description), description, retry_after: None }
    }

    /// Reads an answer with `"ok": false`, tolerating missing fields.
    fn read(answer: &Value) -> Self {
        let described = Self::new(answer["description"].as_str().unwrap_or_default().to_owned());
        let code = answer["error_code"].as_u64().and_then(|code| code.try_into().ok());
        let seconds = answer["parameters"]["retry_after"].as_u64();
        Self { code: code.or(described.code), retry_after: seconds.map(Duration::from_secs), ..described }
    }

    /// The outcome of a message that was refused.
    fn outcome(&self) -> Outcome {
        let reason = self.reason();
        if matches!(self.code, Some(408 | 429 | 500..=599)) {
            let after = self.retry_after.map(|wait| wait.min(MAX_WAIT));
            return Outcome::Retry { after, reason };
        }
        match self.meaning().and_then(|(_, closing)| closing) {
            Some(suppression) => Outcome::RecipientUnreachable { reason, suppression },
            None => Outcome::Refused(reason),
        }
    }

    /// The code and text of the refusal.
    fn reason(&self) -> Reason {
        let named = self.meaning().map(|(named, _)| named.to_owned());
        let text = Some(self.description.trim()).filter(|text| !text.is_empty()).unwrap_or("no reason given");
        Reason {
            code: named.or_else(|| self.code.map(|code| code.to_string())),
            text: text.chars().take(MAX_TEXT).collect(),
        }
    }

    fn meaning(&self) -> Option<(&'static str, Option<SuppressionReason>)> {
        let is_meant = |code: u16, part: &str| self.code == Some(code) && self.description.contains(part);
        let found = MEANINGS.iter().find(|(code, part, ..)| is_meant(*code, part));
        found.map(|(_, _, named, closing)| (*named, *closing))
    }
}

impl From<Failure> for BotError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Refused(refusal.reason()),
            Failure::Foreign(Some(page)) => Self::NoResponse(page.reason().text),
            Failure::Foreign(None) => Self::NoResponse("the answer is not the Bot API's".to_owned()),
            Failure::Network(error) => Self::NoResponse(cause(&error)),
            Failure::Unwritten(error) => Self::NoResponse(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
