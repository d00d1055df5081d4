//! Signing in and out, and authentication by session cookies and bearer tokens.

use std::{
    sync::{Arc, LazyLock},
    time::Instant,
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::services::{
    Actor, Dependencies,
    identity::{
        login_limit::LoginLimit,
        request_limit::{RequestLimit, RequestQuota},
    },
};
use crate::{
    domain::{Email, Event, PersonName, Preferences, Problem, TenantId},
    error::{AppError, Result},
    persistence::{Credentials, SessionRow, TokenHash},
};

/// The minimum length of a password: NIST SP 800-63B requires eight characters and no composition
/// rules.
const PASSWORD_MIN: usize = 8;
/// The lifetime of a session.
pub const SESSION_LIFETIME: TimeDelta = TimeDelta::days(14);
/// The lifetime of an API token, unless another one is chosen.
pub const TOKEN_LIFETIME: TimeDelta = TimeDelta::days(365);
/// The longest lifetime of an API token in days.
const TOKEN_DAYS_MAX: i64 = 3650;
/// The precision of the time at which a token was last used: it is stored at most once in this time.
const TOKEN_USE_INTERVAL: TimeDelta = TimeDelta::minutes(1);
/// The prefix of bearer tokens, by which secret scanners recognise leaked ones.
const TOKEN_PREFIX: &str = "aloqa_";

/// A hash to verify against when the address is unknown, so that the response time does not reveal
/// which addresses exist.
static DUMMY_HASH: LazyLock<String> =
    LazyLock::new(|| hash_blocking("nobody's password").unwrap_or_default());

/// The maximum number of concurrent hash computations; each needs 46 MiB and a core for tens of
/// milliseconds.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Argon2id with one of the parameter sets that OWASP considers equivalent (46 MiB once, 19 MiB
/// twice, …). This one is used because glibc returns blocks of more than 32 MiB to the system at
/// once, but keeps smaller ones in each thread that has verified a password.
static ARGON2: LazyLock<Argon2<'static>> = LazyLock::new(|| {
    let params = Params::new(46 * 1024, 1, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
});

/// The use cases of authentication.
#[derive(Clone)]
pub struct IdentityService {
    deps: Arc<Dependencies>,
    limit: LoginLimit,
    requests: RequestLimit,
}

/// The result of a sign-in.
#[derive(Debug)]
pub enum SignIn {
    /// A new session. The token goes into the cookie; only its hash is stored.
    Session(SecretString),
    /// The address and password are valid in several tenants, one of which has to be chosen.
    ChooseWorkspace(Vec<Workspace>),
    /// The address or the password is wrong.
    Denied,
}

/// A tenant to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The slug that the choice is made by.
    pub slug: String,
    /// The tenant's name.
    pub name: String,
}

