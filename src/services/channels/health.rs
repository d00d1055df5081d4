//! How channels do: what their providers answer, post and refuse.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::services::channels::service::{ChannelContext, ChannelService};
use crate::{
    domain::{Channel, ChannelError, ChannelId, ChannelProvider, Failure},
    error::{AppError, Result},
    persistence::SealedChannel,
    providers::{CheckResult, telegram::BotError, twilio::webhook::INBOUND_PATH},
    services::BotHealth,
};

/// "Last heard" is stored no finer than this, so that a burst of webhooks is not a burst of writes.
const WEBHOOK_RECORD_INTERVAL: TimeDelta = TimeDelta::seconds(30);

/// When webhooks of which channel were refused. Only in memory: a forger must have no effect.
#[derive(Debug, Clone, Default)]
pub(super) struct RejectedWebhooks(Arc<Mutex<HashMap<ChannelId, DateTime<Utc>>>>);

impl RejectedWebhooks {
    pub(super) fn record(&self, channel: ChannelId, at: DateTime<Utc>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(channel, at);
    }
}

impl ChannelService {
    pub(super) fn refused_at(&self, channel: ChannelId) -> Option<DateTime<Utc>> {
        self.rejected_webhooks.0.lock().unwrap_or_else(PoisonError::into_inner).get(&channel).copied()
    }

    /// Notes that the channel's provider posted something. What was posted is stored already, so that nothing here may
    /// fail it.
    pub async fn record_webhook(&self, context: &ChannelContext) {
        let now = self.deps.clock.now();
        let channel = &context.channel;
        if channel.last_webhook_at.is_some_and(|last| now - last < WEBHOOK_RECORD_INTERVAL) {
            return;
        }
        let noted: Result<()> = async {
            let mut tx = self.deps.database.begin(channel.tenant).await?;
            tx.channels_mut().record_webhook(channel.id, now).await?;
            tx.commit().await
        }
        .await;
        if let Err(error) = noted {
            tracing::warn!(%error, channel = %channel.id, "a webhook could not be noted");
        }
    }

    /// What the provider says of a channel, for operators: nothing is noted.
    ///
    /// # Errors
    /// A secret that the vault's key does not open.
    pub async fn check(&self, channel: &Channel) -> Result<Vec<CheckResult>> {
        let sealed = self.deps.database.read(channel.tenant).await?.channels().get(channel.id).await?;
        self.check_sealed(&sealed.ok_or(AppError::NotFound)?).await
    }

    pub(super) async fn check_sealed(&self, sealed: &SealedChannel) -> Result<Vec<CheckResult>> {
        let channel = &sealed.channel;
        let webhook = self.deps.public_url.join(INBOUND_PATH).map_err(AppError::internal)?;
        Ok(match channel.provider {
            ChannelProvider::Twilio => {
                let twilio = self.twilio(&channel.account_sid, self.open(sealed)?);
                twilio.check(&channel.senders(), &webhook).await
            }
            ChannelProvider::Telegram => {
                findings(channel, &self.check_bot(channel.tenant, channel.id).await?)
            }
        })
    }

    pub(super) async fn record_test(&self, channel: &Channel, findings: &[CheckResult]) -> Result<()> {
        let at = self.deps.clock.now();
        let mut wrong = findings.iter().filter(|finding| !finding.passed);
        let fault = wrong.find_map(|finding| Some((code(finding)?, finding)));
        let mut tx = self.deps.database.begin(channel.tenant).await?;
        if let Some((code, finding)) = fault {
            let failure = Failure { code: code.to_owned(), detail: Some(finding.subject.clone()) };
            tx.channels_mut().record_failure(channel.id, &ChannelError { failure, at }, true).await?;
        } else {
            tx.channels_mut().record_success(channel.id).await?;
        }
        tx.commit().await
    }
}

/// What is found of a bot.
fn findings(channel: &Channel, health: &BotHealth) -> Vec<CheckResult> {
    let name = format!("@{}", channel.username.as_deref().unwrap_or(&channel.account_sid));
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

/// The code under which a finding is remembered as the channel's last error; none for what keeps nothing from being sent.
fn code(finding: &CheckResult) -> Option<&'static str> {
    match finding.kind {
        "credentials-refused" => Some("20003"),
        "account-suspended" | "account-closed" => Some("30002"),
        "account-unknown" | "number-missing" | "service-missing" | "whatsapp-missing" => Some("20404"),
        "bot-refused" => Some("telegram-unauthorized"),
        "no-answer" | "other-answer" | "bot-no-answer" => Some(PROVIDER_NO_RESPONSE),
        _ => None,
    }
}

/// The code of a provider that could not be reached.
pub const PROVIDER_NO_RESPONSE: &str = "no-answer";

/// Whether what a code says would happen to every message, whoever it is for: credentials, account, sender, or a
/// provider that does not answer.
pub(in crate::services) fn affects_whole_channel(code: &str) -> bool {
    let server_error = code.len() == 3 && code.starts_with('5');
    let own = ["20003", "20005", "20404", "21212", "21603", "21606", "21659", "21660", "21703", "21705"];
    let others = ["telegram-unauthorized", "30002", "63007", "401", "403", "404", PROVIDER_NO_RESPONSE];
    server_error || own.contains(&code) || others.contains(&code)
}
