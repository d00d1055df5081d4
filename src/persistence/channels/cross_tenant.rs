//! Statements that find the channel of a webhook, whose tenant is not known yet.

use crate::domain::{ChannelProvider, Tenant};
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

/// A statement that selects channels `c` with their tenants; conditions are appended.
fn channels_with_tenants() -> Sql {
    columns().push(
        ", t.slug, t.name, t.locale, t.time_zone, t.country
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

    /// Finds the channel by the hash of its webhook's token.
    pub async fn channel_of_webhook(&mut self, hash: &[u8]) -> Result<Option<TenantChannel>> {
        self.query(channels_with_tenants()).push("AND c.webhook_hash = $1").bind(hash).optional().await
    }
}
