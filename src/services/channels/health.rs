//! The health of channels: checks with the provider, received and rejected webhooks.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::services::channels::service::{ChannelContext, ChannelService};
use crate::{
    domain::{Channel, ChannelError, ChannelId, Failure},
    error::{AppError, Result},
    persistence::SealedChannel,
    providers::{ChannelCheck, CheckResult, registration},
};

/// The precision of the stored time of the last webhook, so that a burst of webhooks does not cause
/// a burst of writes.
const WEBHOOK_RECORD_INTERVAL: TimeDelta = TimeDelta::seconds(30);

/// The time of the last rejected webhook of each channel. It is only kept in memory, so that forged
/// requests cause no writes.
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

    /// Records that the channel's provider posted a webhook. Its content is stored already, so that
    /// errors are only logged.
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

    /// Checks a channel with its provider, for the operator's commands. The result is not stored.
    ///
    /// # Errors
    /// [`AppError::Internal`] if the secret cannot be decrypted.
    pub async fn check(&self, channel: &Channel) -> Result<Vec<CheckResult>> {
        let sealed = self.deps.database.read(channel.tenant).await?.channels().get(channel.id).await?;
        self.check_sealed(&sealed.ok_or(AppError::NotFound)?).await
    }

    pub(super) async fn check_sealed(&self, sealed: &SealedChannel) -> Result<Vec<CheckResult>> {
        let channel = &sealed.channel;
        let check = registration(&channel.provider).check;
        let public_url = &self.deps.public_url;
        let to_check = ChannelCheck { channel, secret: self.open(sealed)?, public_url };
        Ok(check(self.connections()?, to_check).await)
    }

    pub(super) async fn record_test(&self, channel: &Channel, findings: &[CheckResult]) -> Result<()> {
        let at = self.deps.clock.now();
        let mut wrong = findings.iter().filter(|finding| !finding.passed);
        let code_of = registration(&channel.provider).check_code;
        let fault = wrong.find_map(|finding| Some((code_of(finding.kind)?, finding)));
        let mut tx = self.deps.database.begin(channel.tenant).await?;
        if let Some((code, finding)) = fault {
            let failure = Failure { code: code.to_owned(), detail: Some(finding.subject.clone()) };
            tx.channels_mut().record_failure(channel.id, &ChannelError { failure, at }).await?;
        } else {
            tx.channels_mut().record_success(channel.id, at).await?;
        }
        tx.commit().await
    }
}
