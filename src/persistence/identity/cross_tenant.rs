//! Tenants, and the statements of sign-in: the tenant of a session, a token or an e-mail address is
//! not known yet.

use chrono::{DateTime, Utc};

use crate::persistence::{
    Credentials, CrossTenant, SealedFactor,
    engine::{FromRow, Row, Sql},
};
use crate::{
    domain::{
        Country, Email, Locale, NewTenant, PersonName, Role, Tenant, TenantId, TimeZone, TokenId,
        TwoFactorRule, User, UserId,
    },
    error::Result,
};

/// The user of a session or a token.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// The tenant of the user.
    pub tenant: Tenant,
    /// The user.
    pub user: User,
    /// The time when the session or the token ends; `None` for a token that does not end.
    pub expires_at: Option<DateTime<Utc>>,
    /// The time when the session or the token was last used, to the minute; `None` if it never was.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The users of the tenant who need a second factor.
    pub two_factor_rule: TwoFactorRule,
    /// The API token and its name; `None` for a session.
    pub token: Option<(TokenId, String)>,
}

/// The use of a tenant in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthUsage {
    /// The slug of the tenant.
    pub slug: String,
    /// The month, such as `2026-03`.
    pub month: String,
    /// The number of clients that were created.
    pub clients: i64,
    /// The number of messages in both directions.
    pub messages: i64,
    /// The bytes of the stored files of these messages.
    pub bytes: i64,
}

impl FromRow for MonthUsage {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            slug: row.get("slug")?,
            month: row.get("month")?,
            clients: row.get("clients")?,
            messages: row.get("messages")?,
            bytes: row.get::<Option<i64>>("bytes")?.unwrap_or(0),
        })
    }
}

/// The attempts to sign in that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// The number of attempts that have not succeeded.
    pub count: i64,
    /// The time of the first of them.
    pub since: DateTime<Utc>,
}

impl FromRow for Attempts {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { count: row.get("attempts")?, since: row.get("since")? })
    }
}

/// Preferences that this version does not know are replaced by the defaults; an invalid slug is an
/// internal error.
impl FromRow for Tenant {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("tenant_id")?,
            slug: row.get("slug")?,
            name: row.get("name")?,
            locale: row.get_or("locale", Locale::default())?,
            time_zone: row.get_or("time_zone", TimeZone::UTC)?,
            country: row.get_or("country", Country::UZ)?,
            suspended_at: row.get("suspended_at")?,
        })
    }
}

impl FromRow for SessionRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            tenant: FromRow::from_row(row)?,
            user: FromRow::from_row(row)?,
            expires_at: row.get("expires_at")?,
            last_used_at: row.get("last_used_at")?,
            two_factor_rule: TwoFactorRule::from_stored(
                row.get::<Option<String>>("two_factor_roles")?.as_deref(),
            ),
            token: row.get::<Option<TokenId>>("token_id")?.zip(row.get("token_name")?),
        })
    }
}

impl CrossTenant {
    /// Creates a tenant; returns `None` if its slug exists.
    pub async fn create_tenant(&mut self, new: &NewTenant, at: DateTime<Utc>) -> Result<Option<TenantId>> {
        let id: Option<TenantId> = self
            .query(
                "INSERT INTO tenants (slug, name, locale, time_zone, country, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id",
            )
            .bind(&new.slug)
            .bind(&new.name)
            .bind(new.locale)
            .bind(new.time_zone)
            .bind(new.country)
            .bind(at)
            .optional()
            .await?;
        if let Some(id) = id {
            self.query("INSERT INTO event_counters (tenant_id, last_id) VALUES ($1, 0)")
                .bind(id)
                .execute()
                .await?;
        }
        Ok(id)
    }

