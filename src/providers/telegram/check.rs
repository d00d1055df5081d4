//! Checks of a bot: the validity of its token and the state of its webhook.

use url::Url;

use crate::domain::Channel;
use crate::providers::{
    CheckResult,
    telegram::{Bot, BotError, BotIdentity, WebhookInfo},
};

/// The state of a bot.
#[derive(Debug, Clone)]
pub struct BotHealth {
    /// The bot's identity, or the reason why its token is not valid.
    pub identity: Result<BotIdentity, BotError>,
    /// The webhook, if Telegram returned it.
    pub webhook: Option<WebhookInfo>,
    /// True if the webhook leads to this server.
    pub webhook_is_ours: bool,
}

impl BotHealth {
    /// Requests the state of a bot, whose webhook should be `webhook`.
    pub async fn of(bot: &Bot, webhook: &Url) -> Self {
        let identity = bot.get_me().await;
        let found = if identity.is_ok() { bot.webhook_info().await.ok() } else { None };
        let webhook_is_ours = found.as_ref().is_some_and(|info| info.url == webhook.as_str());
        Self { identity, webhook: found, webhook_is_ours }
    }
}

/// The results of a check.
pub(super) fn findings(channel: &Channel, health: &BotHealth) -> Vec<CheckResult> {
    let name = format!("@{}", super::username(channel).unwrap_or(&channel.account));
    match &health.identity {
        Err(BotError::Refused(_)) => return vec![CheckResult::failed("bot-refused", name)],
        Err(BotError::NoResponse(why)) => return vec![CheckResult::failed("bot-no-answer", why.clone())],
        Ok(_) => {}
    }
    let mut found = vec![CheckResult::passed("bot-active", name.clone())];
    let posts_to = health.webhook.as_ref().map(|info| info.url.clone());
    found.push(match posts_to {
        _ if health.webhook_is_ours => CheckResult::passed("bot-posts-here", name.clone()),
        Some(elsewhere) if !elsewhere.is_empty() => {
            CheckResult { detail: elsewhere, ..CheckResult::failed("bot-posts-elsewhere", name.clone()) }
        }
        _ => CheckResult::failed("bot-posts-nowhere", name.clone()),
    });
    let pending = health.webhook.as_ref().filter(|info| info.pending > 0);
    if let Some((_, words)) = pending.and_then(|info| info.last_error.as_ref()) {
        found.push(CheckResult { detail: words.clone(), ..CheckResult::failed("bot-post-failed", name) });
    }
    found
}
