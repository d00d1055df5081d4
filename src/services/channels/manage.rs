//! What administrators do with channels.

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

/// For so long a token that was replaced still proves webhooks: Twilio signs with the old one until the new one is
/// promoted, and what was posted before that may be underway.
pub const OLD_TOKEN_VALID_FOR: Duration = Duration::from_hours(1);

/// A channel as its page shows it.
#[derive(Debug, Clone)]
pub struct ChannelReport {
    /// The channel.
    pub channel: Channel,
    /// Messages that wait to go out by it.
    pub queued: i64,
    /// Messages that are to go out by it later.
    pub scheduled: i64,
    /// When a webhook was refused last for its signature, since this process started.
    pub refused_at: Option<DateTime<Utc>>,
}

impl ChannelService {
    /// All channels of the workspace, oldest first.
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

    /// One channel.
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

    /// Connects a Twilio account, unless Twilio says that the credentials are none of its.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::Invalid`] for refused credentials; [`AppError::Conflict`] for an address that
    /// is connected already, here or in another workspace.
    pub async fn connect_twilio(&self, actor: &Actor, new: NewTwilioChannel) -> Result<ChannelId> {
        actor.require(Permission::ChannelManage)?;
        self.verify_credentials(&new.account_sid, &new.auth_token).await?;
        self.add(actor.tenant.id, actor.user_id(), new).await
    }

    /// Gives a channel other addresses. What can't leave by it any more fails at once rather than waiting.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] without any, [`AppError::Conflict`].
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

    /// Gives a channel another token. The old one sends nothing from now on; webhooks that it signed are believed for
    /// [`OLD_TOKEN_VALID_FOR`], unless it has become known to others (`leaked`).
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] when Twilio refuses the new one.
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

    /// Switches a channel on or off. Off, it takes nothing in, and what waits for it fails at once.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "switch_channel", skip_all, fields(tenant = %actor.tenant.id, channel = %id, on))]
    pub async fn set_enabled(&self, actor: &Actor, id: ChannelId, on: bool) -> Result<()> {
        actor.require(Permission::ChannelManage)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant.id).await?;
        if !tx.channels_mut().set_disabled(id, (!on).then_some(now)).await? {
            // It is so already; a stranger's is not there.
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

    /// Gives a bot's channel a new token.
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

    /// Has Telegram post a bot's updates to us, or to nobody. When it can't be asked, a test of the channel says so: while
    /// the channel is off, what is posted is refused anyway.
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

    /// Removes a channel with its credentials. Its messages stay where they are; what waits for it fails.
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

    /// Asks the provider for all that the channel needs, and notes whether it works.
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

    /// Credentials that Twilio surely refuses are a mistake of typing; when it can't be asked, they are taken as they are.
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
