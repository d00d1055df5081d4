//! The API tokens of users and service accounts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::persistence::{
    Page, PageRequest, Users, UsersMut,
    engine::{FromRow, Key, List, Row, Sql},
    identity::users::{PERSON, TokenHash, granted, role_of, token_hash_of},
};
use crate::{
    domain::{ApiToken, Email, PermissionSet, TokenId, UserId},
    error::Result,
};

/// A new API token.
pub struct NewToken<'n> {
    /// The purpose.
    pub name: &'n str,
    /// The hash under which it is stored.
    pub hash: &'n [u8],
    /// The beginning of the token, by which people recognise it.
    pub prefix: &'n str,
    /// The permissions that it is restricted to; `None` for all of its user.
    pub permissions: Option<PermissionSet>,
    /// The time of its creation.
    pub created_at: DateTime<Utc>,
    /// The time when it ends.
    pub expires_at: DateTime<Utc>,
}

impl<'n> NewToken<'n> {
    /// A token with all permissions of its user.
    pub fn unrestricted(
        name: &'n str,
        hash: &'n [u8],
        created_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Self {
        Self { name, hash, prefix: "", permissions: None, created_at, expires_at }
    }
}

/// The permissions that a valid token gives.
struct TokenPermissions {
    token: TokenHash,
    permissions: PermissionSet,
}

impl FromRow for TokenPermissions {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { token: token_hash_of(row)?, permissions: granted(row, &role_of(row)?)? })
    }
}

impl FromRow for ApiToken {
    fn from_row(row: &Row) -> Result<Self> {
        let kind: String = row.get("kind")?;
        let email: Email = row.get("email")?;
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            user: row.get("user_id")?,
            email: (kind == PERSON).then_some(email),
            role: role_of(row)?,
            permissions: row.get("token_permissions")?,
            prefix: row.get("prefix")?,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
            last_used_at: row.get("last_used_at")?,
        })
    }
}

const TOKEN: &str = "\
    SELECT a.id, a.name, a.user_id, u.email, u.kind, u.role, u.role_id, r.name AS role_name, \
    r.permissions AS role_permissions, a.permissions AS token_permissions, a.prefix, a.created_at, a.expires_at, \
    a.last_used_at";
const TOKENS: &str = "\
    FROM api_tokens a JOIN users u ON u.tenant_id = a.tenant_id AND u.id = a.user_id \
    LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.id = u.role_id WHERE a.tenant_id = $1";
const NEWEST_TOKEN: &[Key] = &[Key::number("a.id").descending()];

impl Users<'_> {
    /// Lists the API tokens of all users, the oldest first.
    pub async fn tokens(&mut self) -> Result<Vec<ApiToken>> {
        self.snapshot.query(TOKEN).push(TOKENS).push("ORDER BY a.id").all().await
    }

    /// Lists a page of the API tokens of a user, or of all users, the newest first.
    pub async fn page_of_tokens(
        &mut self,
        owner: Option<UserId>,
        request: PageRequest,
    ) -> Result<Page<ApiToken>> {
        let mut list = List::new(TOKEN, TOKENS, NEWEST_TOKEN);
        if let Some(owner) = owner {
            list = list.filter(Sql::from("a.user_id = ?").bind(owner));
        }
        self.snapshot.page(&list, request).await
    }

    /// Loads an API token.
    pub async fn token(&mut self, id: TokenId) -> Result<Option<ApiToken>> {
        self.snapshot.query(TOKEN).push(TOKENS).push("AND a.id = $2").bind(id).optional().await
    }

    /// The permissions of those of these tokens that are valid at `at`: unexpired ones of sessions and of programs.
    pub async fn token_permissions(
        &mut self,
        tokens: &[TokenHash],
        at: DateTime<Utc>,
    ) -> Result<HashMap<TokenHash, PermissionSet>> {
        let valid: Vec<TokenPermissions> = self
            .snapshot
            .query(
                "SELECT s.token_hash, u.role, u.role_id, r.name AS role_name, r.permissions AS role_permissions,
                     NULL AS token_permissions FROM sessions s
                 JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
                 LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.id = u.role_id
                 WHERE s.tenant_id = $1 AND s.token_hash IN $2 AND s.expires_at > $3
                 UNION ALL
                 SELECT a.token_hash, u.role, u.role_id, r.name AS role_name, r.permissions AS role_permissions,
                     a.permissions AS token_permissions FROM api_tokens a
                 JOIN users u ON u.tenant_id = a.tenant_id AND u.id = a.user_id
                 LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.id = u.role_id
                 WHERE a.tenant_id = $1 AND a.token_hash IN $2
                     AND (a.expires_at IS NULL OR a.expires_at > $3)
                     AND NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = $1 AND t.suspended_at IS NOT NULL)",
            )
            .bind(tokens)
            .bind(at)
            .all()
            .await?;
        Ok(valid.into_iter().map(|row| (row.token, row.permissions)).collect())
    }
}

impl UsersMut<'_> {
    /// Stores an API token under its hash.
    pub async fn create_token(&mut self, user: UserId, token: &NewToken<'_>) -> Result<TokenId> {
        self.work
            .query(
                "INSERT INTO api_tokens (tenant_id, user_id, name, token_hash, prefix, permissions, created_at,
                     expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
            )
            .bind(user)
            .bind(token.name)
            .bind(token.hash)
            .bind(token.prefix)
            .bind(token.permissions)
            .bind(token.created_at)
            .bind(token.expires_at)
            .one()
            .await
    }

    /// Notes that an API token was used.
    pub async fn record_token_use(&mut self, token_hash: &[u8], at: DateTime<Utc>) -> Result<()> {
        self.work
            .query("UPDATE api_tokens SET last_used_at = $3 WHERE tenant_id = $1 AND token_hash = $2")
            .bind(token_hash)
            .bind(at)
            .execute()
            .await?;
        Ok(())
    }

    /// Deletes an API token, whose live streams are closed by the commit; returns false if it does not exist.
    pub async fn revoke_token(&mut self, token: TokenId) -> Result<bool> {
        let deleted = self
            .work
            .query("DELETE FROM api_tokens WHERE tenant_id = $1 AND id = $2")
            .bind(token)
            .execute()
            .await?;
        self.work.wake_streams();
        Ok(deleted == 1)
    }
}
