//! Decides from the Bot API's answer what became of a message; the one place where "send again?" is answered.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use crate::{
    domain::Closing,
    providers::{Outcome, Reason},
};

/// No message waits longer than this for Telegram's word.
const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// Telegram's words are cut here, in characters.
const LONGEST_TEXT: usize = 300;

/// Our code for: the client has blocked the bot.
pub(super) const BLOCKED: &str = "telegram-blocked";
/// Our code for: the account does not exist any more.
pub(super) const DEACTIVATED: &str = "telegram-deactivated";

/// What Telegram's descriptions mean, where its code alone says too little: a part of the description, our code for it,
/// and what it means for everything else that would be sent there.
const MEANINGS: [(u64, &str, &str, Option<Closing>); 8] = [
    (403, "blocked", BLOCKED, Some(Closing::Blocked)),
    (403, "deactivated", DEACTIVATED, Some(Closing::Gone)),
    (403, "can't initiate", "telegram-not-started", None),
    (400, "chat not found", "telegram-not-started", None),
    (400, "too big", "telegram-too-large", None),
    (413, "", "telegram-too-large", None),
    (401, "", "telegram-unauthorized", None),
    (404, "", "telegram-unauthorized", None),
];

/// What a complete answer means.
///
/// - `ok` with a message: accepted. Without one, Telegram may have taken it.
/// - 429 and 5xx: not taken, try again, after `retry_after` where it is said.
/// - Everything else: refused.
pub(super) fn outcome(status: StatusCode, body: &[u8]) -> Outcome {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    if answer["ok"].as_bool() == Some(true) || (answer["ok"].is_null() && status.is_success()) {
        return accepted(&answer["result"], status);
    }
    let reason = reason(status, &answer);
    let code = answer["error_code"].as_u64().unwrap_or_else(|| status.as_u16().into());
    if code == 429 || code == 408 || (500..600).contains(&code) {
        let seconds = answer["parameters"]["retry_after"].as_u64();
        let after = seconds.map(|seconds| Duration::from_secs(seconds).min(LONGEST_WAIT));
        return Outcome::Retry { after, reason };
    }
    match meaning(code, &answer).and_then(|(_, closing)| closing) {
        Some(why) => Outcome::Closed { reason, why },
        None => Outcome::Refused(reason),
    }
}

/// The id of a message that was sent; of an album, that of its first.
fn accepted(result: &Value, status: StatusCode) -> Outcome {
    let message = result.as_array().and_then(|album| album.first()).unwrap_or(result);
    match (message["chat"]["id"].as_i64(), message["message_id"].as_i64()) {
        (Some(chat), Some(message)) => Outcome::Accepted { provider_id: provider_id(chat, message) },
        _ => Outcome::Unknown(Reason {
            code: Some(status.as_u16().to_string()),
            text: "Telegram said yes without naming the message".to_owned(),
        }),
    }
}

/// What we call a message: numbers of messages are a chat's own.
pub(super) fn provider_id(chat: i64, message: i64) -> String {
    format!("{chat}.{message}")
}

/// Why something was refused.
pub(super) fn reason(status: StatusCode, answer: &Value) -> Reason {
    let code = answer["error_code"].as_u64().unwrap_or_else(|| status.as_u16().into());
    let named = meaning(code, answer).map(|(named, _)| named.to_owned());
    let text = answer["description"].as_str().filter(|text| !text.trim().is_empty());
    let text = text.or(status.canonical_reason()).unwrap_or("no reason given");
    Reason {
        code: Some(named.unwrap_or_else(|| code.to_string())),
        text: text.chars().take(LONGEST_TEXT).collect(),
    }
}

fn meaning(code: u64, answer: &Value) -> Option<(&'static str, Option<Closing>)> {
    let description = answer["description"].as_str().unwrap_or_default();
    let found = MEANINGS.iter().find(|(of, part, ..)| *of == code && description.contains(part));
    found.map(|(_, _, named, closing)| (*named, *closing))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Outcome {
        outcome(StatusCode::from_u16(status).unwrap(), body.as_bytes())
    }

    fn refused(code: u16, description: &str) -> Outcome {
        let body = serde_json::json!({ "ok": false, "error_code": code, "description": description });
        answer(code, &body.to_string())
    }

    fn code(outcome: Outcome) -> String {
        match outcome {
            Outcome::Refused(reason) | Outcome::Closed { reason, .. } => reason.code.unwrap(),
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn a_named_message_is_accepted_and_an_album_by_its_first() {
        let accepted = Outcome::Accepted { provider_id: "7.12".into() };
        let message = r#"{"message_id":12,"date":1,"chat":{"id":7,"type":"private"},"text":"a"}"#;
        assert_eq!(answer(200, &format!(r#"{{"ok":true,"result":{message}}}"#)), accepted);
        let album = format!(r#"{{"ok":true,"result":[{message},{{"message_id":13}}]}}"#);
        assert_eq!(answer(200, &album), accepted);
    }

    #[test]
    fn a_yes_that_names_nothing_leaves_the_fate_unknown() {
        for body in
            ["", "<html>", "{}", r#"{"ok":true}"#, r#"{"ok":true,"result":[]}"#, r#"{"ok":true,"resu"#]
        {
            assert!(matches!(answer(200, body), Outcome::Unknown(_)), "{body}");
        }
    }

    #[test]
    fn who_blocked_the_bot_is_left_alone() {
        let blocked = refused(403, "Forbidden: bot was blocked by the user");
        assert!(matches!(blocked, Outcome::Closed { why: Closing::Blocked, .. }), "{blocked:?}");
        assert_eq!(code(blocked), "telegram-blocked");
        let gone = refused(403, "Forbidden: user is deactivated");
        assert!(matches!(gone, Outcome::Closed { why: Closing::Gone, .. }), "{gone:?}");
        let never = refused(403, "Forbidden: bot can't initiate conversation with a user");
        assert!(matches!(never, Outcome::Refused(_)));
        assert_eq!(code(never), "telegram-not-started");
    }

    #[test]
    fn a_refusal_carries_telegrams_code_and_words() {
        let Outcome::Refused(reason) = refused(400, "Bad Request: message is too long") else {
            panic!("refused")
        };
        assert_eq!(reason.code.as_deref(), Some("400"));
        assert_eq!(reason.text, "Bad Request: message is too long");
        assert_eq!(code(refused(401, "Unauthorized")), "telegram-unauthorized");
        assert_eq!(code(refused(413, "Request Entity Too Large")), "telegram-too-large");
        assert_eq!(code(answer(413, "<html>")), "telegram-too-large");
        assert_eq!(code(answer(307, "")), "307");
    }

    #[test]
    fn whatever_passes_is_tried_again_when_telegram_says() {
        let busy = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}"#;
        let Outcome::Retry { after, reason } = answer(429, busy) else { panic!("retry") };
        assert_eq!((after, reason.code.as_deref()), (Some(Duration::from_secs(7)), Some("429")));
        for status in [408, 429, 500, 502, 503, 504] {
            assert!(matches!(answer(status, "busy"), Outcome::Retry { after: None, .. }), "{status}");
        }
        let long = r#"{"ok":false,"error_code":429,"parameters":{"retry_after":99999}}"#;
        assert!(matches!(answer(429, long), Outcome::Retry { after: Some(LONGEST_WAIT), .. }));
    }
}
