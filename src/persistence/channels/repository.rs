//! Channels, and the receipts of their webhooks.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::persistence::{
    Snapshot, UnitOfWork,
    engine::{FromRow, Row, Sql},
};
use crate::{
    domain::{Channel, ChannelAddresses, ChannelError, ChannelId, ChannelProvider, ChannelSettings, Failure},
    error::{AppError, Result},
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
    /// The provider's id of the account or bot.
    pub account: String,
    /// The encrypted secret.
    pub secret: Vec<u8>,
    /// The addresses.
    pub addresses: ChannelAddresses,
    /// The provider's settings.
    pub settings: ChannelSettings,
    /// The token of its webhooks, if they are authenticated by a token.
    pub webhook: Option<WebhookToken>,
    /// True if the provider has confirmed the credentials.
    pub is_proven: bool,
}

/// A statement that selects the columns of the channels `c`.
pub(in crate::persistence) fn columns() -> Sql {
    Sql::from(
        "SELECT c.tenant_id, c.id, c.provider, c.account, c.secret, c.settings, c.webhook_secret, c.created_at, \
         c.disabled_at, c.proven_at, c.previous_secret, c.previous_until, c.last_webhook_at, c.last_error_at, c.last_error_code, \
         c.last_error_detail, c.failing, c.history_read_at, c.filled_at, c.filled_count,",
    )
    .push(addresses())
}

/// The addresses of the channels `c` as a JSON object by kind; NULL on PostgreSQL if there are none.
pub(in crate::persistence) fn addresses() -> Sql {
    // JSON functions differ between the engines.
    Sql::by_engine(
        "(SELECT json_group_object(a.kind, a.address) FROM channel_addresses a
          WHERE a.tenant_id = c.tenant_id AND a.channel_id = c.id) AS addresses",
        "(SELECT json_object_agg(a.kind, a.address)::TEXT FROM channel_addresses a
          WHERE a.tenant_id = c.tenant_id AND a.channel_id = c.id) AS addresses",
    )
}

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
            account: row.get("account")?,
            addresses: read_addresses(row)?,
            settings: row.json("settings")?,
            created_at: row.get("created_at")?,
            proven_at: row.get("proven_at")?,
            disabled_at: row.get("disabled_at")?,
            last_webhook_at: row.get("last_webhook_at")?,
            history_read_at: row.get("history_read_at")?,
            filled: row.get::<Option<DateTime<Utc>>>("filled_at")?.zip(row.get("filled_count")?),
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

/// Reads the column of [`addresses`].
pub(in crate::persistence) fn read_addresses(row: &Row) -> Result<ChannelAddresses> {
    Ok(row.json::<BTreeMap<String, String>>("addresses")?.into_iter().collect())
}

impl Channels<'_> {
    /// Lists all channels that were not removed, the oldest first.
    pub async fn all(&mut self) -> Result<Vec<SealedChannel>> {
        self.snapshot
            .query(columns())
            .push(
                "FROM channels c WHERE c.tenant_id = $1 AND c.removed_at IS NULL ORDER BY c.created_at, c.id",
            )
            .all()
            .await
    }

    /// Finds the channel of an account that was removed last and had one of these addresses, or whose addresses were not
    /// kept because it was removed by an earlier version.
    pub async fn removed(
        &mut self,
        provider: &ChannelProvider,
        account: &str,
        addresses: &ChannelAddresses,
    ) -> Result<Option<ChannelId>> {
        let rows: Vec<(ChannelId, Option<String>)> = self
            .snapshot
            .query(
                "SELECT id, removed_addresses FROM channels
                 WHERE tenant_id = $1 AND provider = $2 AND account = $3 AND removed_at IS NOT NULL
                 ORDER BY removed_at DESC, id",
            )
            .bind(provider)
            .bind(account)
            .all()
            .await?;
        let shares = |kept: &str| {
            let kept: BTreeMap<String, String> = serde_json::from_str(kept).unwrap_or_default();
            addresses.iter().any(|(kind, address)| kept.get(kind).is_some_and(|kept| kept == address))
        };
        let same = |(_, kept): &(ChannelId, Option<String>)| kept.as_deref().is_none_or(shares);
        Ok(rows.into_iter().find(same).map(|(id, _)| id))
    }

    /// Loads a channel, unless it was removed.
    pub async fn get(&mut self, id: ChannelId) -> Result<Option<SealedChannel>> {
        self.snapshot
            .query(columns())
            .push("FROM channels c WHERE c.tenant_id = $1 AND c.removed_at IS NULL AND c.id = $2")
            .bind(id)
            .optional()
            .await
    }
}

