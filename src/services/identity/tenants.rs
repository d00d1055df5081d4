//! Tenants and their users, for the operator's commands.

use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use crate::services::{
    Actor, Dependencies,
    identity::{
        password_hash::hash_new_password,
        service::{own_words, random_token, token_hash},
        team::RESET_LIFETIME,
        two_factor::remove_factor,
    },
};
use crate::{
    domain::{
        ApiToken, Author, Changes, Email, Event, LinkPurpose, NewTenant, Origin, PersonName, Problem, Role,
        Tenant, TenantId, TokenId, UserAccount, UserId, UserRole,
    },
    error::{AppError, Result},
    persistence::UnitOfWork,
};

/// The use cases of the operator's commands.
#[derive(Clone)]
pub struct TenantService {
    pub(super) deps: Arc<Dependencies>,
}

impl TenantService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Creates a tenant with its first administrator.
    ///
    /// # Errors
    /// [`AppError::Conflict`] if the slug exists; [`AppError::Invalid`] for a password that is too
    /// short or too common.
    #[tracing::instrument(name = "create_tenant", skip_all, fields(slug = %new.slug))]
    pub async fn create(
        &self,
        new: &NewTenant,
        admin: &Email,
        name: &PersonName,
        password: SecretString,
    ) -> Result<TenantId> {
        let password_hash = hash_new_password(password, &own_words(admin, new.slug.as_str())).await?;
        let mut cross_tenant = self.deps.database.begin_cross_tenant().await?;
        let now = self.deps.clock.now();
        let tenant =
            cross_tenant.create_tenant(new, now).await?.ok_or(AppError::value_taken("slug", None))?;
        cross_tenant.create_user(tenant, admin, name, Role::Administrator, &password_hash, now).await?;
        cross_tenant.commit().await?;
        Ok(tenant)
    }

    /// Lists all tenants.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "list_tenants", skip_all)]
    pub async fn list(&self) -> Result<Vec<Tenant>> {
        self.deps.database.read_cross_tenant().await?.tenants().await
    }

    /// Finds the tenant with this slug.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if there is none.
    #[tracing::instrument(name = "find_tenant", skip_all)]
    pub async fn by_slug(&self, slug: &str) -> Result<Tenant> {
        let found = self.deps.database.read_cross_tenant().await?.tenant_by_slug(slug).await?;
        found.ok_or_else(|| AppError::invalid("tenant", Problem::NotFound))
    }

    /// The slug of a tenant.
    async fn slug(&self, tenant: TenantId) -> Result<String> {
        Ok(self.deps.database.read_cross_tenant().await?.tenant(tenant).await?.slug.to_string())
    }

    /// Creates a user.
    ///
    /// # Errors
    /// [`AppError::Conflict`] if a user of the tenant has the address; [`AppError::Invalid`] for a
    /// password that is too short or too common.
    #[tracing::instrument(name = "create_user", skip_all)]
    pub async fn create_user(
        &self,
        tenant: TenantId,
        email: &Email,
        name: &PersonName,
        role: Role,
        password: SecretString,
    ) -> Result<UserId> {
        let slug = self.slug(tenant).await?;
        let password_hash = hash_new_password(password, &own_words(email, &slug)).await?;
        let mut tx = self.deps.database.begin(tenant).await?;
        let created = tx
            .users_mut()
            .create(email, name, &UserRole::BuiltIn(role), &password_hash, self.deps.clock.now())
            .await?;
        let id = created.ok_or(AppError::value_taken("email", None))?;
        let values = Changes::default().added("email", email.as_str()).added("role", role.as_str());
        let created = Event::UserCreated { user_id: id }.about(email.as_str());
        tx.record(created.with(values), Author::operator(), self.deps.clock.now());
        tx.commit().await?;
        Ok(id)
    }

    /// Sets a user's password and ends the user's sessions and API tokens.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the user does not exist or the password is too short or too common.
    #[tracing::instrument(name = "reset_password", skip_all)]
    pub async fn reset_password(
        &self,
        tenant: TenantId,
        email: &Email,
        password: SecretString,
    ) -> Result<()> {
        let slug = self.slug(tenant).await?;
        let password_hash = hash_new_password(password, &own_words(email, &slug)).await?;
        let mut tx = self.deps.database.begin(tenant).await?;
        let user = existing(&mut tx, email).await?;
        tx.users_mut().set_password(user, &password_hash).await?;
        let reset = Event::PasswordReset { user_id: user }.about(email.as_str());
        tx.record(reset, Author::operator(), self.deps.clock.now());
        tx.commit().await
    }

    /// Lists the users of a tenant by their addresses.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "list_users", skip_all)]
    pub async fn users(&self, tenant: TenantId) -> Result<Vec<UserAccount>> {
        self.deps.database.read(tenant).await?.users().accounts().await
    }

    /// Disables a user, which ends the user's sessions, live streams and API tokens.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the user does not exist or is the last enabled administrator.
    #[tracing::instrument(name = "disable_user", skip_all)]
    pub async fn disable_user(&self, tenant: TenantId, email: &Email) -> Result<()> {
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(tenant).await?;
        let user = existing(&mut tx, email).await?;
        if !tx.users_mut().disable(user, now).await? {
            return Err(AppError::invalid("email", Problem::LastAdministrator));
        }
        let values = Changes::default().field("disabled", Some("false"), Some("true"));
        let disabled = Event::UserDisabled { user_id: user }.about(email.as_str());
        tx.record(disabled.with(values), Author::operator(), now);
        tx.commit().await
    }

    /// Enables a disabled user, who can sign in again.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the user does not exist.
    #[tracing::instrument(name = "enable_user", skip_all)]
    pub async fn enable_user(&self, tenant: TenantId, email: &Email) -> Result<()> {
        let mut tx = self.deps.database.begin(tenant).await?;
        let user = existing(&mut tx, email).await?;
        tx.users_mut().enable(user).await?;
        let values = Changes::default().field("disabled", Some("true"), Some("false"));
        let enabled = Event::UserEnabled { user_id: user }.about(email.as_str());
        tx.record(enabled.with(values), Author::operator(), self.deps.clock.now());
        tx.commit().await
    }

    /// Sets a user's role, which applies to open sessions and live streams at once.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the user does not exist, or is the last enabled administrator and would no longer be one.
    #[tracing::instrument(name = "set_role", skip_all)]
    pub async fn set_role(&self, tenant: TenantId, email: &Email, role: Role) -> Result<()> {
        let mut tx = self.deps.database.begin(tenant).await?;
        let found = tx.users().by_email(email).await?;
        let before = found.ok_or_else(|| AppError::invalid("email", Problem::NotFound))?;
        let user = before.id;
        if !tx.users_mut().set_role(user, &UserRole::BuiltIn(role)).await? {
            return Err(AppError::invalid("role", Problem::LastAdministrator));
        }
        let changed = Event::UserRoleChanged { user_id: user, role: role.as_str().to_owned() };
        let values = Changes::default().field("role", Some(before.role.as_str()), Some(role.as_str()));
        let changed = changed.about(email.as_str()).with(values);
        tx.record(changed, Author::operator(), self.deps.clock.now());
        tx.commit().await
    }

    /// Creates a link by which a user sets a new password; returns its token.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the user does not exist.
    #[tracing::instrument(name = "create_reset_link", skip_all)]
    pub async fn reset_link(&self, tenant: TenantId, email: &Email) -> Result<SecretString> {
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(tenant).await?;
        let user = existing(&mut tx, email).await?;
        let token = random_token();
        let hash = token_hash(token.expose_secret());
        tx.access_links_mut()
            .create(email, &LinkPurpose::Reset(user), &hash, now, now + RESET_LIFETIME)
            .await?;
        let created = Event::PasswordLinkCreated { user_id: user }.about(email.as_str());
        tx.record(created, Author::operator(), now);
        tx.commit().await?;
        Ok(token)
    }

    /// Removes the second factor of a user, and ends the user's sessions.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the user does not exist; [`AppError::NotFound`] without a second factor.
    #[tracing::instrument(name = "reset_two_factor", skip_all)]
    pub async fn reset_two_factor(&self, tenant: TenantId, email: &Email) -> Result<()> {
        let mut tx = self.deps.database.begin(tenant).await?;
        let user = existing(&mut tx, email).await?;
        remove_factor(&mut tx, (user, email), Author::operator(), self.deps.clock.now()).await?;
        tx.commit().await
    }

    /// Lists the API tokens of all users of a tenant, the oldest first.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "list_tokens", skip_all)]
    pub async fn tokens(&self, tenant: TenantId) -> Result<Vec<ApiToken>> {
        self.deps.database.read(tenant).await?.users().tokens().await
    }

    /// Revokes an API token, whose live streams end.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the token does not exist.
    #[tracing::instrument(name = "revoke_token", skip_all)]
    pub async fn revoke_token(&self, tenant: TenantId, token: TokenId) -> Result<()> {
        let mut tx = self.deps.database.begin(tenant).await?;
        let unknown = || AppError::invalid("id", Problem::NotFound);
        let key = tx.users().token(token).await?.ok_or_else(unknown)?;
        if !tx.users_mut().revoke_token(token).await? {
            return Err(unknown());
        }
        let revoked = Event::TokenRevoked { token_id: token }.about(key.name);
        tx.record(revoked, Author::operator(), self.deps.clock.now());
        tx.commit().await
    }

    /// Creates an actor for a user of the tenant.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the user does not exist.
    #[tracing::instrument(name = "act_as", skip_all)]
    pub async fn actor(&self, tenant: Tenant, email: &Email) -> Result<Actor> {
        let mut tx = self.deps.database.read(tenant.id).await?;
        let user =
            tx.users().by_email(email).await?.ok_or_else(|| AppError::invalid("user", Problem::NotFound))?;
        let origin = Origin { is_operator: true, ..Origin::default() };
        Ok(Actor { tenant, user, needs_second_factor: false, origin })
    }
}

/// Finds the user with this address.
async fn existing(tx: &mut UnitOfWork, email: &Email) -> Result<UserId> {
    let user =
        tx.users().by_email(email).await?.ok_or_else(|| AppError::invalid("email", Problem::NotFound))?;
    Ok(user.id)
}
