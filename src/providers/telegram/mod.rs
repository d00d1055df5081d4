//! Telegram: private chats with a bot, out through the Bot API and in through its webhook.
//!
//! What is sent goes through teloxide. What comes in is read field by field, and not by teloxide's types: Telegram adds
//! kinds and fields several times a year, and a client's words must not be lost over one of them
//! (`docs/adr/0017-telegram-client.md`).

mod answer;
mod bot;
mod call;
mod card;
mod client;
#[cfg(test)]
mod description;
mod place;
mod plan;
mod split;
pub mod update;
mod webhook;

use crate::domain::{Channel, SuppressionReason, Transport};
pub use crate::providers::telegram::bot::{Bot, BotError, BotIdentity, WebhookInfo};
pub use crate::providers::telegram::client::Telegram;
pub use crate::providers::telegram::webhook::WEBHOOK_PATH;
use crate::providers::{Registration, SendFrom};

/// The header that names and proves the channel of an update.
pub const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// Telegram among the providers. A bot may only write to those who have written to it, and hears nothing of what becomes
/// of a message.
pub(in crate::providers) const REGISTRATION: Registration = Registration {
    sender: |channel: &Channel, transport| {
        (transport == Transport::Telegram).then(|| SendFrom::Number(channel.account_sid.clone()))
    },
    may_start: false,
    webhooks: webhook::WEBHOOKS,
    webhooks_by_hand: false,
    status_path: None,
    suppressions: &[
        (answer::BLOCKED, SuppressionReason::Blocked),
        (answer::DEACTIVATED, SuppressionReason::Gone),
    ],
    open: |by, _, token| {
        let bot = Bot::new(by.http.clone(), by.telegram_api_url.clone(), &token);
        Box::new(Telegram::new(bot, by.uploads.clone()))
    },
};

/// Whether a text can be a bot's token, such as `123456:ABC-DEF`.
pub fn is_token(text: &str) -> bool {
    text.split_once(':').is_some_and(|(number, secret)| {
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        is_number && !secret.is_empty() && secret.bytes().all(plain) && text.len() <= 255
    })
}
