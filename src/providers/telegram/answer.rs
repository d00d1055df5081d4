//! Decides from what teloxide returns what became of a message; the one place where "send again?" is answered.
//!
//! teloxide passes on neither the HTTP status nor `error_code`. Both are recovered from the text: a description of the
//! Bot API begins with the reason phrase of its code, and an error page of a server in front of it with the status.

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

/// No message waits longer than this for Telegram's word.
const MAX_WAIT: Duration = Duration::from_hours(1);
/// Telegram's words are cut here, in characters.
const MAX_TEXT: usize = 300;

/// Our code for: the client has blocked the bot.
pub(super) const BLOCKED: &str = "telegram-blocked";
/// Our code for: the account does not exist any more.
pub(super) const DEACTIVATED: &str = "telegram-deactivated";

/// What Telegram's descriptions mean, where its code alone says too little: a part of the description, our code for it,
/// and what it means for everything else that would be sent there.
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

/// The reason phrases with which descriptions and error pages begin.
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

/// Why a call brought no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// The Bot API refused it.
    Refused(Refusal),
    /// The answer is not the Bot API's; what it says, where it names an HTTP status.
    Foreign(Option<Refusal>),
    /// No connection, no answer, or one that broke off.
    Network(Arc<reqwest::Error>),
    /// The request could not be written.
    Unwritten(Arc<io::Error>),
}

/// A refusal, in Telegram's words.
#[derive(Debug, Default)]
pub(super) struct Refusal {
    /// The HTTP status that it stands for.
    code: Option<u16>,
    description: String,
    retry_after: Option<Duration>,
}

/// What became of a message that a call sent.
///
/// - A result with a message's id: accepted. Without one, Telegram may have taken it.
/// - No connection, 408, 429 and 5xx: not taken, try again, after `retry_after` where it is said.
/// - Any other refusal: refused.
/// - No answer, or one that says neither: unknown.
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

/// The result of a call, also of one whose answer teloxide could not read.
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

/// What an answer says that is not as teloxide expects.
fn unread(raw: &str) -> Result<Value, Failure> {
    let mut answer: Value = serde_json::from_str(raw).unwrap_or_default();
    Err(match answer["ok"].as_bool() {
        Some(true) => return Ok(answer["result"].take()),
        Some(false) => Failure::Refused(Refusal::read(&answer)),
        None => Failure::Foreign(page(raw)),
    })
}

/// The status that the first words of an error page name.
fn page(raw: &str) -> Option<Refusal> {
    let texts = raw.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text).trim());
    let first = texts.into_iter().find(|text| !text.is_empty())?;
    Some(Refusal::new(first.to_owned())).filter(|refusal| refusal.code.is_some())
}

/// The HTTP status that a text begins with, as a number or in words.
fn status(text: &str) -> Option<u16> {
    let number = text.split_whitespace().next().and_then(|word| word.parse().ok());
    let phrase = || PHRASES.iter().find(|(phrase, _)| text.starts_with(phrase)).map(|(_, code)| *code);
    number.filter(|code| (300..600).contains(code)).or_else(phrase)
}

/// Telegram's own words, which teloxide has replaced for some errors.
fn description(error: ApiError) -> String {
    match error {
        ApiError::Unknown(text) => text,
        ApiError::InvalidToken => "Unauthorized".to_owned(),
        known => known.to_string(),
    }
}

/// The id of a message that was sent; of an album, that of its first.
fn accepted(result: &Value) -> Outcome {
    let message = result.as_array().and_then(|album| album.first()).unwrap_or(result);
    match (message["chat"]["id"].as_i64(), message["message_id"].as_i64()) {
        (Some(chat), Some(message)) => Outcome::Accepted { provider_id: provider_id(chat, message) },
        _ => Outcome::Unknown(reason("Telegram accepted the message without naming it")),
    }
}

/// What we call a message: numbers of messages are a chat's own.
pub(super) fn provider_id(chat: i64, message: i64) -> String {
    format!("{chat}.{message}")
}

impl Refusal {
    fn new(description: String) -> Self {
        Self { code: status(&description), description, retry_after: None }
    }

    /// Reads `"ok": false` and what is beside it, field by field.
    fn read(answer: &Value) -> Self {
        let described = Self::new(answer["description"].as_str().unwrap_or_default().to_owned());
        let code = answer["error_code"].as_u64().and_then(|code| code.try_into().ok());
        let seconds = answer["parameters"]["retry_after"].as_u64();
        Self { code: code.or(described.code), retry_after: seconds.map(Duration::from_secs), ..described }
    }

    /// What it means for a message.
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

    /// Why something was refused.
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
