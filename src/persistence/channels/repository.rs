//! Channels, and the receipts of their webhooks.

use chrono::{DateTime, Utc};

use crate::persistence::{
    Snapshot, UnitOfWork,
    engine::{FromRow, Row},
};
use crate::{
    domain::{Channel, ChannelError, ChannelId, ChannelProvider, Failure, SenderAddresses},
    error::Result,
};

/// Channels of a tenant.
pub struct Channels<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's channels, for writing.
pub struct ChannelsMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// A channel with its encrypted secrets.
#[derive(Debug, Clone)]
pub struct SealedChannel {
    /// The channel.
    pub channel: Channel,
    /// The encrypted secret.
    pub secret: Vec<u8>,
    /// The encrypted token of its webhooks, if they are authenticated by a token.
    pub webhook_secret: Option<Vec<u8>>,
    /// The encrypted former secret, and the time until which it verifies webhooks.
    pub previous: Option<(Vec<u8>, DateTime<Utc>)>,
}

/// The token that authenticates the webhooks of a channel.
#[derive(Debug, Clone)]
pub struct WebhookToken {
    /// The hash of the token, by which the channel is found.
    pub hash: Vec<u8>,
    /// The encrypted token.
    pub secret: Vec<u8>,
}

/// A channel to store.
#[derive(Debug, Clone)]
pub struct NewChannel {
    /// The id.
    pub id: ChannelId,
    /// The provider.
    pub provider: ChannelProvider,
    /// The account: Twilio's `AccountSid`, or the id of a bot.
    pub account_sid: String,
    /// The encrypted secret.
    pub secret: Vec<u8>,
    /// The number for SMS.
    pub sms_number: Option<String>,
    /// The number for WhatsApp.
    pub whatsapp_number: Option<String>,
    /// The SID of the Messaging Service.
    pub messaging_service_sid: Option<String>,
    /// The bot's username.
    pub username: Option<String>,
    /// The token of its webhooks, if they are authenticated by a token.
    pub webhook: Option<WebhookToken>,
}

/// The columns of a channel.
pub(in crate::persistence) const COLUMNS: &str = "\
    SELECT tenant_id, id, provider, account_sid, secret, sms_number, whatsapp_number, messaging_service_sid, username, \
    webhook_secret, created_at, disabled_at, previous_secret, previous_until, last_webhook_at, last_error_at, \
    last_error_code, last_error_detail, failing";

impl FromRow for SealedChannel {
    fn from_row(row: &Row) -> Result<Self> {
        let failed: Option<DateTime<Utc>> = row.get("last_error_at")?;
        let detail = row.get("last_error_detail")?;
        let last_error = failed
            .zip(row.get("last_error_code")?)
            .map(|(at, code)| ChannelError { failure: Failure { code, detail }, at });
        let channel = Channel {
            id: row.get("id")?,
            tenant: row.get("tenant_id")?,
            provider: row.get("provider")?,
            account_sid: row.get("account_sid")?,
            sms_number: row.get("sms_number")?,
            whatsapp_number: row.get("whatsapp_number")?,
            messaging_service_sid: row.get("messaging_service_sid")?,
            username: row.get("username")?,
            created_at: row.get("created_at")?,
            disabled_at: row.get("disabled_at")?,
            last_webhook_at: row.get("last_webhook_at")?,
            last_error,
            failing: row.get("failing")?,
        };
        let previous: Option<Vec<u8>> = row.get("previous_secret")?;
        Ok(Self {
            channel,
            secret: row.get("secret")?,
            webhook_secret: row.get("webhook_secret")?,
            previous: previous.zip(row.get("previous_until")?),
        })
    }
}

impl Channels<'_> {
    /// Lists all channels that were not removed, the oldest first.
    pub async fn all(&mut self) -> Result<Vec<SealedChannel>> {
        self.snapshot
            .query(COLUMNS)
            .push("FROM channels WHERE tenant_id = $1 AND removed_at IS NULL ORDER BY created_at, id")
            .all()
            .await
    }

    /// Loads a channel, unless it was removed.
    pub async fn get(&mut self, id: ChannelId) -> Result<Option<SealedChannel>> {
        self.snapshot
            .query(COLUMNS)
            .push("FROM channels WHERE tenant_id = $1 AND removed_at IS NULL AND id = $2")
            .bind(id)
            .optional()
            .await
    }
}

