//! Users, their sessions and API tokens.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::persistence::{
    Snapshot, UnitOfWork,
    engine::{FromRow, Row, Sql},
};
use crate::{
    domain::{
        ApiToken, Email, PersonName, Preferences, Role, TenantId, Theme, TokenId, User, UserAccount, UserId,
    },
    error::{AppError, Result},
};

/// The maximum number of sessions of a user.
const MAX_SESSIONS: i64 = 100;

/// Users, sessions and tokens of a tenant.
pub struct Users<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's users, for writing.
pub struct UsersMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// The data for verifying a sign-in.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The tenant of the user.
    pub tenant: TenantId,
    /// The tenant's slug, by which it can be selected.
    pub tenant_slug: String,
    /// The tenant's name, for display.
    pub tenant_name: String,
    /// The user.
    pub user: UserId,
    /// The Argon2id hash in PHC format.
    pub password_hash: String,
}

/// The SHA-256 hash under which the token of a session or of a program is stored.
pub type TokenHash = [u8; 32];

/// The role that a valid token gives.
struct TokenRole {
    token: TokenHash,
    role: Role,
}

impl FromRow for TokenRole {
    fn from_row(row: &Row) -> Result<Self> {
        let token: Vec<u8> = row.get("token_hash")?;
        let token = token.try_into().map_err(|_| AppError::internal("a token's hash has another length"))?;
        // A role that this version does not know is read as the one with the fewest permissions.
        Ok(Self { token, role: row.get_or("role", Role::ReadOnly)? })
    }
}

impl FromRow for Credentials {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            tenant: row.get("tenant_id")?,
            tenant_slug: row.get("tenant_slug")?,
            tenant_name: row.get("tenant_name")?,
            user: row.get("id")?,
            password_hash: row.get("password_hash")?,
        })
    }
}

impl FromRow for User {
    fn from_row(row: &Row) -> Result<Self> {
        let single_keys: Option<String> = row.get("single_keys")?;
        Ok(Self {
            id: row.get("user_id")?,
            email: row.get("email")?,
            name: PersonName { first: row.get("first_name")?, last: row.get("last_name")? },
            // A role that this version does not know has the fewest permissions.
            role: row.get_or("role", Role::ReadOnly)?,
            preferences: Preferences {
                locale: row.valid("user_locale")?,
                theme: row.get_or("theme", Theme::default())?,
                single_keys: single_keys.as_deref() != Some("off"),
            },
        })
    }
}

impl FromRow for UserAccount {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            user: FromRow::from_row(row)?,
            created_at: row.get("created_at")?,
            disabled_at: row.get("disabled_at")?,
        })
    }
}

impl FromRow for ApiToken {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            user: row.get("email")?,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
            last_used_at: row.get("last_used_at")?,
        })
    }
}

impl Users<'_> {
    /// Lists all users by their addresses.
    pub async fn accounts(&mut self) -> Result<Vec<UserAccount>> {
        self.snapshot
            .query(
                "SELECT id AS user_id, email, first_name, last_name, role, locale AS user_locale, theme,
                     single_keys, created_at, disabled_at
                 FROM users WHERE tenant_id = $1 ORDER BY email",
            )
            .all()
            .await
    }

    /// Lists the API tokens of all users, the oldest first.
    pub async fn tokens(&mut self) -> Result<Vec<ApiToken>> {
        self.snapshot
            .query(
                "SELECT a.id, a.name, u.email, a.created_at, a.expires_at, a.last_used_at
                 FROM api_tokens a JOIN users u ON u.tenant_id = a.tenant_id AND u.id = a.user_id
                 WHERE a.tenant_id = $1 ORDER BY a.id",
            )
            .all()
            .await
    }

    /// Loads a user.
    pub async fn find(&mut self, id: UserId) -> Result<Option<User>> {
        self.snapshot
            .query(
                "SELECT id AS user_id, email, first_name, last_name, role, locale AS user_locale, theme,
                     single_keys
                 FROM users WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .optional()
            .await
    }

    /// Finds the user with this address.
    pub async fn by_email(&mut self, email: &Email) -> Result<Option<User>> {
        self.snapshot
            .query(
                "SELECT id AS user_id, email, first_name, last_name, role, locale AS user_locale, theme,
                     single_keys
                 FROM users WHERE tenant_id = $1 AND email = $2",
            )
            .bind(email)
            .optional()
            .await
    }

    /// The roles of those of these tokens that are valid at `at`: unexpired ones of sessions and of programs.
    pub async fn token_roles(
        &mut self,
        tokens: &[TokenHash],
        at: DateTime<Utc>,
    ) -> Result<HashMap<TokenHash, Role>> {
        let roles: Vec<TokenRole> = self
            .snapshot
            .query(
                "SELECT s.token_hash, u.role FROM sessions s
                 JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
                 WHERE s.tenant_id = $1 AND s.token_hash IN $2 AND s.expires_at > $3
                 UNION ALL
                 SELECT a.token_hash, u.role FROM api_tokens a
                 JOIN users u ON u.tenant_id = a.tenant_id AND u.id = a.user_id
                 WHERE a.tenant_id = $1 AND a.token_hash IN $2
                     AND (a.expires_at IS NULL OR a.expires_at > $3)",
            )
            .bind(tokens)
            .bind(at)
            .all()
            .await?;
        Ok(roles.into_iter().map(|row| (row.token, row.role)).collect())
    }

    /// The hash of a user's password.
    pub async fn password_hash(&mut self, user: UserId) -> Result<Option<String>> {
        self.snapshot
            .query("SELECT password_hash FROM users WHERE tenant_id = $1 AND id = $2")
            .bind(user)
            .optional()
            .await
    }
}

