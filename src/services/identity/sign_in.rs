//! Signing in by e-mail address and password.

use std::{net::IpAddr, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;

use crate::{
    domain::{Author, Email, Event, FactorCode, MAX_PASSWORD_BYTES, Origin, PeerNetwork, TenantId, UserId},
    error::{AppError, Result},
    metrics::SignInRefusal,
    persistence::{Credentials, Device, session_id},
    services::identity::{
        known_browser::KnownBrowser,
        login_limit::{Counted, CountedAttempt},
        password_hash::{Place, verify_password},
        service::{IdentityService, SESSION_LIFETIME, random_token, token_hash},
    },
};

/// The answer to a wrong password is given at a multiple of this time, so that it does not reveal how many tenants know
/// the address.
const ANSWER_INTERVAL: Duration = Duration::from_millis(300);

/// The time in which the code of the second factor has to follow the password.
const CHALLENGE_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// The number of characters of a `User-Agent` that are stored.
const USER_AGENT_LENGTH: usize = 300;

/// An attempt to sign in.
pub struct SignInAttempt<'a> {
    /// The e-mail address as it was typed.
    pub email: &'a str,
    /// The password.
    pub password: SecretString,
    /// The slug of the chosen tenant; `None` for all tenants.
    pub workspace: Option<&'a str>,
    /// The address that the attempt comes from.
    pub peer: IpAddr,
    /// The cookie of a browser that has signed in before.
    pub browser: Option<&'a str>,
    /// The token of the session that the browser has; a new session replaces it.
    pub session: Option<&'a str>,
    /// The `User-Agent` of the browser.
    pub user_agent: Option<&'a str>,
}

/// The second step of a sign-in.
pub struct CodeAttempt<'a> {
    /// The challenge of the first step.
    pub challenge: &'a str,
    /// The code as it was typed.
    pub code: &'a str,
    /// The address that the attempt comes from.
    pub peer: IpAddr,
    /// The token of the session that the browser has; a new session replaces it.
    pub session: Option<&'a str>,
    /// The `User-Agent` of the browser.
    pub user_agent: Option<&'a str>,
}

