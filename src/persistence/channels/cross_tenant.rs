//! Statements that find the channel of a webhook, whose tenant is not known yet.

use crate::domain::{ChannelId, ChannelProvider, Tenant, TenantId};
use crate::error::Result;
use crate::persistence::{
    CrossTenant, SealedChannel,
    channels::repository::columns,
    engine::{FromRow, Row, Sql},
};

/// A channel with its tenant.
#[derive(Debug, Clone)]
pub struct TenantChannel {
    /// The tenant.
    pub tenant: Tenant,
    /// The channel.
    pub sealed: SealedChannel,
}

impl FromRow for TenantChannel {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { tenant: FromRow::from_row(row)?, sealed: FromRow::from_row(row)? })
    }
}

/// The encrypted secrets of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSecrets {
    /// The tenant of the channel.
    pub tenant: TenantId,
    /// The channel.
    pub channel: ChannelId,
    /// The secret.
    pub secret: Vec<u8>,
    /// The former secret, which still verifies webhooks.
    pub previous: Option<Vec<u8>>,
    /// The token of the channel's webhooks.
    pub webhook: Option<Vec<u8>>,
}

impl FromRow for SealedSecrets {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            tenant: row.get("tenant_id")?,
            channel: row.get("id")?,
            secret: row.get("secret")?,
            previous: row.get("previous_secret")?,
            webhook: row.get("webhook_secret")?,
        })
    }
}

/// A statement that selects channels `c` with their tenants; conditions are appended.
fn channels_with_tenants() -> Sql {
    columns().push(
        ", t.slug, t.name, t.locale, t.time_zone, t.country, t.suspended_at
         FROM channels c JOIN tenants t ON t.id = c.tenant_id WHERE c.removed_at IS NULL",
    )
}

impl CrossTenant {
    /// Lists all channels of an account at a provider, which several tenants may share.
    pub async fn channels_of_account(
        &mut self,
        provider: &ChannelProvider,
        account: &str,
    ) -> Result<Vec<TenantChannel>> {
        self.query(channels_with_tenants())
            .push("AND c.provider = $1 AND c.account = $2 ORDER BY c.created_at, c.id")
            .bind(provider)
            .bind(account)
            .all()
            .await
    }

    /// The secrets of all channels, or of the newest `limit`.
    pub async fn sealed_secrets(&mut self, limit: i64) -> Result<Vec<SealedSecrets>> {
        self.query(
            "SELECT tenant_id, id, secret, previous_secret, webhook_secret FROM channels
             WHERE removed_at IS NULL ORDER BY created_at DESC, id LIMIT $1",
        )
        .bind(limit)
        .all()
        .await
    }

    /// Replaces the secrets of a channel, unless they have changed; returns whether they were replaced.
    pub async fn replace_secrets(&mut self, former: &SealedSecrets, new: &SealedSecrets) -> Result<bool> {
        let replaced = self
            .query(
                "UPDATE channels SET secret = $3, previous_secret = $4, webhook_secret = $5
                 WHERE tenant_id = $1 AND id = $2 AND secret = $6
                     AND COALESCE(previous_secret, $7) = $8 AND COALESCE(webhook_secret, $7) = $9",
            )
            .bind(new.tenant)
            .bind(new.channel)
            .bind(new.secret.clone())
            .bind(new.previous.clone())
            .bind(new.webhook.clone())
            .bind(former.secret.clone())
            .bind(Vec::<u8>::new())
            .bind(former.previous.clone().unwrap_or_default())
            .bind(former.webhook.clone().unwrap_or_default())
            .execute()
            .await?;
        Ok(replaced == 1)
    }

    /// Takes an address away from the channels of other tenants that are not proven.
    pub async fn release_unproven_address(
        &mut self,
        tenant: TenantId,
        provider: &ChannelProvider,
        account: &str,
        kind: &str,
        address: &str,
    ) -> Result<()> {
        self.query(
            "DELETE FROM channel_addresses
             WHERE tenant_id <> $1 AND provider = $2 AND account = $3 AND kind = $4 AND address = $5
                 AND EXISTS (SELECT 1 FROM channels c WHERE c.tenant_id = channel_addresses.tenant_id
                     AND c.id = channel_addresses.channel_id AND c.proven_at IS NULL)",
        )
        .bind(tenant)
        .bind(provider)
        .bind(account)
        .bind(kind)
        .bind(address)
        .execute()
        .await?;
        Ok(())
    }

    /// Finds the channel by the hash of its webhook's token.
    pub async fn channel_of_webhook(&mut self, hash: &[u8]) -> Result<Option<TenantChannel>> {
        self.query(channels_with_tenants()).push("AND c.webhook_hash = $1").bind(hash).optional().await
    }
}
