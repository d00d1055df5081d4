//! Telegram: private chats with a bot, with teloxide for calls and our own parser for the webhook.
//!
//! Calls of the Bot API go through teloxide. Updates are parsed field by field and not by
//! teloxide's types: Telegram adds kinds and fields several times a year, and a client's message
//! must not be lost because of one (`docs/adr/0017-telegram-client.md`).

mod answer;
mod bot;
mod call;
mod card;
mod check;
mod client;
#[cfg(test)]
mod description;
mod place;
mod plan;
mod split;
pub mod update;
mod webhook;

use futures_util::FutureExt as _;

use crate::domain::{Channel, ChannelProvider, SuppressionReason, Transport};
pub use crate::providers::telegram::bot::{Bot, BotError, BotIdentity, WebhookInfo};
pub use crate::providers::telegram::check::BotHealth;
pub use crate::providers::telegram::client::Telegram;
pub use crate::providers::telegram::webhook::WEBHOOK_PATH;
use crate::providers::{ChannelCheck, CheckResult, FailureClass, NO_RESPONSE, Registration, SendFrom};

/// The header that names and proves the channel of an update.
pub const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// The name of the provider.
pub const NAME: ChannelProvider = ChannelProvider::named("telegram");

/// The code of a bot whose token is not good any more.
const UNAUTHORIZED: &str = "telegram-unauthorized";

/// The registration of Telegram. A bot may only write to users who have written to it, and receives
/// no status reports.
pub(in crate::providers) static REGISTRATION: Registration = Registration {
    name: NAME,
    sender: |channel: &Channel, transport| {
        (transport == Transport::Telegram).then(|| SendFrom::Number(channel.account_sid.clone()))
    },
    may_start: false,
    webhooks: webhook::WEBHOOKS,
    webhooks_by_hand: false,
    status_path: None,
    classify: |code| match code {
        answer::BLOCKED => FailureClass::suppressed(SuppressionReason::Blocked),
        answer::DEACTIVATED => FailureClass::suppressed(SuppressionReason::Gone),
        UNAUTHORIZED => FailureClass::CHANNEL,
        code => FailureClass::of_any_provider(code),
    },
    suppression_code: |reason| match reason {
        SuppressionReason::Blocked => answer::BLOCKED,
        SuppressionReason::Gone => answer::DEACTIVATED,
        SuppressionReason::OptedOut => "closed",
    },
    check: |by, ChannelCheck { channel, secret, public_url }| {
        let bot = Bot::new(by.http.clone(), by.telegram_api_url.clone(), &secret);
        async move {
            match public_url.join(WEBHOOK_PATH) {
                Ok(webhook) => check::findings(channel, &BotHealth::of(&bot, &webhook).await),
                Err(error) => vec![CheckResult::failed("bot-no-answer", error.to_string())],
            }
        }
        .boxed()
    },
    check_code: |kind| match kind {
        "bot-refused" => Some(UNAUTHORIZED),
        "bot-no-answer" => Some(NO_RESPONSE),
        _ => None,
    },
    open: |by, _, token| {
        let bot = Bot::new(by.http.clone(), by.telegram_api_url.clone(), &token);
        Box::new(Telegram::new(bot, by.uploads.clone()))
    },
};

/// True if a text has the format of a bot's token, such as `123456:ABC-DEF`.
pub fn is_token(text: &str) -> bool {
    text.split_once(':').is_some_and(|(number, secret)| {
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        is_number && !secret.is_empty() && secret.bytes().all(plain) && text.len() <= 255
    })
}
