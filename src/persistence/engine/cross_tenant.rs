//! What is found across tenants, through the operator's door.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::persistence::{
    CrossTenantTx, LeasedDelivery, LeasedFetch, SealedChannel,
    channels::repository::ChannelRow,
    clients::imports::{LeasedImport, LeasedImportRow},
    delivery::{attachments::FetchRow, deliveries::LeasedDeliveryRow},
    identity::users::{Credentials, CredentialsRow, UserRow},
};
use crate::{
    domain::{
        AttachmentId, ClientId, Country, Email, NewTenant, PersonName, Role, Tenant, TenantId, TimeZone, User,
    },
    error::{AppError, Result},
};

/// Lookups and commands that can't know their tenant beforehand.
pub struct CrossTenant<'t> {
    pub(in crate::persistence) tx: &'t mut CrossTenantTx,
}

/// Who a session or a token belongs to.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// The workspace.
    pub tenant: Tenant,
    /// The user.
    pub user: User,
    /// When it ends; tokens do not.
    pub expires_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct TenantRow {
    id: i64,
    slug: String,
    name: String,
    locale: String,
    time_zone: String,
    country: String,
}

#[derive(FromRow)]
struct HolderRow {
    #[sqlx(flatten)]
    tenant: TenantRow,
    #[sqlx(flatten)]
    user: UserRow,
    expires_at: Option<DateTime<Utc>>,
}

impl TenantRow {
    /// Customs that this version does not know fall back to the defaults; a slug that is none is a mistake of ours.
    fn into_tenant(self) -> Result<Tenant> {
        let slug = self
            .slug
            .parse()
            .map_err(|_| AppError::internal(format!("tenant {} has a bad slug", self.id)))?;
        Ok(Tenant {
            id: TenantId(self.id),
            slug,
            name: self.name,
            locale: self.locale.parse().unwrap_or_default(),
            time_zone: self.time_zone.parse().unwrap_or(TimeZone::UTC),
            country: self.country.parse().unwrap_or(Country::UZ),
        })
    }
}

impl HolderRow {
    fn into_session(self) -> Result<SessionRow> {
        Ok(SessionRow {
            tenant: self.tenant.into_tenant()?,
            user: self.user.into_user()?,
            expires_at: self.expires_at,
        })
    }
}