/// The result of a sign-in.
#[derive(Debug)]
pub enum SignIn {
    /// A new session.
    Session {
        /// The token, which goes into the cookie; only its hash is stored.
        token: SecretString,
        /// The cookie by which the browser is known at the next sign-in.
        browser: String,
    },
    /// The password is right, and a code of the second factor is needed. The challenge goes with it, see
    /// [`IdentityService::sign_in_with_code`].
    CodeNeeded {
        /// The proof that the password was right, for some minutes.
        challenge: String,
    },
    /// The code of the second factor is wrong.
    WrongCode,
    /// The address and password are valid in several tenants, one of which has to be chosen.
    ChooseWorkspace(Vec<Workspace>),
    /// The workspace is suspended.
    Suspended,
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
    /// Verifies an address and a password in the tenant with this slug, or in all tenants.
    ///
    /// # Errors
    /// [`AppError::TooManyAttempts`] after too many failures of this peer; [`AppError::Busy`] if too many passwords wait
    /// to be verified.
    #[tracing::instrument(name = "sign_in", skip_all, fields(peer = %attempt.peer))]
    pub async fn sign_in(&self, attempt: SignInAttempt<'_>) -> Result<SignIn> {
        let (started, now) = (Instant::now(), self.deps.clock.now());
        let Ok(email) = Email::parse(attempt.email) else { return Ok(SignIn::Denied) };
        if attempt.password.expose_secret().len() > MAX_PASSWORD_BYTES {
            return Ok(SignIn::Denied);
        }
        let peer = PeerNetwork::from(attempt.peer);
        let known = self.credentials(&email, attempt.workspace).await?;
        let recognize = |cookie| {
            known.iter().find_map(|credentials| {
                let hash = &credentials.password_hash;
                KnownBrowser::recognize(&self.deps.vault, cookie, &email, hash, now)
            })
        };
        let browser = attempt.browser.and_then(recognize);

        let mut place = self.enter_line(peer, browser.is_some())?;
        let device = device(attempt.peer, attempt.user_agent);
        let counted = self.count(&email, peer, browser.as_ref(), &known, &device).await?;
        if !counted.delay.is_zero() {
            drop(place);
            tokio::time::sleep(counted.delay).await;
            place = match self.enter_line(peer, browser.is_some()) {
                Ok(place) => place,
                Err(busy) => {
                    self.limit.not_made(counted).await?;
                    return Err(busy);
                }
            };
        }
        let proven = self.prove(&attempt.password, &known, place).await?;
        let (suspended, proven): (Vec<_>, Vec<_>) = proven.into_iter().partition(|known| known.is_suspended);
        match proven.as_slice() {
            [] if !suspended.is_empty() => {
                self.limit.succeeded(&counted).await?;
                Ok(SignIn::Suspended)
            }
            [] => {
                self.deps.metrics.refused_sign_in(SignInRefusal::Denied);
                tracing::warn!(%peer, "sign-in failed: wrong address or password");
                let failed = move |user_id| Event::SignInFailed { user_id, peer: Some(peer.to_string()) };
                self.record_refusal(known, &email, device, failed);
                wait_for_interval(started).await;
                Ok(SignIn::Denied)
            }
            [one] => {
                if self.has_second_factor(one).await? {
                    // Failures stay counted until the code is right: who knows the password must not try all codes.
                    self.limit.not_made(counted).await?;
                    let challenge = self.challenge(one, now);
                    return Ok(SignIn::CodeNeeded { challenge });
                }
                let Some(token) = self.start_session(one, attempt.session, &device).await? else {
                    return Ok(SignIn::Denied);
                };
                self.limit.succeeded(&counted).await?;
                let browser = KnownBrowser::cookie(&self.deps.vault, &email, &one.password_hash, now);
                Ok(SignIn::Session { token, browser })
            }
            several => {
                self.limit.succeeded(&counted).await?;
                let workspace =
                    |c: &&Credentials| Workspace { slug: c.tenant_slug.clone(), name: c.tenant_name.clone() };
                Ok(SignIn::ChooseWorkspace(several.iter().map(workspace).collect()))
            }
        }
    }

    /// Verifies a code of the second factor, after [`IdentityService::sign_in`] has asked for it.
    ///
    /// # Errors
    /// [`AppError::TooManyAttempts`] after too many failures of this peer.
    #[tracing::instrument(name = "sign_in_with_code", skip_all, fields(peer = %attempt.peer))]
    pub async fn sign_in_with_code(&self, attempt: CodeAttempt<'_>) -> Result<SignIn> {
        let now = self.deps.clock.now();
        let Some(credentials) = self.challenged(attempt.challenge, now).await? else {
            return Ok(SignIn::Denied);
        };
        if credentials.is_suspended {
            return Ok(SignIn::Suspended);
        }
        let (email, peer) = (credentials.email.clone(), PeerNetwork::from(attempt.peer));
        let device = device(attempt.peer, attempt.user_agent);
        let known = vec![credentials.clone()];
        let counted = self.count(&email, peer, None, &known, &device).await?;
        tokio::time::sleep(counted.delay).await;
        let mut tx = self.deps.database.begin(credentials.tenant).await?;
        let factor = tx.two_factor().of_user(credentials.user).await?;
        let is_right = match &factor {
            Some(factor) if factor.confirmed_at.is_some() => {
                let author = Author::from(Some(credentials.user)).at(device.clone().into());
                self.use_code(&mut tx, factor, FactorCode::parse(attempt.code), author).await?
            }
            // The second factor was removed meanwhile, and the password was right.
            _ => true,
        };
        if !is_right {
            drop(tx);
            self.deps.metrics.refused_sign_in(SignInRefusal::Denied);
            tracing::warn!(%peer, "sign-in failed: wrong code");
            let failed = move |user_id| Event::SignInFailed { user_id, peer: Some(peer.to_string()) };
            self.record_refusal(known, &email, device, failed);
            return Ok(SignIn::WrongCode);
        }
        tx.commit().await?;
        let Some(token) = self.start_session(&credentials, attempt.session, &device).await? else {
            return Ok(SignIn::Denied);
        };
        self.limit.succeeded(&counted).await?;
        let browser = KnownBrowser::cookie(&self.deps.vault, &email, &credentials.password_hash, now);
        Ok(SignIn::Session { token, browser })
    }

