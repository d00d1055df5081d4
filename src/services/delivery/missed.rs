//! The messages of an outage: a provider that keeps inbound messages lists them, and those that no webhook has brought are
//! stored.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::services::{Actor, ChannelContext, ChannelService, Dependencies, InboundService, Received};
use crate::{
    domain::{ChannelId, Permission, Problem, Tenant},
    error::{AppError, Result},
    persistence::SealedChannel,
    providers::registration,
};

/// The time before the last reading that is read again, because a webhook may have been underway.
const OVERLAP: TimeDelta = TimeDelta::hours(1);
/// The longest time that is read back.
const LONGEST: TimeDelta = TimeDelta::days(30);

/// The use case of fetching missed messages.
#[derive(Clone)]
pub struct MissedMessageService {
    deps: Arc<Dependencies>,
    channels: ChannelService,
    inbound: InboundService,
}

/// The result of fetching missed messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissedMessages {
    /// The time from which on the provider's list was read.
    pub since: DateTime<Utc>,
    /// The number of messages that were stored; all others were known.
    pub stored: i64,
}

impl MissedMessageService {
    pub(in crate::services) fn new(
        deps: Arc<Dependencies>,
        channels: ChannelService,
        inbound: InboundService,
    ) -> Self {
        Self { deps, channels, inbound }
    }

    /// Fetches the missed messages of a channel; `None` if its provider keeps none, or the channel is disabled.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] if the provider does not answer.
    #[tracing::instrument(name = "fetch_missed", skip_all, fields(tenant = %actor.tenant.id, channel = %id))]
    pub async fn fetch(&self, actor: &Actor, id: ChannelId) -> Result<Option<MissedMessages>> {
        actor.require(Permission::ChannelManage)?;
        let sealed = self.deps.database.read(actor.tenant.id).await?.channels().get(id).await?;
        self.fetch_of(&actor.tenant, sealed.ok_or(AppError::NotFound)?).await
    }

    /// Fetches the missed messages of all channels. What fails is logged, and tried again the next time.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] if the database is.
    pub async fn fetch_all(&self) -> Result<()> {
        let tenants = self.deps.database.read_cross_tenant().await?.tenants().await?;
        for tenant in tenants {
            for sealed in self.deps.database.read(tenant.id).await?.channels().all().await? {
                let channel = sealed.channel.id;
                if let Err(error) = self.fetch_of(&tenant, sealed).await {
                    tracing::warn!(%error, tenant = %tenant.id, %channel, "missed messages were not fetched");
                }
            }
        }
        Ok(())
    }

    async fn fetch_of(&self, tenant: &Tenant, sealed: SealedChannel) -> Result<Option<MissedMessages>> {
        let channel = &sealed.channel;
        if channel.disabled_at.is_some() || !registration(&channel.provider).capabilities.keeps_inbound {
            return Ok(None);
        }
        let now = self.deps.clock.now();
        let known = channel.history_read_at.or(channel.last_webhook_at).unwrap_or(channel.created_at);
        let since = (known - OVERLAP).max(now - LONGEST).max(channel.created_at.min(now));
        let provider = self.channels.provider(&sealed)?;
        let listed = provider.list_inbound(&channel.addresses, since).await;
        let listed = listed
            .map_err(|reason| AppError::invalid("channel", Problem::ProviderUnresponsive(reason.text)))?;
        let context = ChannelContext { tenant: tenant.clone(), channel: channel.clone() };
        let mut stored = 0;
        for message in &listed {
            match self.inbound.receive(&context, message).await {
                Ok(Received::Stored { .. }) => stored += 1,
                Ok(_) => {}
                // A message that can never be stored does not keep the others out.
                Err(AppError::Invalid(error)) => tracing::warn!(?error, "a missed message can't be stored"),
                Err(error) => return Err(error),
            }
        }
        let mut tx = self.deps.database.begin(tenant.id).await?;
        tx.channels_mut().record_history(channel.id, now, stored).await?;
        tx.commit().await?;
        if stored > 0 {
            tracing::info!(channel = %channel.id, stored, "missed messages were fetched");
        }
        Ok(Some(MissedMessages { since, stored }))
    }
}