impl<'t> CrossTenant<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut CrossTenantTx) -> Self {
        Self { tx }
    }

    /// Makes a workspace; `None` when its slug is taken.
    pub async fn create_tenant(&mut self, new: &NewTenant, at: DateTime<Utc>) -> Result<Option<TenantId>> {
        let id = sql!(cross_tenant self.tx, maybe(i64), "
            INSERT INTO tenants (slug, name, locale, time_zone, country, created_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id",
            new.slug.as_str(), &new.name, new.locale.tag(), new.time_zone.name(), new.country.code(), at)?;
        if let Some(id) = id {
            sql!(cross_tenant self.tx, exec, "INSERT INTO event_counters (tenant_id, last_id) VALUES ($1, 0)", id)?;
        }
        Ok(id.map(TenantId))
    }

    /// Makes the first user of a workspace that this transaction made.
    pub async fn create_user(
        &mut self,
        tenant: TenantId,
        email: &Email,
        name: &PersonName,
        role: Role,
        password_hash: &str,
        at: DateTime<Utc>,
    ) -> Result<()> {
        sql!(cross_tenant self.tx, exec, "
            INSERT INTO users (tenant_id, email, first_name, last_name, role, password_hash, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)",
            tenant.0, email.as_str(), &name.first, name.last.as_deref(), role.as_str(), password_hash, at)?;
        Ok(())
    }

    /// All workspaces, by slug.
    pub async fn tenants(&mut self) -> Result<Vec<Tenant>> {
        let rows = sql!(cross_tenant self.tx, all(TenantRow), "
            SELECT id, slug, name, locale, time_zone, country FROM tenants ORDER BY slug")?;
        rows.into_iter().map(TenantRow::into_tenant).collect()
    }

    /// The workspaces that have clients or messages which are not in the full-text tables yet.
    pub async fn unindexed_tenants(&mut self) -> Result<Vec<TenantId>> {
        let rows = sql!(cross_tenant self.tx, all((i64,)), "
            SELECT id FROM tenants WHERE client_backlog > 0 OR message_backlog > 0 ORDER BY id")?;
        Ok(rows.into_iter().map(|(id,)| TenantId(id)).collect())
    }

    /// Notes that nothing of any workspace is in the full-text tables, as after its rows were copied here.
    pub async fn mark_all_unindexed(&mut self) -> Result<()> {
        sql!(cross_tenant self.tx, exec, "
            UPDATE tenants SET
                client_backlog = COALESCE((SELECT MAX(c.id) FROM clients c WHERE c.tenant_id = tenants.id), 0),
                message_backlog = COALESCE((SELECT MAX(m.id) FROM messages m WHERE m.tenant_id = tenants.id), 0)")?;
        Ok(())
    }

    /// The workspace of this id.
    pub async fn tenant(&mut self, id: TenantId) -> Result<Tenant> {
        sql!(cross_tenant self.tx, one(TenantRow), "
            SELECT id, slug, name, locale, time_zone, country FROM tenants WHERE id = $1", id.0)?
        .into_tenant()
    }

    /// The workspace with this slug.
    pub async fn tenant_by_slug(&mut self, slug: &str) -> Result<Option<Tenant>> {
        let row = sql!(cross_tenant self.tx, opt(TenantRow), "
            SELECT id, slug, name, locale, time_zone, country FROM tenants WHERE slug = $1", slug)?;
        row.map(TenantRow::into_tenant).transpose()
    }

    /// The users with this address, one per workspace, with what proves them.
    pub async fn credentials(&mut self, email: &Email) -> Result<Vec<Credentials>> {
        let rows = sql!(cross_tenant self.tx, all(CredentialsRow), "
            SELECT u.tenant_id, t.slug AS tenant_slug, t.name AS tenant_name, u.id, u.password_hash
            FROM users u JOIN tenants t ON t.id = u.tenant_id
            WHERE u.email = $1 ORDER BY t.name, t.id", email.as_str())?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Whose session this is, by its token's hash.
    pub async fn session(&mut self, token_hash: &[u8]) -> Result<Option<SessionRow>> {
        let row = sql!(cross_tenant self.tx, opt(HolderRow), "
            SELECT t.id, t.slug, t.name, t.locale, t.time_zone, t.country, u.id AS user_id, u.email,
                u.first_name, u.last_name, u.role, u.locale AS user_locale, u.theme, u.single_keys,
                s.expires_at
            FROM sessions s
            JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
            JOIN tenants t ON t.id = s.tenant_id
            WHERE s.token_hash = $1", token_hash)?;
        row.map(HolderRow::into_session).transpose()
    }

    /// Whose API token this is, by its hash.
    pub async fn api_token(&mut self, token_hash: &[u8]) -> Result<Option<SessionRow>> {
        let row = sql!(cross_tenant self.tx, opt(HolderRow), "
            SELECT t.id, t.slug, t.name, t.locale, t.time_zone, t.country, u.id AS user_id, u.email,
                u.first_name, u.last_name, u.role, u.locale AS user_locale, u.theme, u.single_keys,
                NULL AS expires_at
            FROM api_tokens a
            JOIN users u ON u.tenant_id = a.tenant_id AND u.id = a.user_id
            JOIN tenants t ON t.id = a.tenant_id
            WHERE a.token_hash = $1", token_hash)?;
        row.map(HolderRow::into_session).transpose()
    }

    /// All channels of a Twilio account; several workspaces may share one account.
    pub async fn channels_of_account(&mut self, account_sid: &str) -> Result<Vec<SealedChannel>> {
        let rows = sql!(cross_tenant self.tx, all(ChannelRow), "
            SELECT tenant_id, id, provider, account_sid, secret, sms_number, whatsapp_number,
                messaging_service_sid, username, webhook_secret, created_at, disabled_at, previous_secret,
                previous_until, last_webhook_at, last_error_at, last_error_code, last_error_detail, failing
            FROM channels WHERE account_sid = $1 AND removed_at IS NULL ORDER BY created_at, id", account_sid)?;
        rows.into_iter().map(ChannelRow::into_channel).collect()
    }

    /// The channel whose webhooks carry the token of this hash.
    pub async fn channel_of_webhook(&mut self, hash: &[u8]) -> Result<Option<SealedChannel>> {
        let row = sql!(cross_tenant self.tx, opt(ChannelRow), "
            SELECT tenant_id, id, provider, account_sid, secret, sms_number, whatsapp_number,
                messaging_service_sid, username, webhook_secret, created_at, disabled_at, previous_secret,
                previous_until, last_webhook_at, last_error_at, last_error_code, last_error_detail, failing
            FROM channels WHERE webhook_hash = $1 AND removed_at IS NULL", hash)?;
        row.map(ChannelRow::into_channel).transpose()
    }

    /// Takes up to `limit` files that are to be fetched now; no one else gets them before `until`.
    pub async fn lease_fetches(
        &mut self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<LeasedFetch>> {
        // SKIP LOCKED lets several workers claim side by side, and is a syntax error on SQLite, which has one writer.
        let rows = sql!(cross_tenant self.tx, all(FetchRow), {
            sqlite: "
                UPDATE media_fetches SET due_at = $2, attempts = attempts + 1
                WHERE rowid IN (SELECT rowid FROM media_fetches WHERE due_at <= $1 ORDER BY due_at LIMIT $3)
                RETURNING tenant_id, attachment_id, attempts",
            postgres: "
                UPDATE media_fetches f SET due_at = $2, attempts = attempts + 1
                FROM (
                    SELECT tenant_id, attachment_id FROM media_fetches WHERE due_at <= $1
                    ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED) due
                WHERE f.tenant_id = due.tenant_id AND f.attachment_id = due.attachment_id
                RETURNING f.tenant_id, f.attachment_id, f.attempts"
        }, now, until, limit)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// When the next file is to be fetched.
    pub async fn next_fetch_due_at(&mut self) -> Result<Option<DateTime<Utc>>> {
        Ok(sql!(cross_tenant self.tx, maybe(DateTime<Utc>), "
            SELECT due_at FROM media_fetches ORDER BY due_at LIMIT 1")?)
    }

    /// Whose file this is, for a link that is signed.
    pub async fn tenant_of_attachment(&mut self, id: AttachmentId) -> Result<Option<TenantId>> {
        let id =
            sql!(cross_tenant self.tx, maybe(i64), "SELECT tenant_id FROM attachments WHERE id = $1", id.0)?;
        Ok(id.map(TenantId))
    }

    /// Contents that no row names any more.
    pub async fn discarded_files(&mut self, limit: i64) -> Result<Vec<(TenantId, String)>> {
        let rows = sql!(cross_tenant self.tx, all((i64, String)), "
            SELECT tenant_id, file_key FROM discarded_files LIMIT $1", limit)?;
        Ok(rows.into_iter().map(|(tenant, key)| (TenantId(tenant), key)).collect())
    }

    /// Deliveries whose lease ran out: their worker died, perhaps in the middle of a call.
    pub async fn expired_deliveries(
        &mut self,
        now: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<LeasedDelivery>> {
        let rows = sql!(cross_tenant self.tx, all(LeasedDeliveryRow), "
            SELECT tenant_id, message_id, channel_id, recipient, attempts, created_at
            FROM deliveries WHERE leased_until < $1 ORDER BY due_at LIMIT $2", now, limit)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Clients whose likenesses are to be worked out again.
    pub async fn clients_to_match(&mut self, limit: i64) -> Result<Vec<(TenantId, ClientId)>> {
        let rows = sql!(cross_tenant self.tx, all((i64, i64)), "
            SELECT tenant_id, id FROM clients WHERE matched = 0 ORDER BY tenant_id, id LIMIT $1", limit)?;
        Ok(rows.into_iter().map(|(tenant, id)| (TenantId(tenant), ClientId(id))).collect())
    }

    /// The tenants with merges from before a time.
    pub async fn tenants_with_merges(&mut self, before: DateTime<Utc>) -> Result<Vec<TenantId>> {
        let rows = sql!(cross_tenant self.tx, all((i64,)), "
            SELECT DISTINCT tenant_id FROM merges WHERE created_at < $1", before)?;
        Ok(rows.into_iter().map(|(tenant,)| TenantId(tenant)).collect())
    }

    /// Whether an import waits for someone to go on with it.
    pub async fn has_waiting_import(&mut self, now: DateTime<Utc>) -> Result<bool> {
        let found = sql!(cross_tenant self.tx, maybe(i64), "
            SELECT id FROM imports WHERE state IN ('checking', 'running', 'cancelling', 'failing')
                AND (leased_until IS NULL OR leased_until < $1) LIMIT 1", now)?;
        Ok(found.is_some())
    }

    /// Takes an import that waits for someone and leases it until `until`.
    pub async fn lease_import(
        &mut self,
        lease: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<LeasedImport>> {
        // As with deliveries: SKIP LOCKED is a syntax error on SQLite, which has one writer.
        let row = sql!(cross_tenant self.tx, opt(LeasedImportRow), {
            sqlite: "
                UPDATE imports SET lease = $1, leased_until = $3
                WHERE id = (
                    SELECT id FROM imports WHERE state IN ('checking', 'running', 'cancelling', 'failing')
                        AND (leased_until IS NULL OR leased_until < $2)
                    ORDER BY id LIMIT 1)
                RETURNING tenant_id, id",
            postgres: "
                UPDATE imports i SET lease = $1, leased_until = $3
                FROM (
                    SELECT tenant_id, id FROM imports WHERE state IN ('checking', 'running', 'cancelling', 'failing')
                        AND (leased_until IS NULL OR leased_until < $2)
                    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) waiting
                WHERE i.tenant_id = waiting.tenant_id AND i.id = waiting.id
                RETURNING i.tenant_id, i.id"
        }, lease, now, until)?;
        Ok(row.map(Into::into))
    }

    /// Imports whose file is older than that, and not being read.
    pub async fn imports_with_files(
        &mut self,
        before: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<LeasedImport>> {
        let rows = sql!(cross_tenant self.tx, all(LeasedImportRow), "
            SELECT tenant_id, id FROM imports
            WHERE created_at < $1 AND file_key IS NOT NULL
                AND state NOT IN ('checking', 'running', 'cancelling', 'failing')
            ORDER BY created_at LIMIT $2", before, limit)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// When the next delivery that nobody holds is due.
    pub async fn next_delivery_due_at(&mut self) -> Result<Option<DateTime<Utc>>> {
        Ok(sql!(cross_tenant self.tx, maybe(DateTime<Utc>), "
            SELECT due_at FROM deliveries WHERE leased_until IS NULL ORDER BY due_at LIMIT 1")?)
    }
}
