//! Signing in and out, and authentication by session cookies and bearer tokens.

use std::{net::IpAddr, sync::Arc, time::Instant};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::services::{
    Actor, Dependencies,
    identity::{
        login_limit::LoginLimit,
        password_hash::{VerificationLine, hash_new_password, verify_password},
        request_limit::{RequestLimit, RequestQuota},
    },
};
use crate::{
    domain::{
        Changes, Email, Event, Locale, MAX_PASSWORD_BYTES, Origin, PeerNetwork, Permission, PersonName,
        Preferences, Problem, SessionId, TenantId, User, UserId,
    },
    error::{AppError, Result},
    persistence::{Device, SessionRow, TokenHash, session_id},
};

/// The lifetime of a session.
pub const SESSION_LIFETIME: TimeDelta = TimeDelta::days(14);
/// The precision of the time at which a session or a token was last used: it is stored at most once in this time.
const USE_INTERVAL: TimeDelta = TimeDelta::minutes(1);

/// The use cases of authentication.
#[derive(Clone)]
pub struct IdentityService {
    pub(super) deps: Arc<Dependencies>,
    pub(super) limit: LoginLimit,
    pub(super) line: VerificationLine,
    requests: RequestLimit<TokenHash>,
    requests_of_address: RequestLimit<PeerNetwork>,
    /// The refusals that were recorded: one in a minute for each user and permission.
    refusals: RequestLimit<(UserId, Permission)>,
}

impl IdentityService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        let requests = RequestLimit::new("token", deps.token_requests_per_minute);
        let requests_of_address = RequestLimit::new("address", deps.address_requests_per_minute);
        let limit = LoginLimit::new(deps.database.clone());
        let refusals = RequestLimit::new("refusals", 1);
        Self { deps, limit, line: VerificationLine::default(), requests, requests_of_address, refusals }
    }

    /// Returns the user of a session cookie; `None` for an unknown or expired session.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn authenticate_session(&self, token: &str) -> Result<Option<Actor>> {
        let hash = token_hash(token);
        let row = self.deps.database.read_cross_tenant().await?.session(&hash).await?;
        let now = self.deps.clock.now();
        let Some(row) = row.filter(|row| row.expires_at.is_some_and(|end| now < end)) else {
            return Ok(None);
        };
        if row.tenant.suspended_at.is_some() {
            return Ok(None);
        }
        if row.last_used_at.is_none_or(|last| last + USE_INTERVAL <= now) {
            self.record_use(Used::Session(hash), row.tenant.id, now);
        }
        Ok(Some(actor(row, Some(session_id(&hash)))))
    }

    /// Returns the user of a bearer token; `None` for an unknown or expired one.
    ///
    /// # Errors
    /// [`AppError::Suspended`] for a token of a suspended workspace.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn authenticate_bearer(&self, token: &str) -> Result<Option<Actor>> {
        let hash = token_hash(token);
        let row = self.deps.database.read_cross_tenant().await?.api_token(&hash).await?;
        let now = self.deps.clock.now();
        let Some(row) = row.filter(|row| row.expires_at.is_none_or(|end| now < end)) else { return Ok(None) };
        if row.tenant.suspended_at.is_some() {
            return Err(AppError::Suspended);
        }
        if row.last_used_at.is_none_or(|last| last + USE_INTERVAL <= now) {
            self.record_use(Used::Token(hash), row.tenant.id, now);
        }
        Ok(Some(actor(row, None)))
    }

    /// Counts a request with a valid API token, and returns what is left of the token's quota.
    pub fn count_request(&self, token: &str) -> RequestQuota {
        self.requests.count(token_hash(token), Instant::now())
    }

    /// Counts a request from an address, and returns what is left of its quota.
    pub fn count_request_of_address(&self, address: IpAddr) -> RequestQuota {
        self.requests_of_address.count(address.into(), Instant::now())
    }

    /// Records that a user was refused something for want of a permission. Repetitions within a minute are not recorded, so
    /// that nobody fills the audit log with them.
    pub async fn record_refused_access(&self, actor: &Actor, permission: Permission) {
        let user = actor.user.id;
        if self.refusals.count((user, permission), Instant::now()).is_exceeded {
            return;
        }
        let refused = Event::AccessRefused { user_id: user, permission: permission.as_str().to_owned() };
        let values = Changes::default().added("permission", permission.as_str());
        let refused = refused.about(actor.user.email.as_str()).with(values);
        let recorded = async {
            let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
            tx.record(refused, actor.author(), self.deps.clock.now());
            tx.commit().await
        };
        let recorded: Result<()> = recorded.await;
        if let Err(error) = recorded {
            tracing::error!(%error, "a refused access could not be recorded");
        }
    }

    /// Stores when a session or a token was used, beside the request, which does not wait for it.
    fn record_use(&self, used: Used, tenant: TenantId, at: DateTime<Utc>) {
        let deps = self.deps.clone();
        tokio::spawn(async move {
            let recorded = async {
                let mut tx = deps.database.begin(tenant).await?;
                match used {
                    Used::Session(token) => tx.users_mut().record_session_use(&token, at).await?,
                    Used::Token(token) => tx.users_mut().record_token_use(&token, at).await?,
                }
                tx.commit().await
            };
            let recorded: Result<()> = recorded.await;
            if let Err(error) = recorded {
                tracing::debug!(%error, "the use of a session or token could not be stored");
            }
        });
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "sign_out", skip_all)]
    pub async fn sign_out(&self, actor: &Actor, token: &str) -> Result<()> {
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.users_mut().end_session(&token_hash(token)).await?;
        let event = Event::SignedOut { user_id: actor.user.id }.about(actor.user.email.as_str());
        tx.record(event, actor.author(), self.deps.clock.now());
        tx.commit().await
    }

    /// Changes the actor's password. All sessions and API tokens of the user end; the token of a new session is
    /// returned.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if `current` is wrong or the new password is too short or too common;
    /// [`AppError::TooManyAttempts`] after too many wrong ones.
    #[tracing::instrument(name = "change_password", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn change_password(
        &self,
        actor: &Actor,
        current: SecretString,
        new: SecretString,
        device: Device,
    ) -> Result<SecretString> {
        let (user, tenant, now) = (actor.user.id, actor.tenant_id(), self.deps.clock.now());
        let known = self.deps.database.read(tenant).await?.users().password_hash(user).await?;
        let known = known.ok_or(AppError::Unauthenticated)?;
        if current.expose_secret().len() > MAX_PASSWORD_BYTES {
            return Err(AppError::invalid("current_password", Problem::WrongPassword));
        }
        let counted = self.limit.count_confirmation(tenant, user, now).await?;
        if !verify_password(&current, vec![known.clone()]).await?.contains(&true) {
            return Err(AppError::invalid("current_password", Problem::WrongPassword));
        }
        self.limit.succeeded(&counted).await?;
        let own = own_words(&actor.user.email, actor.tenant.slug.as_str());
        let hash = hash_new_password(new, &own).await?;
        let (token, mut tx) = (random_token(), self.deps.database.begin(actor.tenant_id()).await?);
        if !tx.users_mut().lock_with_password(user, &known).await? {
            return Err(AppError::Unauthenticated);
        }
        tx.users_mut().set_password(user, &hash).await?;
        let end = now + SESSION_LIFETIME;
        tx.users_mut().start_session(user, &token_hash(token.expose_secret()), &device, now, end).await?;
        let event = Event::PasswordChanged { user_id: user }.about(actor.user.email.as_str());
        tx.record(event, actor.author(), now);
        tx.commit().await?;
        Ok(token)
    }

    /// Updates the actor's name and preferences.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "update_account", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn update(&self, actor: &Actor, name: &PersonName, preferences: &Preferences) -> Result<()> {
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.users_mut().update(actor.user.id, name, preferences).await?;
        let values = account_changes(&actor.user, name, *preferences);
        if !values.is_empty() {
            let event = Event::AccountUpdated { user_id: actor.user.id }.about(actor.user.email.as_str());
            tx.record(event.with(values), actor.author(), self.deps.clock.now());
        }
        tx.commit().await
    }

    /// The CSRF token of a session, derived from the cookie, so that only our own pages know it.
    pub fn form_token(session: &str) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(format!("form token of {session}")))
    }
}

