//! Statements that find the channel of a webhook, whose tenant is not known yet.

use crate::error::Result;
use crate::persistence::{CrossTenant, SealedChannel, channels::repository::COLUMNS};

impl CrossTenant {
    /// Lists all channels of a Twilio account, which several tenants may share.
    pub async fn channels_of_account(&mut self, account_sid: &str) -> Result<Vec<SealedChannel>> {
        self.query(COLUMNS)
            .push("FROM channels WHERE account_sid = $1 AND removed_at IS NULL ORDER BY created_at, id")
            .bind(account_sid)
            .all()
            .await
    }

    /// Finds the channel by the hash of its webhook's token.
    pub async fn channel_of_webhook(&mut self, hash: &[u8]) -> Result<Option<SealedChannel>> {
        self.query(COLUMNS)
            .push("FROM channels WHERE webhook_hash = $1 AND removed_at IS NULL")
            .bind(hash)
            .optional()
            .await
    }
}
