//! Channels, and what came by them.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::persistence::Tx;
use crate::{
    domain::{Channel, ChannelError, ChannelId, ChannelProvider, Failure, SenderAddresses, TenantId},
    error::{AppError, Result},
};

/// Channels of a tenant.
pub struct Channels<'t> {
    pub(in crate::persistence) tx: &'t mut Tx,
}

/// A channel with its secret as it lies in the database: encrypted.
#[derive(Debug, Clone)]
pub struct SealedChannel {
    /// The channel.
    pub channel: Channel,
    /// The encrypted secret.
    pub secret: Vec<u8>,
    /// The encrypted token by which its webhooks prove themselves, where they do it so.
    pub webhook_secret: Option<Vec<u8>>,
    /// The encrypted secret before it, and until when it still proves webhooks.
    pub previous: Option<(Vec<u8>, DateTime<Utc>)>,
}

/// The token by which webhooks of a channel prove themselves.
#[derive(Debug, Clone)]
pub struct WebhookToken {
    /// Its hash, by which the channel is found.
    pub hash: Vec<u8>,
    /// The token, encrypted.
    pub secret: Vec<u8>,
}

/// A channel that is about to be stored.
#[derive(Debug, Clone)]
pub struct NewChannel {
    /// Its id.
    pub id: ChannelId,
    /// The provider.
    pub provider: ChannelProvider,
    /// Twilio's `AccountSid`, a bot's number.
    pub account_sid: String,
    /// The encrypted secret.
    pub secret: Vec<u8>,
    /// The number of SMS.
    pub sms_number: Option<String>,
    /// The WhatsApp sender.
    pub whatsapp_number: Option<String>,
    /// The Messaging Service.
    pub messaging_service_sid: Option<String>,
    /// The bot's username.
    pub username: Option<String>,
    /// The token of its webhooks.
    pub webhook: Option<WebhookToken>,
}

#[derive(FromRow)]
pub(in crate::persistence) struct ChannelRow {
    tenant_id: i64,
    id: Uuid,
    provider: String,
    account_sid: String,
    secret: Vec<u8>,
    sms_number: Option<String>,
    whatsapp_number: Option<String>,
    messaging_service_sid: Option<String>,
    username: Option<String>,
    webhook_secret: Option<Vec<u8>>,
    created_at: DateTime<Utc>,
    disabled_at: Option<DateTime<Utc>>,
    previous_secret: Option<Vec<u8>>,
    previous_until: Option<DateTime<Utc>>,
    last_webhook_at: Option<DateTime<Utc>>,
    last_error_at: Option<DateTime<Utc>>,
    last_error_code: Option<String>,
    last_error_detail: Option<String>,
    failing: i64,
}

impl ChannelRow {
    pub(in crate::persistence) fn into_channel(self) -> Result<SealedChannel> {
        let provider = self.provider.parse();
        let last_error = self
            .last_error_at
            .zip(self.last_error_code)
            .map(|(at, code)| ChannelError { failure: Failure { code, detail: self.last_error_detail }, at });
        let channel = Channel {
            id: ChannelId(self.id),
            tenant: TenantId(self.tenant_id),
            provider: provider
                .map_err(|_| AppError::internal(format!("channel {}: unknown provider", self.id)))?,
            account_sid: self.account_sid,
            sms_number: self.sms_number,
            whatsapp_number: self.whatsapp_number,
            messaging_service_sid: self.messaging_service_sid,
            username: self.username,
            created_at: self.created_at,
            disabled_at: self.disabled_at,
            last_webhook_at: self.last_webhook_at,
            last_error,
            failing: self.failing != 0,
        };
        let previous = self.previous_secret.zip(self.previous_until);
        Ok(SealedChannel { channel, secret: self.secret, webhook_secret: self.webhook_secret, previous })
    }
}