impl UsersMut<'_> {
    /// Creates a user; returns `None` if a user of this tenant has the address.
    pub async fn create(
        &mut self,
        email: &Email,
        name: &PersonName,
        role: Role,
        password_hash: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<UserId>> {
        self.work
            .query(
                "INSERT INTO users (tenant_id, email, first_name, last_name, role, password_hash,
                     created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id",
            )
            .bind(email)
            .bind(&name.first)
            .bind(&name.last)
            .bind(role)
            .bind(password_hash)
            .bind(at)
            .optional()
            .await
    }

    /// Sets the name and the preferences of a user.
    pub async fn update(&mut self, user: UserId, name: &PersonName, preferences: &Preferences) -> Result<()> {
        self.work
            .query(
                "UPDATE users SET first_name = $3, last_name = $4, locale = $5, theme = $6, single_keys =
                     $7
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(user)
            .bind(&name.first)
            .bind(&name.last)
            .bind(preferences.locale)
            .bind(preferences.theme)
            .bind((!preferences.single_keys).then_some("off"))
            .execute()
            .await?;
        Ok(())
    }

    /// Locks an enabled user whose password still has this hash; returns false if it was changed meanwhile, or the user was
    /// disabled.
    pub async fn lock_with_password(&mut self, user: UserId, password_hash: &str) -> Result<bool> {
        // SQLite has one writer at a time and no row locks.
        let rows = Sql::by_engine(
            "SELECT id FROM users WHERE tenant_id = $1 AND id = $2 AND password_hash = $3 AND disabled_at IS NULL",
            "SELECT id FROM users WHERE tenant_id = $1 AND id = $2 AND password_hash = $3 AND disabled_at IS NULL
             FOR UPDATE",
        );
        let locked: Option<UserId> = self.work.query(rows).bind(user).bind(password_hash).optional().await?;
        Ok(locked.is_some())
    }

    /// Sets a password, and ends the sessions and API tokens of the user.
    pub async fn set_password(&mut self, user: UserId, password_hash: &str) -> Result<()> {
        self.work
            .query("UPDATE users SET password_hash = $3 WHERE tenant_id = $1 AND id = $2")
            .bind(user)
            .bind(password_hash)
            .execute()
            .await?;
        self.end_access(user).await
    }

    /// Ends the sessions and API tokens of a user, whose live streams are closed by the commit.
    async fn end_access(&mut self, user: UserId) -> Result<()> {
        self.work
            .query("DELETE FROM sessions WHERE tenant_id = $1 AND user_id = $2")
            .bind(user)
            .execute()
            .await?;
        self.work
            .query("DELETE FROM api_tokens WHERE tenant_id = $1 AND user_id = $2")
            .bind(user)
            .execute()
            .await?;
        self.work.wake_streams();
        Ok(())
    }

    /// Disables a user and ends the user's sessions and API tokens. Returns false for the last enabled administrator, and
    /// if there is no such user.
    pub async fn disable(&mut self, user: UserId, at: DateTime<Utc>) -> Result<bool> {
        self.lock_administrators().await?;
        let changed = self
            .work
            .query(
                "UPDATE users SET disabled_at = COALESCE(disabled_at, $3) WHERE tenant_id = $1 AND id = $2
                     AND (role <> 'administrator' OR EXISTS (
                         SELECT 1 FROM users o WHERE o.tenant_id = $1 AND o.id <> $2
                             AND o.role = 'administrator' AND o.disabled_at IS NULL))",
            )
            .bind(user)
            .bind(at)
            .execute()
            .await?;
        if changed == 1 {
            self.end_access(user).await?;
        }
        Ok(changed == 1)
    }

    /// Locks the tenant's administrators, so that concurrent transactions do not each leave the other's.
    async fn lock_administrators(&mut self) -> Result<()> {
        // SQLite has one writer at a time and no row locks.
        let rows = Sql::by_engine(
            "SELECT id FROM users WHERE tenant_id = $1 AND role = 'administrator'",
            "SELECT id FROM users WHERE tenant_id = $1 AND role = 'administrator' ORDER BY id FOR UPDATE",
        );
        self.work.query(rows).all::<UserId>().await.map(drop)
    }

    /// Enables a disabled user, who has to sign in again.
    pub async fn enable(&mut self, user: UserId) -> Result<()> {
        self.work
            .query("UPDATE users SET disabled_at = NULL WHERE tenant_id = $1 AND id = $2")
            .bind(user)
            .execute()
            .await?;
        Ok(())
    }

    /// Sets a user's role, which applies to open sessions and streams. Returns false if the user is the last enabled
    /// administrator and would no longer be one, and if there is no such user.
    pub async fn set_role(&mut self, user: UserId, role: Role) -> Result<bool> {
        self.lock_administrators().await?;
        let changed = self
            .work
            .query(
                "UPDATE users SET role = $3 WHERE tenant_id = $1 AND id = $2
                     AND ($3 = 'administrator' OR role <> 'administrator' OR EXISTS (
                         SELECT 1 FROM users o WHERE o.tenant_id = $1 AND o.id <> $2
                             AND o.role = 'administrator' AND o.disabled_at IS NULL))",
            )
            .bind(user)
            .bind(role)
            .execute()
            .await?;
        self.work.wake_streams();
        Ok(changed == 1)
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

    /// Stores a session under its token's hash, and deletes the user's expired sessions, and the oldest if there are too
    /// many.
    pub async fn start_session(
        &mut self,
        user: UserId,
        token_hash: &[u8],
        at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<()> {
        self.work
            .query(
                "DELETE FROM sessions WHERE tenant_id = $1 AND user_id = $2 AND (expires_at < $3
                     OR token_hash IN (SELECT s.token_hash FROM sessions s WHERE s.tenant_id = $1 AND s.user_id = $2
                         ORDER BY s.created_at DESC LIMIT 1000 OFFSET $4))",
            )
            .bind(user)
            .bind(at)
            .bind(MAX_SESSIONS - 1)
            .execute()
            .await?;
        self.work
            .query(
                "INSERT INTO sessions (tenant_id, token_hash, user_id, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(token_hash)
            .bind(user)
            .bind(at)
            .bind(expires_at)
            .execute()
            .await?;
        Ok(())
    }

    /// Ends a session; the commit closes its live streams.
    pub async fn end_session(&mut self, token_hash: &[u8]) -> Result<()> {
        self.work
            .query("DELETE FROM sessions WHERE tenant_id = $1 AND token_hash = $2")
            .bind(token_hash)
            .execute()
            .await?;
        self.work.wake_streams();
        Ok(())
    }

    /// Stores an API token under its hash.
    pub async fn create_token(
        &mut self,
        user: UserId,
        name: &str,
        token_hash: &[u8],
        at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<TokenId> {
        self.work
            .query(
                "INSERT INTO api_tokens (tenant_id, user_id, name, token_hash, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
            )
            .bind(user)
            .bind(name)
            .bind(token_hash)
            .bind(at)
            .bind(expires_at)
            .one()
            .await
    }
}