    /// Creates the first user of a tenant that this transaction has created.
    pub async fn create_user(
        &mut self,
        tenant: TenantId,
        email: &Email,
        name: &PersonName,
        role: Role,
        password_hash: &str,
        at: DateTime<Utc>,
    ) -> Result<()> {
        self.query(
            "INSERT INTO users (tenant_id, email, first_name, last_name, role, password_hash,
                 created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(tenant)
        .bind(email)
        .bind(&name.first)
        .bind(&name.last)
        .bind(role)
        .bind(password_hash)
        .bind(at)
        .execute()
        .await?;
        Ok(())
    }

    /// Lists all tenants by slug.
    pub async fn tenants(&mut self) -> Result<Vec<Tenant>> {
        self.query(
            "SELECT id AS tenant_id, slug, name, locale, time_zone, country, suspended_at FROM tenants
             ORDER BY slug",
        )
        .all()
        .await
    }

    /// Loads the tenant with this id.
    pub async fn tenant(&mut self, id: TenantId) -> Result<Tenant> {
        self.query(
            "SELECT id AS tenant_id, slug, name, locale, time_zone, country, suspended_at FROM tenants
             WHERE id = $1",
        )
        .bind(id)
        .one()
        .await
    }

    /// Finds the tenant with this slug.
    pub async fn tenant_by_slug(&mut self, slug: &str) -> Result<Option<Tenant>> {
        self.query(
            "SELECT id AS tenant_id, slug, name, locale, time_zone, country, suspended_at FROM tenants
             WHERE slug = $1",
        )
        .bind(slug)
        .optional()
        .await
    }

    /// Deletes a tenant without any rows.
    pub async fn delete_tenant(&mut self, id: TenantId) -> Result<()> {
        self.query("DELETE FROM tenants WHERE id = $1").bind(id).execute().await?;
        Ok(())
    }

    /// The numbers of new clients, messages and stored bytes of each tenant by month (of UTC), by slug and month.
    pub async fn usage(&mut self) -> Result<Vec<MonthUsage>> {
        // The engines format times differently.
        self.query(Sql::by_engine(
            "SELECT t.slug, u.month, SUM(u.clients) AS clients, SUM(u.messages) AS messages, SUM(u.bytes) AS bytes
             FROM (
                 SELECT tenant_id, substr(created_at, 1, 7) AS month, 1 AS clients, 0 AS messages, 0 AS bytes
                 FROM clients
                 UNION ALL SELECT tenant_id, substr(created_at, 1, 7), 0, 1, 0 FROM messages
                 UNION ALL SELECT a.tenant_id, substr(m.created_at, 1, 7), 0, 0, a.size
                 FROM attachments a JOIN messages m ON m.tenant_id = a.tenant_id AND m.id = a.message_id
                 WHERE a.file_key IS NOT NULL) u
             JOIN tenants t ON t.id = u.tenant_id GROUP BY t.slug, u.month ORDER BY t.slug, u.month",
            "SELECT t.slug, u.month, CAST(SUM(u.clients) AS BIGINT) AS clients,
                 CAST(SUM(u.messages) AS BIGINT) AS messages, CAST(SUM(u.bytes) AS BIGINT) AS bytes
             FROM (
                 SELECT tenant_id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, 1 AS clients,
                     0 AS messages, CAST(0 AS BIGINT) AS bytes
                 FROM clients
                 UNION ALL SELECT tenant_id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM'), 0, 1, 0 FROM messages
                 UNION ALL SELECT a.tenant_id, to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM'), 0, 0, a.size
                 FROM attachments a JOIN messages m ON m.tenant_id = a.tenant_id AND m.id = a.message_id
                 WHERE a.file_key IS NOT NULL) u
             JOIN tenants t ON t.id = u.tenant_id GROUP BY t.slug, u.month ORDER BY t.slug, u.month",
        ))
        .all()
        .await
    }

    /// Lists the enabled users with this address, at most one per tenant, with their password hashes.
    pub async fn credentials(&mut self, email: &Email) -> Result<Vec<Credentials>> {
        self.query(
            "SELECT u.tenant_id, t.slug AS tenant_slug, t.name AS tenant_name, u.id, u.email, u.password_hash,
                 t.suspended_at
             FROM users u JOIN tenants t ON t.id = u.tenant_id
             WHERE u.email = $1 AND u.disabled_at IS NULL AND u.kind = 'person' ORDER BY t.name, t.id",
        )
        .bind(email)
        .all()
        .await
    }

    /// Loads an enabled user with the hash of the password.
    pub async fn credentials_of(&mut self, tenant: TenantId, user: UserId) -> Result<Option<Credentials>> {
        self.query(
            "SELECT u.tenant_id, t.slug AS tenant_slug, t.name AS tenant_name, u.id, u.email, u.password_hash,
                 t.suspended_at
             FROM users u JOIN tenants t ON t.id = u.tenant_id
             WHERE u.tenant_id = $1 AND u.id = $2 AND u.disabled_at IS NULL AND u.kind = 'person'",
        )
        .bind(tenant)
        .bind(user)
        .optional()
        .await
    }

    /// Finds a session by the hash of its token.
    pub async fn session(&mut self, token_hash: &[u8]) -> Result<Option<SessionRow>> {
        self.query(
            "SELECT t.id AS tenant_id, t.slug, t.name, t.locale, t.time_zone, t.country, t.suspended_at, u.id AS
                 user_id, u.email,
                 u.first_name, u.last_name, u.role, u.role_id, r.name AS role_name,
                 r.permissions AS role_permissions, NULL AS token_permissions, u.locale AS user_locale, u.theme,
                 u.single_keys, s.expires_at, s.last_used_at, CAST(NULL AS BIGINT) AS token_id, NULL AS token_name,
                 t.two_factor_roles, f.confirmed_at AS two_factor_since
             FROM sessions s
             JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
             JOIN tenants t ON t.id = s.tenant_id
             LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.id = u.role_id
             LEFT JOIN second_factors f ON f.tenant_id = u.tenant_id AND f.user_id = u.id
             WHERE s.token_hash = $1 AND u.disabled_at IS NULL",
        )
        .bind(token_hash)
        .optional()
        .await
    }

    /// Finds the tenant of a link by the hash of its token.
    pub async fn tenant_of_access_link(&mut self, token_hash: &[u8]) -> Result<Option<Tenant>> {
        self.query(
            "SELECT t.id AS tenant_id, t.slug, t.name, t.locale, t.time_zone, t.country,
                 t.suspended_at
             FROM access_links l JOIN tenants t ON t.id = l.tenant_id WHERE l.token_hash = $1",
        )
        .bind(token_hash)
        .optional()
        .await
    }

    /// Finds an API token by its hash.
    pub async fn api_token(&mut self, token_hash: &[u8]) -> Result<Option<SessionRow>> {
        self.query(
            "SELECT t.id AS tenant_id, t.slug, t.name, t.locale, t.time_zone, t.country, t.suspended_at, u.id AS
                 user_id, u.email,
                 u.first_name, u.last_name, u.role, u.role_id, r.name AS role_name,
                 r.permissions AS role_permissions, a.permissions AS token_permissions, u.locale AS user_locale,
                 u.theme, u.single_keys, a.expires_at, a.last_used_at, a.id AS token_id, a.name AS token_name,
                 t.two_factor_roles, f.confirmed_at AS two_factor_since
             FROM api_tokens a
             JOIN users u ON u.tenant_id = a.tenant_id AND u.id = a.user_id
             JOIN tenants t ON t.id = a.tenant_id
             LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.id = u.role_id
             LEFT JOIN second_factors f ON f.tenant_id = u.tenant_id AND f.user_id = u.id
             WHERE a.token_hash = $1 AND u.disabled_at IS NULL",
        )
        .bind(token_hash)
        .optional()
        .await
    }

    /// Counts an attempt to sign in under a key. Attempts that began before `expired` are forgotten, and those that began
    /// later than now, because the clock was put back.
    pub async fn count_attempt(
        &mut self,
        key: &str,
        at: DateTime<Utc>,
        expired: DateTime<Utc>,
    ) -> Result<Attempts> {
        self.query(
            "INSERT INTO sign_in_attempts (counted_by, attempts, since) VALUES ($1, 1, $2)
             ON CONFLICT (counted_by) DO UPDATE SET
                 attempts = CASE WHEN sign_in_attempts.since > $3 AND sign_in_attempts.since <= $2
                     THEN sign_in_attempts.attempts + 1 ELSE 1 END,
                 since = CASE WHEN sign_in_attempts.since > $3 AND sign_in_attempts.since <= $2
                     THEN sign_in_attempts.since ELSE $2 END
             RETURNING attempts, since",
        )
        .bind(key)
        .bind(at)
        .bind(expired)
        .one()
        .await
    }

    /// Takes back an attempt that was counted under a key.
    pub async fn take_back_attempt(&mut self, key: &str) -> Result<()> {
        self.query(
            "UPDATE sign_in_attempts SET attempts = attempts - 1 WHERE counted_by = $1 AND attempts > 0",
        )
        .bind(key)
        .execute()
        .await?;
        Ok(())
    }

    /// Forgets the attempts that were counted under a key.
    pub async fn forget_attempts(&mut self, key: &str) -> Result<()> {
        self.query("DELETE FROM sign_in_attempts WHERE counted_by = $1").bind(key).execute().await?;
        Ok(())
    }

    /// Deletes the attempts that began before `expired`.
    pub async fn delete_expired_attempts(&mut self, expired: DateTime<Utc>) -> Result<()> {
        self.query("DELETE FROM sign_in_attempts WHERE since <= $1").bind(expired).execute().await?;
        Ok(())
    }

    /// Lists the sealed secrets of all authenticator apps.
    pub async fn sealed_factors(&mut self) -> Result<Vec<SealedFactor>> {
        self.query(
            "SELECT tenant_id, user_id, secret, confirmed_at FROM second_factors ORDER BY tenant_id, user_id",
        )
        .all()
        .await
    }

    /// Replaces a sealed secret by another seal of the same. Returns false if it was changed meanwhile.
    pub async fn replace_factor(&mut self, former: &SealedFactor, secret: &[u8]) -> Result<bool> {
        let replaced = self
            .query(
                "UPDATE second_factors SET secret = $4 WHERE tenant_id = $1 AND user_id = $2 AND secret = $3",
            )
            .bind(former.tenant)
            .bind(former.user)
            .bind(former.secret.clone())
            .bind(secret.to_vec())
            .execute()
            .await?;
        Ok(replaced > 0)
    }
}
