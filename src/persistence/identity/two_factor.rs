//! The second factors of users: the sealed secrets of authenticator apps, and recovery codes.

use chrono::{DateTime, Utc};

use crate::{
    domain::{TenantId, UserId},
    error::Result,
    persistence::{
        Snapshot, UnitOfWork,
        engine::{FromRow, Row},
    },
};

/// The second factors of a tenant's users.
pub struct TwoFactor<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// The second factors of a tenant's users, for writing.
pub struct TwoFactorMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// The secret of a user's authenticator app.
#[derive(Debug, Clone)]
pub struct SealedFactor {
    /// The tenant.
    pub tenant: TenantId,
    /// The user.
    pub user: UserId,
    /// The sealed secret.
    pub secret: Vec<u8>,
    /// The time at which a first code confirmed it; `None` until then.
    pub confirmed_at: Option<DateTime<Utc>>,
}

impl FromRow for SealedFactor {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            tenant: row.get("tenant_id")?,
            user: row.get("user_id")?,
            secret: row.get("secret")?,
            confirmed_at: row.get("confirmed_at")?,
        })
    }
}

impl TwoFactor<'_> {
    /// Loads the secret of a user.
    pub async fn of_user(&mut self, user: UserId) -> Result<Option<SealedFactor>> {
        self.snapshot
            .query(
                "SELECT tenant_id, user_id, secret, confirmed_at FROM second_factors
                 WHERE tenant_id = $1 AND user_id = $2",
            )
            .bind(user)
            .optional()
            .await
    }

    /// Counts the recovery codes that a user has left.
    pub async fn count_recovery_codes(&mut self, user: UserId) -> Result<i64> {
        self.snapshot
            .query("SELECT COUNT(*) FROM recovery_codes WHERE tenant_id = $1 AND user_id = $2")
            .bind(user)
            .one()
            .await
    }
}

impl TwoFactorMut<'_> {
    /// Stores a new secret, which a code has to confirm. Returns false if the user has a confirmed one.
    pub async fn begin(&mut self, user: UserId, secret: &[u8], at: DateTime<Utc>) -> Result<bool> {
        let stored = self
            .work
            .query(
                "INSERT INTO second_factors (tenant_id, user_id, secret, created_at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (tenant_id, user_id) DO UPDATE SET secret = $3, created_at = $4, last_step = 0
                 WHERE second_factors.confirmed_at IS NULL",
            )
            .bind(user)
            .bind(secret.to_vec())
            .bind(at)
            .execute()
            .await?;
        Ok(stored > 0)
    }

    /// Confirms the secret. Returns false if the user has none, or a confirmed one.
    pub async fn confirm(&mut self, user: UserId, at: DateTime<Utc>) -> Result<bool> {
        let confirmed = self
            .work
            .query(
                "UPDATE second_factors SET confirmed_at = $3
                 WHERE tenant_id = $1 AND user_id = $2 AND confirmed_at IS NULL",
            )
            .bind(user)
            .bind(at)
            .execute()
            .await?;
        Ok(confirmed > 0)
    }

    /// Adds a recovery code.
    pub async fn add_recovery_code(&mut self, user: UserId, hash: &[u8]) -> Result<()> {
        self.work
            .query("INSERT INTO recovery_codes (tenant_id, user_id, code_hash) VALUES ($1, $2, $3)")
            .bind(user)
            .bind(hash.to_vec())
            .execute()
            .await?;
        Ok(())
    }

    /// Uses the code of a step. Returns false if that of this step or of a later one was used already.
    pub async fn use_step(&mut self, user: UserId, step: i64) -> Result<bool> {
        let used = self
            .work
            .query(
                "UPDATE second_factors SET last_step = $3
                 WHERE tenant_id = $1 AND user_id = $2 AND last_step < $3",
            )
            .bind(user)
            .bind(step)
            .execute()
            .await?;
        Ok(used > 0)
    }

    /// Uses a recovery code, which is deleted. Returns false if the user does not have it.
    pub async fn use_recovery_code(&mut self, user: UserId, hash: &[u8]) -> Result<bool> {
        let used = self
            .work
            .query("DELETE FROM recovery_codes WHERE tenant_id = $1 AND user_id = $2 AND code_hash = $3")
            .bind(user)
            .bind(hash.to_vec())
            .execute()
            .await?;
        Ok(used > 0)
    }

    /// Removes the secret and the recovery codes. Returns false if the user has no secret.
    pub async fn remove(&mut self, user: UserId) -> Result<bool> {
        self.work
            .query("DELETE FROM recovery_codes WHERE tenant_id = $1 AND user_id = $2")
            .bind(user)
            .execute()
            .await?;
        let removed = self
            .work
            .query("DELETE FROM second_factors WHERE tenant_id = $1 AND user_id = $2")
            .bind(user)
            .execute()
            .await?;
        Ok(removed > 0)
    }
}
