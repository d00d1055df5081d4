//! Telegram: private chats with a bot, with teloxide for calls and our own parser for the webhook.
//!
//! Calls of the Bot API go through teloxide. Updates are parsed field by field and not by
//! teloxide's types: Telegram adds kinds and fields several times a year, and a client's message
//! must not be lost because of one (`docs/adr/0017-telegram-client.md`).

mod answer;
mod bot;
mod call;
mod check;
mod client;
#[cfg(test)]
mod description;
mod location;
mod plan;
mod split;
pub mod update;
mod vcard;
mod webhook;

use futures_util::{FutureExt as _, future::BoxFuture};
use secrecy::SecretString;

use crate::domain::{
    Channel, ChannelAddresses, ChannelProvider, ChannelSettings, FieldErrors, FileLimits, MAX_FILES, Problem,
    SuppressionReason, Transport, UPLOAD_LIMIT,
};
pub use crate::providers::telegram::bot::{Bot, BotError, BotIdentity, WebhookInfo};
pub use crate::providers::telegram::check::BotHealth;
pub use crate::providers::telegram::client::Telegram;
pub use crate::providers::telegram::webhook::WEBHOOK_PATH;
use crate::providers::{
    Capabilities, ChannelCheck, CheckResult, ConnectRequest, Connected, ConnectionField, Connections,
    FailureClass, FieldRole, NO_RESPONSE, Registration, SendFrom, TransportCapabilities, WebhookChange,
    WebhookSetup,
};

/// The header that names and proves the channel of an update.
pub const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// The name of the provider.
pub const NAME: ChannelProvider = ChannelProvider::named("telegram");

/// The code of a bot whose token is not good any more.
const UNAUTHORIZED: &str = "telegram-unauthorized";

/// The field of the bot's token.
pub const BOT_TOKEN: &str = "bot_token";
/// The kind of the only address of a channel: the bot's id. A bot posts to one URL, so it is connected once.
const BOT: &str = "bot";
/// The setting with the bot's username, without `@`.
const USERNAME: &str = "username";

/// The registration of Telegram. A bot may only write to users who have written to it, and receives
/// no status reports.
pub(in crate::providers) static REGISTRATION: Registration = Registration {
    name: NAME,
    api_url: "https://api.telegram.org",
    fields: &[ConnectionField {
        name: BOT_TOKEN,
        role: FieldRole::Secret,
        parse: |text, _| parse_token(text).map(str::to_owned),
    }],
    connect,
    webhook_setup: WebhookSetup::Automatic(set_webhook),
    names: |channel| username(channel).map(|username| format!("@{username}")).into_iter().collect(),
    username,
    invite_link: |channel, code| {
        username(channel).map(|username| format!("https://t.me/{username}?start={code}"))
    },
    sender: |channel: &Channel, transport| {
        (transport == Transport::Telegram).then(|| SendFrom::Number(channel.account.clone()))
    },
    consent_addresses: |channel, _| vec![channel.account.clone()],
    capabilities: Capabilities {
        // The limits of "Sending files". A longer text is split.
        transports: &[TransportCapabilities {
            transport: Transport::Telegram,
            max_text: split::MAX_TEXT,
            splits_text: true,
            files: Some(FileLimits { count: MAX_FILES, total: UPLOAD_LIMIT, types: &[] }),
            window: None,
            templates: false,
        }],
        // A bot may send 30.
        rate: |_, _| 25,
        may_start: false,
        reports_delivery: false,
        reports_read: false,
        keeps_inbound: false,
        edits: true,
    },
    webhooks: webhook::WEBHOOKS,
    status_path: None,
    parse_template_id: None,
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
        let bot = bot(by, &secret);
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
    open: |by, _, token| Box::new(Telegram::new(bot(by, &token), by.uploads.clone())),
};

fn bot(by: &Connections, token: &SecretString) -> Bot {
    Bot::new(by.http.clone(), by.api_url(&NAME), token)
}

fn username(channel: &Channel) -> Option<&str> {
    channel.settings.get(USERNAME).map(String::as_str).filter(|username| !username.is_empty())
}

/// Asks Telegram for the bot, which proves the token.
fn connect<'a>(
    by: &'a Connections,
    request: ConnectRequest<'a>,
) -> BoxFuture<'a, Result<Connected, FieldErrors>> {
    async move {
        let token = parse_token(request.values.get(BOT_TOKEN));
        let token = token.map_err(|problem| FieldErrors::one(BOT_TOKEN, problem))?;
        let me = bot(by, &token.into()).get_me().await.map_err(refused)?;
        let account = me.id.to_string();
        Ok(Connected {
            addresses: ChannelAddresses::from_iter([(BOT, account.as_str())]),
            settings: ChannelSettings::from([(USERNAME.to_owned(), me.username)]),
            account,
            unproven: None,
        })
    }
    .boxed()
}

/// Has Telegram post a bot's updates to this server, or to nowhere.
fn set_webhook<'a>(by: &'a Connections, change: WebhookChange<'a>) -> BoxFuture<'a, Result<(), FieldErrors>> {
    async move {
        let bot = bot(by, change.secret);
        let done = match change.target {
            None => bot.delete_webhook().await,
            Some((public_url, token)) => match public_url.join(WEBHOOK_PATH) {
                Ok(url) => bot.set_webhook(&url, token).await,
                Err(error) => Err(BotError::NoResponse(error.to_string())),
            },
        };
        done.map_err(refused)
    }
    .boxed()
}

/// The refusal of a call as a problem of the token.
fn refused(error: BotError) -> FieldErrors {
    let problem = match error {
        BotError::Refused(reason) => Problem::ProviderRejected(reason.text),
        BotError::NoResponse(why) => Problem::ProviderUnresponsive(why),
    };
    FieldErrors::one(BOT_TOKEN, problem)
}

/// Parses a bot's token. Only a valid one may become part of a URL.
fn parse_token(text: &str) -> Result<&str, Problem> {
    Some(text.trim()).filter(|text| is_token(text)).ok_or(Problem::NotABotToken)
}

/// True if a text has the format of a bot's token, such as `123456:ABC-DEF`.
fn is_token(text: &str) -> bool {
    text.split_once(':').is_some_and(|(number, secret)| {
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        is_number && !secret.is_empty() && secret.bytes().all(plain) && text.len() <= 255
    })
}