    /// Counts an attempt before it is made. A peer that is blocked is recorded once, for the users with the address.
    ///
    /// # Errors
    /// [`AppError::TooManyAttempts`] for a blocked peer.
    async fn count(
        &self,
        email: &Email,
        peer: PeerNetwork,
        browser: Option<&KnownBrowser>,
        known: &[Credentials],
        device: &Device,
    ) -> Result<CountedAttempt> {
        match self.limit.count(email, peer, browser, self.deps.clock.now()).await? {
            Counted::Admitted(counted) => Ok(counted),
            Counted::Blocked { retry_after, is_first, reason } => {
                self.deps.metrics.refused_sign_in(SignInRefusal::Blocked);
                if is_first {
                    tracing::warn!(%peer, reason, "too many failed attempts to sign in; the peer is blocked");
                    let blocked = move |user_id| Event::SignInBlocked { user_id, peer: peer.to_string() };
                    self.record_refusal(known.to_vec(), email, device.clone(), blocked);
                }
                Err(AppError::TooManyAttempts { retry_after })
            }
        }
    }

    async fn has_second_factor(&self, credentials: &Credentials) -> Result<bool> {
        let mut tx = self.deps.database.read(credentials.tenant).await?;
        let factor = tx.two_factor().of_user(credentials.user).await?;
        Ok(factor.is_some_and(|factor| factor.confirmed_at.is_some()))
    }

    /// The proof that the password of a user was right. It ends after some minutes, and with the password.
    fn challenge(&self, credentials: &Credentials, now: DateTime<Utc>) -> String {
        let end = (now + CHALLENGE_LIFETIME).timestamp();
        let signature = self.deps.vault.sign(&challenge_text(credentials, end));
        format!("{}.{}.{end}.{signature}", credentials.tenant.0, credentials.user.0)
    }

    /// The user of a valid challenge.
    async fn challenged(&self, challenge: &str, now: DateTime<Utc>) -> Result<Option<Credentials>> {
        let mut parts = challenge.splitn(4, '.');
        let mut number = || parts.next()?.parse::<i64>().ok();
        let (tenant, user, end) = (number(), number(), number());
        let (Some(tenant), Some(user), Some(end), Some(signature)) = (tenant, user, end, parts.next()) else {
            return Ok(None);
        };
        if end <= now.timestamp() {
            return Ok(None);
        }
        let mut across = self.deps.database.read_cross_tenant().await?;
        let found = across.credentials_of(TenantId(tenant), UserId(user)).await?;
        Ok(found
            .filter(|credentials| self.deps.vault.is_signed(&challenge_text(credentials, end), signature)))
    }

    /// Enters the line of passwords to verify.
    fn enter_line(&self, peer: PeerNetwork, is_known: bool) -> Result<Place> {
        self.line
            .enter(peer, is_known)
            .inspect_err(|_| self.deps.metrics.refused_sign_in(SignInRefusal::Busy))
    }

    /// The enabled users with this address, in the tenant with this slug or in all tenants.
    async fn credentials(&self, email: &Email, workspace: Option<&str>) -> Result<Vec<Credentials>> {
        let mut found = self.deps.database.read_cross_tenant().await?.credentials(email).await?;
        found.retain(|credentials| workspace.is_none_or(|slug| slug == credentials.tenant_slug));
        Ok(found)
    }

