//! Users, and what proves that a request is theirs.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::persistence::Tx;
use crate::{
    domain::{Email, Locale, PersonName, Preferences, Role, TenantId, User, UserId},
    error::{AppError, Result},
};

/// Users, sessions and tokens of a tenant.
pub struct Users<'t> {
    tx: &'t mut Tx,
}

/// What a sign-in is checked against.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The workspace.
    pub tenant: TenantId,
    /// The workspace's slug, to choose it by.
    pub tenant_slug: String,
    /// The workspace's name, to show it by.
    pub tenant_name: String,
    /// The user.
    pub user: UserId,
    /// The Argon2id hash in PHC format.
    pub password_hash: String,
}

#[derive(FromRow)]
pub(in crate::persistence) struct CredentialsRow {
    tenant_id: i64,
    tenant_slug: String,
    tenant_name: String,
    id: i64,
    password_hash: String,
}

impl From<CredentialsRow> for Credentials {
    fn from(row: CredentialsRow) -> Self {
        Self {
            tenant: TenantId(row.tenant_id),
            tenant_slug: row.tenant_slug,
            tenant_name: row.tenant_name,
            user: UserId(row.id),
            password_hash: row.password_hash,
        }
    }
}

#[derive(FromRow)]
pub(in crate::persistence) struct UserRow {
    user_id: i64,
    email: String,
    first_name: String,
    last_name: Option<String>,
    role: String,
    user_locale: Option<String>,
    theme: Option<String>,
    single_keys: Option<String>,
}

impl UserRow {
    /// A role that this version does not know may do the least.
    pub(in crate::persistence) fn into_user(self) -> Result<User> {
        let email = Email::parse(&self.email)
            .map_err(|_| AppError::internal(format!("user {} has a bad e-mail", self.user_id)))?;
        Ok(User {
            id: UserId(self.user_id),
            email,
            name: PersonName { first: self.first_name, last: self.last_name },
            role: self.role.parse().unwrap_or(Role::ReadOnly),
            preferences: Preferences {
                locale: self.user_locale.and_then(|l| l.parse().ok()),
                theme: self.theme.and_then(|theme| theme.parse().ok()).unwrap_or_default(),
                single_keys: self.single_keys.as_deref() != Some("off"),
            },
        })
    }
}

impl<'t> Users<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// Makes a user; `None` when the address is taken in this workspace.
    pub async fn create(
        &mut self,
        email: &Email,
        name: &PersonName,
        role: Role,
        password_hash: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<UserId>> {
        let id = sql!(
            self.tx,
            maybe(i64),
            "
            INSERT INTO users (tenant_id, email, first_name, last_name, role, password_hash, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id",
            email.as_str(),
            &name.first,
            name.last.as_deref(),
            role.as_str(),
            password_hash,
            at
        )?;
        Ok(id.map(UserId))
    }

    /// A user.
    pub async fn find(&mut self, id: UserId) -> Result<Option<User>> {
        let row = sql!(
            self.tx,
            opt(UserRow),
            "
            SELECT id AS user_id, email, first_name, last_name, role, locale AS user_locale, theme,
                single_keys
            FROM users WHERE tenant_id = $1 AND id = $2",
            id.0
        )?;
        row.map(UserRow::into_user).transpose()
    }

    /// The user with this address.
    pub async fn by_email(&mut self, email: &Email) -> Result<Option<User>> {
        let row = sql!(
            self.tx,
            opt(UserRow),
            "
            SELECT id AS user_id, email, first_name, last_name, role, locale AS user_locale, theme,
                single_keys
            FROM users WHERE tenant_id = $1 AND email = $2",
            email.as_str()
        )?;
        row.map(UserRow::into_user).transpose()
    }

    /// Sets the name and the preferences of a user.
    pub async fn update(&mut self, user: UserId, name: &PersonName, preferences: &Preferences) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE users SET first_name = $3, last_name = $4, locale = $5, theme = $6, single_keys = $7
            WHERE tenant_id = $1 AND id = $2",
            user.0,
            &name.first,
            name.last.as_deref(),
            preferences.locale.map(Locale::tag),
            preferences.theme.as_str(),
            (!preferences.single_keys).then_some("off")
        )?;
        Ok(())
    }

    /// The hash of a user's password.
    pub async fn password_hash(&mut self, user: UserId) -> Result<Option<String>> {
        let hash = sql!(
            self.tx,
            maybe(String),
            "SELECT password_hash FROM users WHERE tenant_id = $1 AND id = $2",
            user.0
        )?;
        Ok(hash)
    }

    /// Sets a password and ends all sessions of the user.
    pub async fn set_password(&mut self, user: UserId, password_hash: &str) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "UPDATE users SET password_hash = $3 WHERE tenant_id = $1 AND id = $2",
            user.0,
            password_hash
        )?;
        sql!(self.tx, exec, "DELETE FROM sessions WHERE tenant_id = $1 AND user_id = $2", user.0)?;
        Ok(())
    }

    /// Stores a session under its token's hash, and forgets the user's sessions that are over.
    pub async fn start_session(
        &mut self,
        user: UserId,
        token_hash: &[u8],
        at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            DELETE FROM sessions WHERE tenant_id = $1 AND user_id = $2 AND expires_at < $3",
            user.0,
            at
        )?;
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO sessions (tenant_id, token_hash, user_id, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5)",
            token_hash,
            user.0,
            at,
            expires_at
        )?;
        Ok(())
    }

    /// Ends a session.
    pub async fn end_session(&mut self, token_hash: &[u8]) -> Result<()> {
        sql!(self.tx, exec, "DELETE FROM sessions WHERE tenant_id = $1 AND token_hash = $2", token_hash)?;
        Ok(())
    }

    /// Stores an API token under its hash.
    pub async fn create_token(
        &mut self,
        user: UserId,
        name: &str,
        token_hash: &[u8],
        at: DateTime<Utc>,
    ) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO api_tokens (tenant_id, user_id, name, token_hash, created_at)
            VALUES ($1, $2, $3, $4, $5)",
            user.0,
            name,
            token_hash,
            at
        )?;
        Ok(())
    }
}
