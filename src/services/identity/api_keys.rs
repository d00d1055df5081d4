//! API keys: tokens of users, and of service accounts, which belong to no person.

use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};

use crate::services::{
    Actor, Framed, IdentityService,
    identity::{
        service::{random_token, token_hash},
        team::require_all,
    },
};
use crate::{
    domain::{ApiToken, Changes, Event, OwnRole, Permission, PermissionSet, Problem, TokenId, UserRole},
    error::{AppError, Result},
    persistence::{NewToken, Page, PageRequest},
};

/// The lifetime of an API key, unless another one is chosen.
pub const TOKEN_LIFETIME: TimeDelta = TimeDelta::days(365);
/// The longest lifetime of an API key in days.
const TOKEN_DAYS_MAX: i64 = 3650;
/// The prefix of API keys, by which secret scanners recognise leaked ones.
const TOKEN_PREFIX: &str = "aloqa_";
/// The number of characters of a key that are stored, so that people recognise it.
const SHOWN: usize = 12;

/// A page of API keys.
#[derive(Debug, Clone)]
pub struct ApiKeys {
    /// The keys, the newest first.
    pub keys: Page<ApiToken>,
    /// The own roles of the tenant; `None` for those who can't make service accounts.
    pub roles: Option<Vec<OwnRole>>,
}

/// An API key to create.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// The purpose.
    pub name: String,
    /// The role of a service account; `None` for a key of the actor.
    pub service: Option<UserRole>,
    /// The permissions that the key is restricted to; `None` for all of its user.
    pub permissions: Option<PermissionSet>,
    /// The time after which the key ends.
    pub lifetime: TimeDelta,
}

impl NewApiKey {
    /// A key of the actor with all of the actor's permissions.
    pub fn own(name: &str, lifetime: TimeDelta) -> Self {
        Self { name: name.to_owned(), service: None, permissions: None, lifetime }
    }
}

/// A new API key with its text, which is shown once.
pub struct CreatedApiKey {
    /// The key as it is listed.
    pub key: ApiToken,
    /// The text, of which only a hash is stored.
    pub token: SecretString,
}

impl IdentityService {
    /// Lists the actor's API keys, and for those who manage users all of them.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "list_api_keys", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn api_keys(&self, actor: &Actor, request: PageRequest) -> Result<Framed<ApiKeys>> {
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let manages = actor.may(Permission::UserManage);
        let keys = tx.users().page_of_tokens((!manages).then_some(actor.user.id), request).await?;
        let roles = if manages { Some(tx.roles().all().await?) } else { None };
        Framed::new(ApiKeys { keys, roles }, &mut tx, actor).await
    }

    /// Creates an API key of the actor, or of a new service account with a role. A key gives no permission that the actor has
    /// not.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::Invalid`] for a lifetime that is not positive or longer than ten years.
    #[tracing::instrument(name = "create_api_key", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn create_api_key(&self, actor: &Actor, new: NewApiKey) -> Result<CreatedApiKey> {
        if new.lifetime <= TimeDelta::zero() || new.lifetime > TimeDelta::days(TOKEN_DAYS_MAX) {
            return Err(AppError::invalid("expires_in", Problem::OutOfRange { min: 1, max: TOKEN_DAYS_MAX }));
        }
        if let Some(permissions) = new.permissions {
            require_all(actor, permissions)?;
        }
        // A key with fewer permissions than its user creates none with more.
        let own = actor.user.role.permissions();
        let restricted = (actor.user.permissions != own).then_some(actor.user.permissions);
        let permissions = new.permissions.or(restricted);
        let token = SecretString::from(format!("{TOKEN_PREFIX}{}", random_token().expose_secret()));
        let prefix: String = token.expose_secret().chars().take(SHOWN).collect();
        let now = self.deps.clock.now();
        let expires_at = now + new.lifetime;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let (user, role) = match &new.service {
            None => (actor.user.id, actor.user.role.clone()),
            Some(role) => {
                actor.require(Permission::UserManage)?;
                require_all(actor, role.permissions())?;
                (tx.users_mut().create_service(&new.name, role, now).await?, role.clone())
            }
        };
        let hash = token_hash(token.expose_secret());
        let stored = NewToken {
            name: &new.name,
            hash: &hash,
            prefix: &prefix,
            permissions,
            created_at: now,
            expires_at,
        };
        let id = tx.users_mut().create_token(user, &stored).await?;
        let granted = permissions.map(PermissionSet::to_text);
        let values = Changes::default()
            .added("role", role.as_str())
            .field("permissions", None, granted.as_deref())
            .added("expires_at", &expires_at.to_rfc3339());
        let created = Event::TokenCreated { user_id: user, token_id: id }.about(&new.name);
        tx.record(created.with(values), actor.author(), now);
        tx.commit().await?;
        let key = ApiToken {
            id,
            name: new.name,
            user,
            email: new.service.is_none().then(|| actor.user.email.clone()),
            role,
            permissions,
            prefix: Some(prefix),
            created_at: now,
            expires_at: Some(expires_at),
            last_used_at: None,
        };
        Ok(CreatedApiKey { key, token })
    }

    /// Revokes an API key, and disables the service account that it belongs to. Others' keys need `User.Manage`.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    #[tracing::instrument(name = "revoke_api_key", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn revoke_api_key(&self, actor: &Actor, id: TokenId) -> Result<()> {
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let key = tx.users().token(id).await?.ok_or(AppError::NotFound)?;
        if key.user != actor.user.id && !actor.may(Permission::UserManage) {
            return Err(AppError::NotFound);
        }
        tx.users_mut().revoke_token(id).await?;
        if key.email.is_none() {
            tx.users_mut().disable(key.user, now).await?;
        }
        tx.record(Event::TokenRevoked { token_id: id }.about(key.name), actor.author(), now);
        tx.commit().await
    }
}
