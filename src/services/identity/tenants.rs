//! Tenants and their users, for the operator's commands.

use std::sync::Arc;

use secrecy::SecretString;

use crate::services::{Actor, Dependencies, identity::service::password_hash};
use crate::{
    domain::{Email, NewTenant, PersonName, Problem, Role, Tenant, TenantId, UserId},
    error::{AppError, Result},
};

/// The use cases of the operator's commands.
#[derive(Clone)]
pub struct TenantService {
    deps: Arc<Dependencies>,
}

impl TenantService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Creates a tenant with its first administrator.
    ///
    /// # Errors
    /// [`AppError::Conflict`] if the slug exists; [`AppError::Invalid`] for a password that is too
    /// short.
    #[tracing::instrument(name = "create_tenant", skip_all, fields(slug = %new.slug))]
    pub async fn create(
        &self,
        new: &NewTenant,
        admin: &Email,
        name: &PersonName,
        password: SecretString,
    ) -> Result<TenantId> {
        let password_hash = password_hash(password).await?;
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

    /// Creates a user.
    ///
    /// # Errors
    /// [`AppError::Conflict`] if a user of the tenant has the address; [`AppError::Invalid`] for a
    /// password that is too short.
    #[tracing::instrument(name = "create_user", skip_all)]
    pub async fn create_user(
        &self,
        tenant: TenantId,
        email: &Email,
        name: &PersonName,
        role: Role,
        password: SecretString,
    ) -> Result<UserId> {
        let password_hash = password_hash(password).await?;
        let mut tx = self.deps.database.begin(tenant).await?;
        let created = tx.users_mut().create(email, name, role, &password_hash, self.deps.clock.now()).await?;
        let id = created.ok_or(AppError::value_taken("email", None))?;
        tx.commit().await?;
        Ok(id)
    }

    /// Sets a user's password and ends the user's sessions.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the user does not exist or the password is too short.
    #[tracing::instrument(name = "reset_password", skip_all)]
    pub async fn reset_password(
        &self,
        tenant: TenantId,
        email: &Email,
        password: SecretString,
    ) -> Result<()> {
        let password_hash = password_hash(password).await?;
        let mut tx = self.deps.database.begin(tenant).await?;
        let user =
            tx.users().by_email(email).await?.ok_or_else(|| AppError::invalid("email", Problem::NotFound))?;
        tx.users_mut().set_password(user.id, &password_hash).await?;
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
        Ok(Actor { tenant, user })
    }
}
