//! A client's messages in the formats of the providers' webhooks.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::domain::{Channel, Transport};
use crate::providers::twilio::{MESSAGING_SERVICE, SMS_NUMBER, WHATSAPP_NUMBER};

/// The Telegram account of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TelegramAccount {
    /// The account's id.
    pub id: i64,
    /// The username, if the account has one.
    pub username: Option<String>,
    /// The display name.
    pub name: String,
}

impl TelegramAccount {
    /// Derives an account from a username; the result is always the same. `aziza_k` has the name
    /// Aziza K.
    #[must_use]
    pub fn of_username(username: &str) -> Self {
        let words = username.split('_').filter(|word| !word.is_empty()).map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        });
        let name = words.collect::<Vec<_>>().join(" ");
        Self { id: telegram_account(username), username: Some(username.to_owned()), name }
    }
}

/// Derives the id of a simulated account from a username.
#[must_use]
pub fn telegram_account(username: &str) -> i64 {
    let hash = Sha256::digest(username.to_lowercase());
    let number = hash.iter().take(4).fold(0, |number, byte| number << 8 | i64::from(*byte));
    // Ids that end in 0000 are avoided, because the simulator treats them as blocked.
    5_000_000_001 + number - number % 10
}

/// The form of Twilio's webhook. `media` are the URLs and types of files.
#[must_use]
pub fn twilio_form(
    channel: &Channel,
    transport: Transport,
    from: &str,
    text: &str,
    sid: &str,
    media: &[(String, String)],
) -> Vec<(String, String)> {
    let whatsapp = transport == Transport::Whatsapp;
    let prefix = if whatsapp { "whatsapp:" } else { "" };
    let own = channel.address(if whatsapp { WHATSAPP_NUMBER } else { SMS_NUMBER });
    let mut form = vec![
        ("MessageSid", sid.to_owned()),
        ("SmsSid", sid.to_owned()),
        ("SmsMessageSid", sid.to_owned()),
        ("AccountSid", channel.account.clone()),
        ("From", format!("{prefix}{from}")),
        ("To", format!("{prefix}{}", own.unwrap_or_default())),
        ("Body", text.to_owned()),
        ("NumMedia", media.len().to_string()),
        ("NumSegments", "1".to_owned()),
        ("SmsStatus", "received".to_owned()),
        ("ApiVersion", "2010-04-01".to_owned()),
    ];
    if let Some(service) = channel.address(MESSAGING_SERVICE).filter(|_| !whatsapp) {
        form.push(("MessagingServiceSid", service.to_owned()));
    }
    if whatsapp {
        form.push(("WaId", from.trim_start_matches('+').to_owned()));
    }
    let mut form: Vec<_> = form.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    for (index, (url, content_type)) in media.iter().enumerate() {
        form.push((format!("MediaUrl{index}"), url.clone()));
        form.push((format!("MediaContentType{index}"), content_type.clone()));
    }
    form
}

/// An update of Telegram with a message that has a text or the given fields.
#[must_use]
pub fn telegram_update(from: &TelegramAccount, date: i64, text: &str, fields: &Value) -> Value {
    let TelegramAccount { id, username, name } = from;
    let mut message = json!({
        "message_id": rand::random_range(1..i64::from(i32::MAX)),
        "from": { "id": id, "is_bot": false, "first_name": name, "username": username, "language_code": "uz" },
        "chat": { "id": id, "type": "private", "first_name": name, "username": username },
        "date": date,
    });
    let fields = fields.as_object().into_iter().flatten();
    let has_files = fields.clone().next().is_some();
    for (name, value) in fields {
        message[name] = value.clone();
    }
    if !text.is_empty() {
        message[if has_files { "caption" } else { "text" }] = text.into();
    }
    if text == "/start" || text.starts_with("/start ") {
        message["entities"] = json!([{ "type": "bot_command", "offset": 0, "length": 6 }]);
    }
    json!({ "update_id": rand::random_range(1..i64::from(i32::MAX)), "message": message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_derived_from_usernames() {
        let writer = TelegramAccount::of_username("aziza_k");
        assert_eq!((writer.name.as_str(), writer.id), ("Aziza K", telegram_account("Aziza_K")));
        assert_ne!(writer.id, telegram_account("aziza"));
        assert_ne!(writer.id % 10_000, 0);
        assert_eq!(TelegramAccount::of_username("____").name, "");
    }

    #[test]
    fn updates_with_files_have_captions_and_others_have_texts() {
        let writer = TelegramAccount::of_username("aziza_k");
        let text = telegram_update(&writer, 1, "Salom", &json!({}));
        assert_eq!((&text["message"]["text"], &text["message"]["caption"]), (&json!("Salom"), &Value::Null));
        let photo = telegram_update(&writer, 1, "Salom", &json!({ "document": { "file_id": "x" } }));
        assert_eq!(
            (&photo["message"]["caption"], &photo["message"]["text"]),
            (&json!("Salom"), &Value::Null)
        );
        let started = telegram_update(&writer, 1, "/start abc", &json!({}));
        assert_eq!(started["message"]["entities"][0]["type"], "bot_command");
    }
}
