//! Management of channels by administrators.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::services::channels::{
    audit_details::{address_changes, channel_title, yes_or_no},
    connect::taken,
    service::ChannelService,
};
use crate::{
    domain::{Changes, Channel, ChannelAddresses, ChannelId, Event, Permission, Problem, WhatsappTemplate},
    error::{AppError, Result},
    persistence::Snapshot,
    providers::{CheckResult, affects_whole_channel, registration},
    services::{Actor, Framed, PageFrame, activity::page_frame, channels::whatsapp_templates::MAX_TEMPLATES},
};

/// A channel with its numbers, for its page.
#[derive(Debug, Clone)]
pub struct ChannelReport {
    /// The channel.
    pub channel: Channel,
    /// The number of messages that wait to be sent by the channel.
    pub queued: i64,
    /// The number of messages that are scheduled for the channel.
    pub scheduled: i64,
    /// The time when a webhook was last rejected for its signature, since this process started.
    pub refused_at: Option<DateTime<Utc>>,
}

/// The data of a channel's page.
#[derive(Debug, Clone)]
pub struct ChannelPage {
    /// The channel with its numbers.
    pub report: ChannelReport,
    /// The WhatsApp templates of the channel, by name.
    pub templates: Vec<WhatsappTemplate>,
    /// The frame of the page.
    pub frame: PageFrame,
}