impl<'t> Channels<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// Stores a channel; `false` when one of its addresses leads to another channel already.
    pub async fn create(&mut self, new: &NewChannel, at: DateTime<Utc>) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            INSERT INTO channels (tenant_id, id, provider, account_sid, secret, sms_number, whatsapp_number,
                messaging_service_sid, username, webhook_hash, webhook_secret, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
            new.id.0,
            new.provider.as_str(),
            &new.account_sid,
            &new.secret,
            new.sms_number.as_deref(),
            new.whatsapp_number.as_deref(),
            new.messaging_service_sid.as_deref(),
            new.username.as_deref(),
            new.webhook.as_ref().map(|webhook| webhook.hash.as_slice()),
            new.webhook.as_ref().map(|webhook| webhook.secret.as_slice()),
            at
        )?;
        Ok(rows == 1)
    }

    /// All channels that were not removed, oldest first.
    pub async fn all(&mut self) -> Result<Vec<SealedChannel>> {
        let rows = sql!(
            self.tx,
            all(ChannelRow),
            "
            SELECT tenant_id, id, provider, account_sid, secret, sms_number, whatsapp_number,
                messaging_service_sid, username, webhook_secret, created_at, disabled_at, previous_secret,
                previous_until, last_webhook_at, last_error_at, last_error_code, last_error_detail, failing
            FROM channels WHERE tenant_id = $1 AND removed_at IS NULL ORDER BY created_at, id"
        )?;
        rows.into_iter().map(ChannelRow::into_channel).collect()
    }

    /// One channel, unless it was removed.
    pub async fn get(&mut self, id: ChannelId) -> Result<Option<SealedChannel>> {
        let row = sql!(
            self.tx,
            opt(ChannelRow),
            "
            SELECT tenant_id, id, provider, account_sid, secret, sms_number, whatsapp_number,
                messaging_service_sid, username, webhook_secret, created_at, disabled_at, previous_secret,
                previous_until, last_webhook_at, last_error_at, last_error_code, last_error_detail, failing
            FROM channels WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL",
            id.0
        )?;
        row.map(ChannelRow::into_channel).transpose()
    }

    /// Gives a channel another secret, and its webhooks another token; `false` when it is not there.
    pub async fn replace_credentials(
        &mut self,
        id: ChannelId,
        secret: &[u8],
        username: Option<&str>,
        webhook: &WebhookToken,
    ) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE channels SET secret = $3, username = $4, webhook_hash = $5, webhook_secret = $6, failing = 0
            WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL",
            id.0,
            secret,
            username,
            webhook.hash.as_slice(),
            webhook.secret.as_slice()
        )?;
        Ok(rows == 1)
    }

    /// Takes back a channel by which nothing came or went yet.
    pub async fn delete_unused(&mut self, id: ChannelId) -> Result<bool> {
        let rows = sql!(self.tx, exec, "DELETE FROM channels WHERE tenant_id = $1 AND id = $2", id.0)?;
        Ok(rows == 1)
    }

    /// Gives a channel other addresses; `false` when it is not there.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when one of them leads to another channel already; the transaction is of no use then.
    pub async fn set_addresses(&mut self, id: ChannelId, senders: &SenderAddresses) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE channels SET sms_number = $3, whatsapp_number = $4, messaging_service_sid = $5
            WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL",
            id.0,
            senders.sms_number.as_deref(),
            senders.whatsapp_number.as_deref(),
            senders.messaging_service_sid.as_deref()
        )?;
        Ok(rows == 1)
    }

    /// Gives a channel another secret; the one before it proves webhooks until then, or not at all.
    pub async fn rotate_secret(
        &mut self,
        id: ChannelId,
        secret: &[u8],
        previous_until: Option<DateTime<Utc>>,
    ) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE channels SET failing = 0, previous_until = $4,
                previous_secret = CASE WHEN $4 IS NULL THEN NULL ELSE secret END, secret = $3
            WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL",
            id.0,
            secret,
            previous_until
        )?;
        Ok(rows == 1)
    }

    /// Switches a channel off, or on again; `false` when it was so already, or is not there.
    pub async fn set_disabled(&mut self, id: ChannelId, disabled_at: Option<DateTime<Utc>>) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE channels SET disabled_at = $3
            WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL AND (disabled_at IS NULL) <> ($3 IS NULL)",
            id.0,
            disabled_at
        )?;
        Ok(rows == 1)
    }

    /// Removes a channel: its addresses and secrets are gone, its row stays for the messages that name it.
    pub async fn remove(&mut self, id: ChannelId, at: DateTime<Utc>) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE channels SET removed_at = $3, secret = $4, previous_secret = NULL, previous_until = NULL,
                sms_number = NULL, whatsapp_number = NULL, messaging_service_sid = NULL, webhook_hash = NULL,
                webhook_secret = NULL
            WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL",
            id.0,
            at,
            [0_u8; 0].as_slice()
        )?;
        Ok(rows == 1)
    }

    /// Notes that the channel's provider posted something.
    pub async fn record_webhook(&mut self, id: ChannelId, at: DateTime<Utc>) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE channels SET last_webhook_at = $3
            WHERE tenant_id = $1 AND id = $2 AND (last_webhook_at IS NULL OR last_webhook_at < $3)",
            id.0,
            at
        )?;
        Ok(())
    }

    /// Notes what went wrong; `own_fault` when it would go wrong for every message.
    pub async fn record_failure(
        &mut self,
        id: ChannelId,
        error: &ChannelError,
        own_fault: bool,
    ) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE channels SET last_error_at = $3, last_error_code = $4, last_error_detail = $5,
                failing = CASE WHEN $6 = 1 THEN 1 ELSE failing END
            WHERE tenant_id = $1 AND id = $2",
            id.0,
            error.at,
            &error.failure.code,
            error.failure.detail.as_deref(),
            i64::from(own_fault)
        )?;
        Ok(())
    }

    /// Notes that the channel works again.
    pub async fn record_success(&mut self, id: ChannelId) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "UPDATE channels SET failing = 0 WHERE tenant_id = $1 AND id = $2 AND failing = 1",
            id.0
        )?;
        Ok(())
    }

    /// Notes that something came by the channel; `false` when the same came before.
    pub async fn deduplicate(
        &mut self,
        channel: ChannelId,
        provider_key: &str,
        at: DateTime<Utc>,
    ) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            INSERT INTO inbound_receipts (tenant_id, channel_id, provider_key, received_at)
            VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            channel.0,
            provider_key,
            at
        )?;
        Ok(rows == 1)
    }
}