/// The hash of a session's or an API token's text, of which the use is stored.
enum Used {
    Session(TokenHash),
    Token(TokenHash),
}

fn actor(row: SessionRow, session: Option<SessionId>) -> Actor {
    let origin = Origin { session, token: row.token, ..Origin::default() };
    let needs_second_factor = !row.user.two_factor && row.two_factor_rule.applies_to(&row.user.role);
    Actor { tenant: row.tenant, user: row.user, needs_second_factor, origin }
}

/// The fields of an account that an update changes.
fn account_changes(user: &User, name: &PersonName, preferences: Preferences) -> Changes {
    let keys = |preferences: Preferences| if preferences.single_keys { "true" } else { "false" };
    let (old, tag) = (user.preferences, |locale: Option<Locale>| locale.map(Locale::tag));
    Changes::default()
        .field("first_name", Some(&user.name.first), Some(&name.first))
        .field("last_name", user.name.last.as_deref(), name.last.as_deref())
        .field("locale", tag(old.locale), tag(preferences.locale))
        .field("theme", Some(old.theme.as_str()), Some(preferences.theme.as_str()))
        .field("single_keys", Some(keys(old)), Some(keys(preferences)))
}

/// A token of 256 random bits.
pub(super) fn random_token() -> SecretString {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()).into()
}

/// The hash of a token. Tokens are long and random, so that a fast hash is sufficient.
pub(in crate::services) fn token_hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

/// The words that others know of a user: parts of the e-mail address, and the workspace.
pub(super) fn own_words<'a>(email: &'a Email, slug: &'a str) -> Vec<&'a str> {
    let (local, domain) = email.as_str().rsplit_once('@').unwrap_or((email.as_str(), ""));
    let parts = local.split(['.', '_', '-', '+']).chain(domain.split('.'));
    parts.chain([local, slug]).filter(|word| word.len() > 2).collect()
}
