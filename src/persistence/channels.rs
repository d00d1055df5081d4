//! Channels, and what came by them.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::Tx;
use crate::{
    domain::{Channel, ChannelId, ChannelProvider, TenantId},
    error::{AppError, Result},
};

/// Channels of a tenant.
pub struct Channels<'t> {
    pub(super) tx: &'t mut Tx,
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
pub(super) struct ChannelRow {
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
}

impl ChannelRow {
    pub(super) fn into_channel(self) -> Result<SealedChannel> {
        let provider = self.provider.parse();
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
        };
        Ok(SealedChannel { channel, secret: self.secret, webhook_secret: self.webhook_secret })
    }
}

impl<'t> Channels<'t> {
    pub(super) fn new(tx: &'t mut Tx) -> Self {
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

    /// All channels, oldest first.
    pub async fn all(&mut self) -> Result<Vec<SealedChannel>> {
        let rows = sql!(
            self.tx,
            all(ChannelRow),
            "
            SELECT tenant_id, id, provider, account_sid, secret, sms_number, whatsapp_number,
                messaging_service_sid, username, webhook_secret, created_at
            FROM channels WHERE tenant_id = $1 ORDER BY created_at, id"
        )?;
        rows.into_iter().map(ChannelRow::into_channel).collect()
    }

    /// One channel.
    pub async fn get(&mut self, id: ChannelId) -> Result<Option<SealedChannel>> {
        let row = sql!(
            self.tx,
            opt(ChannelRow),
            "
            SELECT tenant_id, id, provider, account_sid, secret, sms_number, whatsapp_number,
                messaging_service_sid, username, webhook_secret, created_at
            FROM channels WHERE tenant_id = $1 AND id = $2",
            id.0
        )?;
        row.map(ChannelRow::into_channel).transpose()
    }

    /// Gives a channel another secret, and its webhooks another token; `false` when it is not there.
    pub async fn renew(
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
            UPDATE channels SET secret = $3, username = $4, webhook_hash = $5, webhook_secret = $6
            WHERE tenant_id = $1 AND id = $2",
            id.0,
            secret,
            username,
            webhook.hash.as_slice(),
            webhook.secret.as_slice()
        )?;
        Ok(rows == 1)
    }

    /// Takes back a channel by which nothing came or went yet.
    pub async fn take_back(&mut self, id: ChannelId) -> Result<bool> {
        let rows = sql!(self.tx, exec, "DELETE FROM channels WHERE tenant_id = $1 AND id = $2", id.0)?;
        Ok(rows == 1)
    }

    /// Notes that something came by the channel; `false` when the same came before.
    pub async fn receive(
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