impl ChannelService {
    /// Lists the tenant's channels, the oldest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "manage_channels", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list(&self, actor: &Actor) -> Result<Framed<Vec<ChannelReport>>> {
        actor.require(Permission::ChannelManage)?;
        let mut tx = self.deps.database.read(actor.tenant.id).await?;
        let channels = tx.channels().all().await?;
        let waiting = tx.deliveries().count_waiting(None).await?;
        let report = |channel: Channel| self.report(&waiting, channel);
        let reports = channels.into_iter().map(|sealed| report(sealed.channel)).collect();
        Framed::new(reports, &mut tx, actor).await
    }

    /// Loads a channel.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_channel", skip_all, fields(tenant = %actor.tenant.id, channel = %id))]
    pub async fn show(&self, actor: &Actor, id: ChannelId) -> Result<ChannelReport> {
        actor.require(Permission::ChannelManage)?;
        self.find(&mut self.deps.database.read(actor.tenant.id).await?, id).await
    }

    /// Loads a channel with its WhatsApp templates.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "open_channel", skip_all, fields(tenant = %actor.tenant.id, channel = %id))]
    pub async fn open_page(&self, actor: &Actor, id: ChannelId) -> Result<ChannelPage> {
        actor.require(Permission::ChannelManage)?;
        let mut tx = self.deps.database.read(actor.tenant.id).await?;
        let report = self.find(&mut tx, id).await?;
        let templates = tx.whatsapp_templates().of_channel(id, MAX_TEMPLATES).await?;
        Ok(ChannelPage { report, templates, frame: page_frame(&mut tx, actor).await? })
    }

    async fn find(&self, tx: &mut Snapshot, id: ChannelId) -> Result<ChannelReport> {
        let channel = tx.channels().get(id).await?.ok_or(AppError::NotFound)?.channel;
        let waiting = tx.deliveries().count_waiting(Some(id)).await?;
        Ok(self.report(&waiting, channel))
    }

    fn report(&self, waiting: &HashMap<ChannelId, (i64, i64)>, channel: Channel) -> ChannelReport {
        let (queued, scheduled) = waiting.get(&channel.id).copied().unwrap_or_default();
        let mut channel = channel;
        // Former releases also stored the errors of single recipients.
        channel.last_error =
            channel.last_error.filter(|error| channel.failing || affects_whole_channel(&error.failure.code));
        ChannelReport { queued, scheduled, refused_at: self.refused_at(channel.id), channel }
    }

    /// Changes the addresses of a channel. Waiting messages that it can no longer send fail at
    /// once.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] without an address;
    /// [`AppError::Conflict`] for an address that is connected already.
    #[tracing::instrument(name = "readdress_channel", skip_all, fields(tenant = %actor.tenant.id, channel = %id))]
    pub async fn update_addresses(
        &self,
        actor: &Actor,
        id: ChannelId,
        addresses: &ChannelAddresses,
    ) -> Result<()> {
        actor.require(Permission::ChannelManage)?;
        let now = self.deps.clock.now();
        let sealed = self.deps.database.read(actor.tenant.id).await?.channels().get(id).await?;
        let channel = sealed.ok_or(AppError::NotFound)?.channel;
        if channel.proven_at.is_some() {
            self.release_unproven(channel.tenant, &channel.provider, &channel.account, addresses).await?;
        }
        let mut tx = self.deps.database.begin(actor.tenant.id).await?;
        let before = tx.channels().get(id).await?.ok_or(AppError::NotFound)?.channel;
        if before.addresses == *addresses {
            return Ok(());
        }
        let registration = registration(&before.provider);
        if addresses.is_empty() {
            let first = registration.address_fields().next().map_or("provider", |field| field.name);
            return Err(AppError::invalid(first, Problem::SenderRequired));
        }
        if let Some(kind) = tx.channels_mut().set_addresses(id, addresses).await? {
            return Err(taken(registration, &kind));
        }
        tx.deliveries_mut().make_due(id, now, false).await?;
        let changed =
            Event::ChannelChanged { channel_id: id }.about(channel_title(&before.provider, addresses));
        tx.record(changed.with(address_changes(&before.addresses, addresses)), actor.author(), now);
        tx.commit().await
    }

    /// Enables or disables a channel. A disabled channel rejects inbound messages, and its waiting
    /// messages fail at once.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "switch_channel", skip_all, fields(tenant = %actor.tenant.id, channel = %id, on))]
    pub async fn set_enabled(&self, actor: &Actor, id: ChannelId, on: bool) -> Result<()> {
        actor.require(Permission::ChannelManage)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant.id).await?;
        if !tx.channels_mut().set_disabled(id, (!on).then_some(now)).await? {
            // The channel is in this state already, or it does not exist in this tenant.
            return tx.channels().get(id).await?.map(|_| ()).ok_or(AppError::NotFound);
        }
        let channel = tx.channels().get(id).await?.ok_or(AppError::NotFound)?.channel;
        let event = if on {
            Event::ChannelEnabled { channel_id: id }
        } else {
            tx.deliveries_mut().make_due(id, now, false).await?;
            Event::ChannelDisabled { channel_id: id }
        };
        let values = Changes::default().field("enabled", Some(yes_or_no(!on)), Some(yes_or_no(on)));
        let event = event.about(channel_title(&channel.provider, &channel.addresses));
        tx.record(event.with(values), actor.author(), now);
        tx.commit().await?;
        self.try_to_set_webhook(actor, id, on).await;
        Ok(())
    }

    /// Sets a channel's webhook at its provider, or removes it. If the provider cannot be reached, a
    /// test of the channel reports it; webhooks of a disabled channel are rejected in any case.
    async fn try_to_set_webhook(&self, actor: &Actor, id: ChannelId, on: bool) {
        match self.set_webhook(actor.tenant.id, id, on).await {
            Ok(()) | Err(AppError::NotFound) => {}
            Err(error) => {
                tracing::warn!(%error, channel = %id, "the provider could not be told where to post webhooks");
            }
        }
    }

    /// Removes a channel with its credentials. Its messages are kept, and the waiting ones fail.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "remove_channel", skip_all, fields(tenant = %actor.tenant.id, channel = %id))]
    pub async fn remove(&self, actor: &Actor, id: ChannelId) -> Result<()> {
        actor.require(Permission::ChannelManage)?;
        self.try_to_set_webhook(actor, id, false).await;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant.id).await?;
        let channel = tx.channels().get(id).await?.ok_or(AppError::NotFound)?.channel;
        if !tx.channels_mut().remove(id, now).await? {
            return Err(AppError::NotFound);
        }
        tx.deliveries_mut().make_due(id, now, true).await?;
        let values = address_changes(&channel.addresses, &ChannelAddresses::default());
        let removed = Event::ChannelRemoved { channel_id: id };
        let removed = removed.about(channel_title(&channel.provider, &channel.addresses));
        tx.record(removed.with(values), actor.author(), now);
        tx.commit().await
    }

    /// Checks a channel with its provider and records the result.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "test_channel", skip_all, fields(tenant = %actor.tenant.id, channel = %id))]
    pub async fn test(&self, actor: &Actor, id: ChannelId) -> Result<Vec<CheckResult>> {
        actor.require(Permission::ChannelManage)?;
        let sealed = self.deps.database.read(actor.tenant.id).await?.channels().get(id).await?;
        let sealed = sealed.ok_or(AppError::NotFound)?;
        let findings = self.check_sealed(&sealed).await?;
        self.record_test(&sealed.channel, &findings).await?;
        Ok(findings)
    }
}