impl IdentityService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        let requests = RequestLimit::new(deps.token_requests_per_minute);
        Self { deps, limit: LoginLimit::default(), requests }
    }

    /// Verifies an address and a password in the tenant with this slug, or in all tenants.
    ///
    /// # Errors
    /// [`AppError::TooManyAttempts`] after too many failures with this address.
    #[tracing::instrument(name = "sign_in", skip_all)]
    pub async fn sign_in(
        &self,
        email: &str,
        password: SecretString,
        workspace: Option<&str>,
    ) -> Result<SignIn> {
        let now = self.deps.clock.now();
        let Ok(email) = Email::parse(email) else { return Ok(SignIn::Denied) };
        self.limit.check(email.as_str(), now)?;

        let found = self.deps.database.read_cross_tenant().await?.credentials(&email).await?;
        let known: Vec<_> =
            found.into_iter().filter(|c| workspace.is_none_or(|slug| slug == c.tenant_slug)).collect();
        let mut proven = Vec::new();
        if known.is_empty() {
            verify(password, DUMMY_HASH.clone()).await?;
        } else {
            for credentials in &known {
                if verify(password.clone(), credentials.password_hash.clone()).await? {
                    proven.push(credentials);
                }
            }
        }
        // Concurrent guesses may all have passed the first check; no more than the limit learn
        // their result.
        self.limit.check(email.as_str(), now)?;
        match proven.as_slice() {
            [] => {
                self.limit.failed(email.as_str(), now)?;
                self.record_failures(&known).await?;
                Ok(SignIn::Denied)
            }
            [one] => {
                self.limit.succeeded(email.as_str());
                Ok(SignIn::Session(self.start_session(one).await?))
            }
            several => {
                let workspace =
                    |c: &&Credentials| Workspace { slug: c.tenant_slug.clone(), name: c.tenant_name.clone() };
                Ok(SignIn::ChooseWorkspace(several.iter().map(workspace).collect()))
            }
        }
    }

    async fn start_session(&self, credentials: &Credentials) -> Result<SecretString> {
        let now = self.deps.clock.now();
        let token = random_token();
        let mut tx = self.deps.database.begin(credentials.tenant).await?;
        let hash = token_hash(token.expose_secret());
        tx.users_mut().start_session(credentials.user, &hash, now, now + SESSION_LIFETIME).await?;
        tx.record(Event::SignedIn { user_id: credentials.user }, Some(credentials.user), now);
        tx.commit().await?;
        Ok(token)
    }

    async fn record_failures(&self, known: &[Credentials]) -> Result<()> {
        for credentials in known {
            let mut tx = self.deps.database.begin(credentials.tenant).await?;
            tx.record(Event::SignInFailed { user_id: credentials.user }, None, self.deps.clock.now());
            tx.commit().await?;
        }
        Ok(())
    }

    /// Returns the user of a session cookie; `None` for an unknown or expired session.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn authenticate_session(&self, token: &str) -> Result<Option<Actor>> {
        let row = self.deps.database.read_cross_tenant().await?.session(&token_hash(token)).await?;
        let now = self.deps.clock.now();
        Ok(row.filter(|row| row.expires_at.is_some_and(|end| now < end)).map(actor))
    }

    /// Returns the user of a bearer token; `None` for an unknown or expired one.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn authenticate_bearer(&self, token: &str) -> Result<Option<Actor>> {
        let hash = token_hash(token);
        let row = self.deps.database.read_cross_tenant().await?.api_token(&hash).await?;
        let now = self.deps.clock.now();
        let Some(row) = row.filter(|row| row.expires_at.is_none_or(|end| now < end)) else { return Ok(None) };
        if row.last_used_at.is_none_or(|last| last + TOKEN_USE_INTERVAL <= now) {
            self.record_token_use(row.tenant.id, hash, now);
        }
        Ok(Some(actor(row)))
    }

    /// Counts a request with a valid API token, and returns what is left of the token's quota.
    pub fn count_request(&self, token: &str) -> RequestQuota {
        self.requests.count(token_hash(token), Instant::now())
    }

    /// Stores when a token was used, beside the request, which does not wait for it.
    fn record_token_use(&self, tenant: TenantId, token: TokenHash, at: DateTime<Utc>) {
        let deps = self.deps.clone();
        tokio::spawn(async move {
            let recorded = async {
                let mut tx = deps.database.begin(tenant).await?;
                tx.users_mut().record_token_use(&token, at).await?;
                tx.commit().await
            };
            let recorded: Result<()> = recorded.await;
            if let Err(error) = recorded {
                tracing::debug!(%error, "the use of a token could not be stored");
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
        tx.commit().await
    }

    /// Changes the actor's password. All sessions and API tokens of the user end; the token of a new session is
    /// returned.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if `current` is wrong or the new password is too short;
    /// [`AppError::TooManyAttempts`] after too many wrong ones.
    #[tracing::instrument(name = "change_password", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn change_password(
        &self,
        actor: &Actor,
        current: SecretString,
        new: SecretString,
    ) -> Result<SecretString> {
        let (user, now, address) = (actor.user.id, self.deps.clock.now(), actor.user.email.as_str());
        self.limit.check(address, now)?;
        let known = self.deps.database.read(actor.tenant_id()).await?.users().password_hash(user).await?;
        let known = known.ok_or(AppError::Unauthenticated)?;
        if !verify(current, known).await? {
            self.limit.failed(address, now)?;
            return Err(AppError::invalid("current_password", Problem::WrongPassword));
        }
        let hash = password_hash(new).await?;
        let (token, mut tx) = (random_token(), self.deps.database.begin(actor.tenant_id()).await?);
        tx.users_mut().set_password(user, &hash).await?;
        let end = now + SESSION_LIFETIME;
        tx.users_mut().start_session(user, &token_hash(token.expose_secret()), now, end).await?;
        tx.record(Event::PasswordChanged { user_id: user }, actor.user_id(), now);
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
        tx.commit().await
    }

    /// Creates an API token that acts as the user for `lifetime`. The token is returned once; only its hash is stored.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a lifetime that is not positive or longer than ten years.
    #[tracing::instrument(skip_all)]
    pub async fn create_token(&self, actor: &Actor, name: &str, lifetime: TimeDelta) -> Result<SecretString> {
        if lifetime <= TimeDelta::zero() || lifetime > TimeDelta::days(TOKEN_DAYS_MAX) {
            return Err(AppError::invalid("expires_in", Problem::OutOfRange { min: 1, max: TOKEN_DAYS_MAX }));
        }
        let token = SecretString::from(format!("{TOKEN_PREFIX}{}", random_token().expose_secret()));
        let (user, now) = (actor.user.id, self.deps.clock.now());
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let hash = token_hash(token.expose_secret());
        let id = tx.users_mut().create_token(user, name, &hash, now, now + lifetime).await?;
        tx.record(Event::TokenCreated { user_id: user, token_id: id }, None, now);
        tx.commit().await?;
        Ok(token)
    }

    /// The CSRF token of a session, derived from the cookie, so that only our own pages know it.
    pub fn form_token(session: &str) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(format!("form token of {session}")))
    }
}

fn actor(row: SessionRow) -> Actor {
    Actor { tenant: row.tenant, user: row.user }
}

/// A token of 256 random bits.
fn random_token() -> SecretString {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()).into()
}

/// The hash of a token. Tokens are long and random, so that a fast hash is sufficient.
pub(in crate::services) fn token_hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

/// Hashes a new password with Argon2id (RFC 9106) in PHC format.
///
/// # Errors
/// [`AppError::Invalid`] for a password that is too short.
pub(in crate::services) async fn password_hash(password: SecretString) -> Result<String> {
    if password.expose_secret().chars().count() < PASSWORD_MIN {
        return Err(AppError::invalid("password", Problem::TooShort { min: PASSWORD_MIN }));
    }
    let _permit = HASHING.acquire().await.map_err(AppError::internal)?;
    tokio::task::spawn_blocking(move || hash_blocking(password.expose_secret()))
        .await
        .map_err(AppError::internal)?
}

fn hash_blocking(password: &str) -> Result<String> {
    let hash = ARGON2.hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| AppError::internal(error.to_string()))
}

async fn verify(password: SecretString, hash: String) -> Result<bool> {
    let _permit = HASHING.acquire().await.map_err(AppError::internal)?;
    let check = move || {
        let hash = PasswordHash::new(&hash).map_err(|error| AppError::internal(error.to_string()))?;
        Ok(ARGON2.verify_password(password.expose_secret().as_bytes(), &hash).is_ok())
    };
    tokio::task::spawn_blocking(check).await.map_err(AppError::internal)?
}