impl ChannelsMut<'_> {
    /// Stores a channel. Returns the kind of an address that belongs to another channel; the
    /// transaction must not be committed then.
    pub async fn create(&mut self, new: &NewChannel, at: DateTime<Utc>) -> Result<Option<String>> {
        let settings = serde_json::to_string(&new.settings).map_err(AppError::internal)?;
        self.work
            .query(
                "INSERT INTO channels (tenant_id, id, provider, account, secret, settings, webhook_hash,
                     webhook_secret, created_at, proven_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            )
            .bind(new.id)
            .bind(&new.provider)
            .bind(&new.account)
            .bind(&new.secret)
            .bind(&settings)
            .bind(new.webhook.as_ref().map(|webhook| webhook.hash.as_slice()))
            .bind(new.webhook.as_ref().map(|webhook| webhook.secret.as_slice()))
            .bind(at)
            .bind(new.is_proven.then_some(at))
            .execute()
            .await?;
        self.add_addresses(new.id, &new.addresses).await
    }

    /// Connects a removed channel again under its id, so that its chats, receipts, templates and edits go on. Returns the
    /// kind of an address that belongs to another channel; the transaction must not be committed then.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if the channel is not removed any more.
    pub async fn restore(&mut self, again: &NewChannel, at: DateTime<Utc>) -> Result<Option<String>> {
        let settings = serde_json::to_string(&again.settings).map_err(AppError::internal)?;
        let restored = self
            .work
            .query(
                "UPDATE channels SET secret = $3, settings = $4, webhook_hash = $5, webhook_secret = $6,
                     proven_at = $7, removed_at = NULL, removed_addresses = NULL, disabled_at = NULL, failing = 0,
                     last_error_at = NULL, last_error_code = NULL, last_error_detail = NULL
                 WHERE tenant_id = $1 AND id = $2 AND removed_at IS NOT NULL",
            )
            .bind(again.id)
            .bind(&again.secret)
            .bind(&settings)
            .bind(again.webhook.as_ref().map(|webhook| webhook.hash.as_slice()))
            .bind(again.webhook.as_ref().map(|webhook| webhook.secret.as_slice()))
            .bind(again.is_proven.then_some(at))
            .execute()
            .await?;
        if restored == 0 {
            return Err(AppError::NotFound);
        }
        self.add_addresses(again.id, &again.addresses).await
    }

    /// Stores addresses of a channel. Returns the kind of the last that belongs to another channel.
    async fn add_addresses(&mut self, id: ChannelId, addresses: &ChannelAddresses) -> Result<Option<String>> {
        let mut taken = None;
        for (kind, address) in addresses.iter() {
            let added = self
                .work
                .query(
                    "INSERT INTO channel_addresses (tenant_id, channel_id, provider, account, kind, address)
                     SELECT $1, id, provider, account, $3, $4 FROM channels
                     WHERE tenant_id = $1 AND id = $2 ON CONFLICT DO NOTHING",
                )
                .bind(id)
                .bind(kind)
                .bind(address)
                .execute()
                .await?;
            if added == 0 {
                taken = Some(kind.to_owned());
            }
        }
        Ok(taken)
    }

    /// Replaces the secret and the settings of a channel and the token of its webhooks; returns
    /// `false` if it does not exist.
    pub async fn replace_credentials(
        &mut self,
        id: ChannelId,
        secret: &[u8],
        settings: &ChannelSettings,
        webhook: &WebhookToken,
    ) -> Result<bool> {
        let settings = serde_json::to_string(settings).map_err(AppError::internal)?;
        Ok(self
            .work
            .query(
                "UPDATE channels SET secret = $3, settings = $4, webhook_hash = $5, webhook_secret = $6,
                     failing = 0
                 WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL",
            )
            .bind(id)
            .bind(secret)
            .bind(&settings)
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

    /// Replaces the addresses of a channel. Returns the kind of an address that belongs to another
    /// channel; the transaction must not be committed then.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if the channel does not exist.
    pub async fn set_addresses(
        &mut self,
        id: ChannelId,
        addresses: &ChannelAddresses,
    ) -> Result<Option<String>> {
        // This locks the row, so that two changes of a channel's addresses follow one another.
        let locked = self
            .work
            .query(
                "UPDATE channels SET account = account WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL",
            )
            .bind(id)
            .execute()
            .await?;
        if locked == 0 {
            return Err(AppError::NotFound);
        }
        self.delete_addresses(id).await?;
        self.add_addresses(id, addresses).await
    }

    async fn delete_addresses(&mut self, id: ChannelId) -> Result<()> {
        self.work
            .query("DELETE FROM channel_addresses WHERE tenant_id = $1 AND channel_id = $2")
            .bind(id)
            .execute()
            .await?;
        Ok(())
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
        let Some(sealed) = self.work.channels().get(id).await? else { return Ok(false) };
        let addresses: BTreeMap<_, _> = sealed.channel.addresses.iter().collect();
        let addresses = serde_json::to_string(&addresses).map_err(AppError::internal)?;
        let removed = self
            .work
            .query(
                "UPDATE channels SET removed_at = $3, secret = $4, previous_secret = NULL,
                     previous_until = NULL, webhook_hash = NULL, webhook_secret = NULL, removed_addresses = $5
                 WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL",
            )
            .bind(id)
            .bind(at)
            .bind(Vec::<u8>::new())
            .bind(&addresses)
            .execute()
            .await?;
        if removed == 1 {
            self.delete_addresses(id).await?;
        }
        Ok(removed == 1)
    }

    /// Records that the provider's list of inbound messages was read, and how many of them had been missed.
    pub async fn record_history(&mut self, id: ChannelId, at: DateTime<Utc>, missed: i64) -> Result<()> {
        self.work
            .query(
                "UPDATE channels SET history_read_at = $3, filled_at = CASE WHEN $4 > 0 THEN $3 ELSE filled_at END,
                     filled_count = CASE WHEN $4 > 0 THEN $4 ELSE filled_count END
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .bind(at)
            .bind(missed)
            .execute()
            .await?;
        Ok(())
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

    /// Records a failure that affects every message of the channel.
    pub async fn record_failure(&mut self, id: ChannelId, error: &ChannelError) -> Result<()> {
        self.work
            .query(
                "UPDATE channels SET last_error_at = $3, last_error_code = $4, last_error_detail = $5,
                     failing = 1
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .bind(error.at)
            .bind(&error.failure.code)
            .bind(&error.failure.detail)
            .execute()
            .await?;
        Ok(())
    }

    /// Records that the channel works, which clears its last error and proves its credentials.
    pub async fn record_success(&mut self, id: ChannelId, at: DateTime<Utc>) -> Result<()> {
        self.work
            .query(
                "UPDATE channels SET failing = 0, proven_at = COALESCE(proven_at, $3)
                 WHERE tenant_id = $1 AND id = $2 AND (failing = 1 OR proven_at IS NULL)",
            )
            .bind(id)
            .bind(at)
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