    /// Returns those of the users whose password this is.
    async fn prove<'c>(
        &self,
        password: &SecretString,
        known: &'c [Credentials],
        _place: Place,
    ) -> Result<Vec<&'c Credentials>> {
        let hashes = known.iter().map(|credentials| credentials.password_hash.clone()).collect();
        let verified = verify_password(password, hashes).await?;
        Ok(known
            .iter()
            .zip(verified)
            .filter_map(|(credentials, is_right)| is_right.then_some(credentials))
            .collect())
    }

    /// Starts a session and ends the former one of the browser, which may be of another tenant. Returns `None` if the
    /// password was changed, or the user disabled, while the password was verified.
    async fn start_session(
        &self,
        credentials: &Credentials,
        former: Option<&str>,
        device: &Device,
    ) -> Result<Option<SecretString>> {
        let now = self.deps.clock.now();
        let token = random_token();
        let mut tx = self.deps.database.begin(credentials.tenant).await?;
        if !tx.users_mut().lock_with_password(credentials.user, &credentials.password_hash).await? {
            return Ok(None);
        }
        let hash = token_hash(token.expose_secret());
        tx.users_mut().start_session(credentials.user, &hash, device, now, now + SESSION_LIFETIME).await?;
        let origin = Origin { session: Some(session_id(&hash)), ..device.clone().into() };
        let user = tx.users().find(credentials.user).await?.ok_or(AppError::NotFound)?;
        let signed_in = Event::SignedIn { user_id: user.id }.about(user.email.as_str());
        tx.record(signed_in, Author::user(user.id, user.name.full(), origin), now);
        tx.commit().await?;
        if let Some(former) = former {
            let hash = token_hash(former);
            if let Some(session) = self.deps.database.read_cross_tenant().await?.session(&hash).await? {
                let mut tx = self.deps.database.begin(session.tenant.id).await?;
                tx.users_mut().end_session(&hash).await?;
                tx.commit().await?;
            }
        }
        Ok(Some(token))
    }

    /// Records an event in each tenant that knows the address, beside the request: its time would tell that the address
    /// is known.
    fn record_refusal(
        &self,
        known: Vec<Credentials>,
        email: &Email,
        device: Device,
        event: impl Fn(UserId) -> Event + Send + Sync + 'static,
    ) {
        let (deps, now, email) = (self.deps.clone(), self.deps.clock.now(), email.clone());
        let author = Author::stranger(device.into());
        if known.is_empty() {
            return;
        }
        tokio::spawn(async move {
            for credentials in known {
                let recorded = async {
                    let mut tx = deps.database.begin(credentials.tenant).await?;
                    tx.record(event(credentials.user).about(email.as_str()), author.clone(), now);
                    tx.commit().await
                };
                let recorded: Result<()> = recorded.await;
                if let Err(error) = recorded {
                    tracing::error!(%error, "a refused sign-in could not be recorded");
                }
            }
        });
    }
}

/// The text that the signature of a challenge covers.
fn challenge_text(credentials: &Credentials, end: i64) -> String {
    let Credentials { tenant, user, password_hash, .. } = credentials;
    format!("second factor of {}.{} until {end}, {password_hash}", tenant.0, user.0)
}

/// The device of a session, by the address of the peer and the `User-Agent`, of which the beginning is kept.
pub fn device(peer: IpAddr, user_agent: Option<&str>) -> Device {
    Device { address: Some(peer.to_string()), user_agent: user_agent.map(stored_user_agent) }
}

/// The beginning of a `User-Agent`, as it is stored.
pub fn stored_user_agent(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(USER_AGENT_LENGTH).collect()
}

/// Waits until a multiple of the interval has passed since the start.
async fn wait_for_interval(started: Instant) {
    let interval = ANSWER_INTERVAL.as_millis();
    let intervals = started.elapsed().as_millis() / interval + 1;
    let after = ANSWER_INTERVAL.saturating_mul(u32::try_from(intervals).unwrap_or(u32::MAX));
    tokio::time::sleep_until(started + after).await;
}
