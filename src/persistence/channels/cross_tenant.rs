//! Statements that find the channel of a webhook, whose tenant is not known yet.

use crate::domain::ChannelProvider;
use crate::error::Result;
use crate::persistence::{CrossTenant, SealedChannel, channels::repository::columns};

impl CrossTenant {
    /// Lists all channels of an account at a provider, which several tenants may share.
    pub async fn channels_of_account(
        &mut self,
        provider: &ChannelProvider,
        account: &str,
    ) -> Result<Vec<SealedChannel>> {
        self.query(columns())
            .push(
                "FROM channels c WHERE c.provider = $1 AND c.account = $2 AND c.removed_at IS NULL
                 ORDER BY c.created_at, c.id",
            )
            .bind(provider)
            .bind(account)
            .all()
            .await
    }

    /// Finds the channel by the hash of its webhook's token.
    pub async fn channel_of_webhook(&mut self, hash: &[u8]) -> Result<Option<SealedChannel>> {
        self.query(columns())
            .push("FROM channels c WHERE c.webhook_hash = $1 AND c.removed_at IS NULL")
            .bind(hash)
            .optional()
            .await
    }
}
