//! Management of channels by administrators.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

use crate::services::channels::service::{ChannelService, NewTwilioChannel};
use crate::{
    domain::{Channel, ChannelId, Event, FieldErrors, Permission, Problem, SenderAddresses},
    error::{AppError, Result},
    persistence::{SealedChannel, Snapshot},
    providers::{CheckResult, telegram},
    services::Actor,
};

/// The time during which webhooks that are signed with the former token are accepted: Twilio signs
/// with the primary token until the new one is promoted, and webhooks may still be in transit.
pub const OLD_TOKEN_VALID_FOR: Duration = Duration::from_hours(1);

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

impl ChannelService {
    /// Lists the tenant's channels, the oldest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "manage_channels", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list(&self, actor: &Actor) -> Result<Vec<ChannelReport>> {
        actor.require(Permission::ChannelManage)?;
        let mut tx = self.deps.database.read(actor.tenant.id).await?;
        let mut reports = Vec::new();
        for sealed in tx.channels().all().await? {
            reports.push(self.report(&mut tx, sealed).await?);
        }
        Ok(reports)
    }

    /// Loads a channel.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_channel", skip_all, fields(tenant = %actor.tenant.id, channel = %id))]
    pub async fn show(&self, actor: &Actor, id: ChannelId) -> Result<ChannelReport> {
        actor.require(Permission::ChannelManage)?;
        let mut tx = self.deps.database.read(actor.tenant.id).await?;
        let sealed = tx.channels().get(id).await?.ok_or(AppError::NotFound)?;
        self.report(&mut tx, sealed).await
    }

    async fn report(&self, tx: &mut Snapshot, sealed: SealedChannel) -> Result<ChannelReport> {
        let channel = sealed.channel;
        let (queued, scheduled) = tx.deliveries().count_waiting(channel.id).await?;
        Ok(ChannelReport { queued, scheduled, refused_at: self.refused_at(channel.id), channel })
    }

    /// Connects a Twilio account, unless Twilio refuses the credentials.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::Invalid`] for refused credentials;
    /// [`AppError::Conflict`] for an address that is connected already, in this tenant or another.
    pub async fn connect_twilio(&self, actor: &Actor, new: NewTwilioChannel) -> Result<ChannelId> {
        actor.require(Permission::ChannelManage)?;
        self.verify_credentials(&new.account_sid, &new.auth_token).await?;
        self.add(actor.tenant.id, actor.user_id(), new).await
    }

    /// Changes the addresses of a channel. Waiting messages that it can no longer send fail at
    /// once.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] without an address;
    /// [`AppError::Conflict`] for an address that is connected already.
    #[tracing::instrument(name = "readdress_channel", skip_all, fields(tenant = %actor.tenant.id, channel = %id))]
    pub async fn update_senders(
        &self,
        actor: &Actor,
        id: ChannelId,
        senders: &SenderAddresses,
    ) -> Result<()> {
        actor.require(Permission::ChannelManage)?;
        if senders.is_empty() {
            return Err(AppError::invalid("sms_number", Problem::SenderRequired));
        }
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant.id).await?;
        let before = tx.channels().get(id).await?.ok_or(AppError::NotFound)?.channel;
        if before.senders() == *senders {
            return Ok(());
        }
        match tx.channels_mut().set_addresses(id, senders).await {
            Ok(true) => {}
            Ok(false) => return Err(AppError::NotFound),
            Err(AppError::Conflict(_)) => {
                drop(tx);
                return Err(self.taken(&before.account_sid, senders, Some(id)).await);
            }
            Err(error) => return Err(error),
        }
        tx.deliveries_mut().make_due(id, now, false).await?;
        tx.record(Event::ChannelChanged { channel_id: id }, actor.user_id(), now);
        tx.commit().await
    }

    /// Replaces the token of a channel. The former token sends nothing from now on; webhooks that
    /// are signed with it are accepted for [`OLD_TOKEN_VALID_FOR`], unless it is known to others
    /// (`leaked`).
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] if the provider
    /// refuses the new token.
    #[tracing::instrument(name = "rotate_channel", skip_all, fields(tenant = %actor.tenant.id, channel = %id, leaked))]
    pub async fn rotate_credentials(
        &self,
        actor: &Actor,
        id: ChannelId,
        auth_token: &SecretString,
        leaked: bool,
    ) -> Result<()> {
        actor.require(Permission::ChannelManage)?;
        let channel = self.show(actor, id).await?.channel;
        if channel.provider == telegram::NAME {
            return self.rotate_bot_token(actor, id, auth_token).await;
        }
        self.verify_credentials(&channel.account_sid, auth_token).await?;
        let secret = self.deps.vault.seal(auth_token, id.0.as_bytes())?;
        let now = self.deps.clock.now();
        let grace = TimeDelta::from_std(OLD_TOKEN_VALID_FOR).map_err(AppError::internal)?;
        let mut tx = self.deps.database.begin(actor.tenant.id).await?;
        if !tx.channels_mut().rotate_secret(id, &secret, (!leaked).then_some(now + grace)).await? {
            return Err(AppError::NotFound);
        }
        tx.record(Event::ChannelCredentialsChanged { channel_id: id }, actor.user_id(), now);
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
        let event = if on {
            Event::ChannelEnabled { channel_id: id }
        } else {
            tx.deliveries_mut().make_due(id, now, false).await?;
            Event::ChannelDisabled { channel_id: id }
        };
        tx.record(event, actor.user_id(), now);
        tx.commit().await?;
        self.set_bot_webhook(actor, id, on).await;
        Ok(())
    }

    /// Replaces the token of a bot.
    async fn rotate_bot_token(&self, actor: &Actor, id: ChannelId, token: &SecretString) -> Result<()> {
        self.replace_bot_token(actor.tenant.id, id, token.clone()).await.map_err(|error| match error {
            AppError::Invalid(errors) => {
                let problem = errors.iter().next().map(|(_, problem)| problem.clone());
                AppError::invalid("auth_token", problem.unwrap_or(Problem::NotABotToken))
            }
            other => other,
        })?;
        let mut tx = self.deps.database.begin(actor.tenant.id).await?;
        let now = self.deps.clock.now();
        tx.record(Event::ChannelCredentialsChanged { channel_id: id }, actor.user_id(), now);
        tx.commit().await
    }

    /// Registers the webhook of a bot with Telegram, or removes it. If Telegram cannot be reached,
    /// a test of the channel reports it; webhooks of a disabled channel are rejected in any case.
    async fn set_bot_webhook(&self, actor: &Actor, id: ChannelId, on: bool) {
        let tenant = actor.tenant.id;
        let told =
            if on { self.reconnect_bot(tenant, id).await } else { self.disconnect_bot(tenant, id).await };
        match told {
            Ok(()) | Err(AppError::NotFound) => {}
            Err(error) => {
                tracing::warn!(%error, channel = %id, "Telegram could not be told where updates go");
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
        self.set_bot_webhook(actor, id, false).await;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant.id).await?;
        if !tx.channels_mut().remove(id, now).await? {
            return Err(AppError::NotFound);
        }
        tx.deliveries_mut().make_due(id, now, true).await?;
        tx.record(Event::ChannelRemoved { channel_id: id }, actor.user_id(), now);
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

    /// Checks credentials with Twilio. Only a definite refusal is an error; if Twilio cannot be
    /// reached, they are accepted.
    async fn verify_credentials(&self, account_sid: &str, auth_token: &SecretString) -> Result<()> {
        let found = self.twilio(account_sid, auth_token.clone()).account().await;
        let mut errors = FieldErrors::default();
        match found.kind {
            "credentials-refused" => errors.push("auth_token", Problem::CredentialsRefused),
            "account-unknown" => errors.push("account_sid", Problem::CredentialsRefused),
            _ => {}
        }
        Ok(errors.or(())?)
    }
}