impl ChannelsMut<'_> {
    /// Stores a channel; returns `false` if one of its addresses belongs to another channel.
    pub async fn create(&mut self, new: &NewChannel, at: DateTime<Utc>) -> Result<bool> {
        Ok(self
            .work
            .query(
                "INSERT INTO channels (tenant_id, id, provider, account_sid, secret, sms_number,
                     whatsapp_number,
                     messaging_service_sid, username, webhook_hash, webhook_secret, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
            )
            .bind(new.id)
            .bind(&new.provider)
            .bind(&new.account_sid)
            .bind(&new.secret)
            .bind(&new.sms_number)
            .bind(&new.whatsapp_number)
            .bind(&new.messaging_service_sid)
            .bind(&new.username)
            .bind(new.webhook.as_ref().map(|webhook| webhook.hash.as_slice()))
            .bind(new.webhook.as_ref().map(|webhook| webhook.secret.as_slice()))
            .bind(at)
            .execute()
            .await?
            == 1)
    }

    /// Replaces the secret of a channel and the token of its webhooks; returns `false` if it does
    /// not exist.
    pub async fn replace_credentials(
        &mut self,
        id: ChannelId,
        secret: &[u8],
        username: Option<&str>,
        webhook: &WebhookToken,
    ) -> Result<bool> {
        Ok(self
            .work
            .query(
                "UPDATE channels SET secret = $3, username = $4, webhook_hash = $5, webhook_secret = $6,
                     failing = 0
                 WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL",
            )
            .bind(id)
            .bind(secret)
            .bind(username)
            .bind(&webhook.hash)
            .bind(&webhook.secret)
            .execute()
            .await?
            == 1)
    }

    /// Deletes a channel that was never used.
    pub async fn delete_unused(&mut self, id: ChannelId) -> Result<bool> {
        Ok(self
            .work
            .query("DELETE FROM channels WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .execute()
            .await?
            == 1)
    }

    /// Replaces the addresses of a channel; returns `false` if it does not exist.
    ///
    /// # Errors
    /// [`AppError::Conflict`](crate::error::AppError::Conflict) if one of them belongs to another
    /// channel; the transaction cannot be used any further.
    pub async fn set_addresses(&mut self, id: ChannelId, senders: &SenderAddresses) -> Result<bool> {
        Ok(self
            .work
            .query(
                "UPDATE channels SET sms_number = $3, whatsapp_number = $4, messaging_service_sid = $5
                 WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL",
            )
            .bind(id)
            .bind(&senders.sms_number)
            .bind(&senders.whatsapp_number)
            .bind(&senders.messaging_service_sid)
            .execute()
            .await?
            == 1)
    }

    /// Replaces the secret of a channel. The former one verifies webhooks until the given time, or
    /// not at all.
    pub async fn rotate_secret(
        &mut self,
        id: ChannelId,
        secret: &[u8],
        previous_until: Option<DateTime<Utc>>,
    ) -> Result<bool> {
        Ok(self
            .work
            .query(
                "UPDATE channels SET failing = 0, previous_until = $4,
                     previous_secret = CASE WHEN $4 IS NULL THEN NULL ELSE secret END, secret = $3
                 WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL",
            )
            .bind(id)
            .bind(secret)
            .bind(previous_until)
            .execute()
            .await?
            == 1)
    }

    /// Disables or enables a channel; returns `false` if it is in this state already or does not
    /// exist.
    pub async fn set_disabled(&mut self, id: ChannelId, disabled_at: Option<DateTime<Utc>>) -> Result<bool> {
        Ok(self
            .work
            .query(
                "UPDATE channels SET disabled_at = $3
                 WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL
                     AND (disabled_at IS NULL) <> ($3 IS NULL)",
            )
            .bind(id)
            .bind(disabled_at)
            .execute()
            .await?
            == 1)
    }

    /// Removes a channel: its addresses and secrets are deleted, and its row remains for the
    /// messages that refer to it.
    pub async fn remove(&mut self, id: ChannelId, at: DateTime<Utc>) -> Result<bool> {
        Ok(self
            .work
            .query(
                "UPDATE channels SET removed_at = $3, secret = $4, previous_secret = NULL, previous_until
                     = NULL,
                     sms_number = NULL, whatsapp_number = NULL, messaging_service_sid = NULL,
                         webhook_hash = NULL,
                     webhook_secret = NULL
                 WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL",
            )
            .bind(id)
            .bind(at)
            .bind(Vec::<u8>::new())
            .execute()
            .await?
            == 1)
    }

    /// Records the time of a webhook.
    pub async fn record_webhook(&mut self, id: ChannelId, at: DateTime<Utc>) -> Result<()> {
        self.work
            .query(
                "UPDATE channels SET last_webhook_at = $3
                 WHERE tenant_id = $1 AND id = $2 AND (last_webhook_at IS NULL OR last_webhook_at < $3)",
            )
            .bind(id)
            .bind(at)
            .execute()
            .await?;
        Ok(())
    }

    /// Records a failure. With `own_fault`, it would affect every message of the channel.
    pub async fn record_failure(
        &mut self,
        id: ChannelId,
        error: &ChannelError,
        own_fault: bool,
    ) -> Result<()> {
        self.work
            .query(
                "UPDATE channels SET last_error_at = $3, last_error_code = $4, last_error_detail = $5,
                     failing = CASE WHEN $6 = 1 THEN 1 ELSE failing END
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .bind(error.at)
            .bind(&error.failure.code)
            .bind(&error.failure.detail)
            .bind(own_fault)
            .execute()
            .await?;
        Ok(())
    }

    /// Records that the channel works, which clears its last error.
    pub async fn record_success(&mut self, id: ChannelId) -> Result<()> {
        self.work
            .query("UPDATE channels SET failing = 0 WHERE tenant_id = $1 AND id = $2 AND failing = 1")
            .bind(id)
            .execute()
            .await?;
        Ok(())
    }

    /// Stores the receipt of a webhook; returns `false` if it was stored before, so that the
    /// webhook is a duplicate.
    pub async fn deduplicate(
        &mut self,
        channel: ChannelId,
        provider_key: &str,
        at: DateTime<Utc>,
    ) -> Result<bool> {
        Ok(self
            .work
            .query(
                "INSERT INTO inbound_receipts (tenant_id, channel_id, provider_key, received_at)
                 VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            )
            .bind(channel)
            .bind(provider_key)
            .bind(at)
            .execute()
            .await?
            == 1)
    }
}
