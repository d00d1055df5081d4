//! The second factor: codes of an authenticator app (TOTP, RFC 6238) and recovery codes.

use chrono::{DateTime, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretString};
use totp_rs::{Builder, Secret, Totp};

use crate::services::{Actor, Framed, IdentityService, Vault, identity::service::token_hash};
use crate::{
    domain::{Author, Email, Event, FactorCode, Problem, TenantId, UserId},
    error::{AppError, Conflict, Result},
    persistence::{SealedFactor, UnitOfWork},
};

/// The length of a secret in bytes, which RFC 4226 recommends.
const SECRET_LENGTH: usize = 20;
/// The number of recovery codes.
const RECOVERY_CODES: usize = 10;
/// The length of a recovery code in bytes, too many to be guessed from their hashes.
const RECOVERY_LENGTH: usize = 10;

/// The secret that a user enters into an authenticator app, to be shown once.
pub struct FactorSetup {
    /// The secret in base 32.
    pub secret: SecretString,
    /// The address that a QR code of the secret holds (`otpauth://`).
    pub uri: SecretString,
}

/// The second factor of a user.
pub enum FactorState {
    /// The user has none.
    Off,
    /// A secret was made, and no code has confirmed it yet.
    Pending(FactorSetup),
    /// The user signs in with a second factor.
    On {
        /// The number of recovery codes that are left.
        recovery_codes: i64,
    },
}

impl IdentityService {
    /// The second factor of the actor.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "show_two_factor", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn two_factor(&self, actor: &Actor) -> Result<Framed<FactorState>> {
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let state = match tx.two_factor().of_user(actor.user.id).await? {
            None => FactorState::Off,
            Some(factor) if factor.confirmed_at.is_none() => {
                FactorState::Pending(setup(actor, &open(&self.deps.vault, &factor)?))
            }
            Some(_) => {
                let recovery_codes = tx.two_factor().count_recovery_codes(actor.user.id).await?;
                FactorState::On { recovery_codes }
            }
        };
        Framed::new(state, &mut tx, actor).await
    }

    /// Makes a secret, which [`IdentityService::confirm_two_factor`] confirms. An unconfirmed one is replaced.
    ///
    /// # Errors
    /// [`AppError::Conflict`] if the actor has a second factor; [`AppError::Forbidden`] with a restricted API token.
    #[tracing::instrument(name = "begin_two_factor", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn begin_two_factor(&self, actor: &Actor) -> Result<FactorSetup> {
        actor.require_unrestricted()?;
        let (user, secret) = (actor.user.id, random_base32::<SECRET_LENGTH>());
        let sealed = self.deps.vault.seal(&secret, &factor_owner(actor.tenant_id(), user))?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        if !tx.two_factor_mut().begin(user, &sealed, self.deps.clock.now()).await? {
            return Err(AppError::Conflict(Conflict { field: Some("two_factor"), client: None }));
        }
        tx.commit().await?;
        Ok(setup(actor, &secret))
    }

    /// Confirms the secret by a code of the app, and returns the recovery codes, which are not shown again. All other
    /// sessions of the user end; `session` is the token of the one that asks.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a wrong code or without a secret; [`AppError::Conflict`] if the actor has a second factor;
    /// [`AppError::TooManyAttempts`].
    #[tracing::instrument(name = "confirm_two_factor", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn confirm_two_factor(
        &self,
        actor: &Actor,
        code: &str,
        session: Option<&str>,
    ) -> Result<Vec<String>> {
        actor.require_unrestricted()?;
        let (user, tenant, now) = (actor.user.id, actor.tenant_id(), self.deps.clock.now());
        let counted = self.limit.count_confirmation(tenant, user, now).await?;
        let mut tx = self.deps.database.begin(tenant).await?;
        let factor = tx.two_factor().of_user(user).await?;
        let factor = factor.ok_or_else(|| AppError::invalid("code", Problem::WrongCode))?;
        if factor.confirmed_at.is_some() {
            return Err(AppError::Conflict(Conflict { field: Some("two_factor"), client: None }));
        }
        let code = FactorCode::parse(code).filter(|code| matches!(code, FactorCode::App(_)));
        if !self.use_code(&mut tx, &factor, code, actor.author()).await?
            || !tx.two_factor_mut().confirm(user, now).await?
        {
            return Err(AppError::invalid("code", Problem::WrongCode));
        }
        let codes: Vec<_> = (0..RECOVERY_CODES).map(|_| random_base32::<RECOVERY_LENGTH>()).collect();
        for code in &codes {
            tx.two_factor_mut().add_recovery_code(user, &token_hash(code.expose_secret())).await?;
        }
        let current = session.map(token_hash);
        for other in tx.users().sessions(user, now).await? {
            if Some(other.token) != current {
                tx.users_mut().end_session(&other.token).await?;
            }
        }
        let enabled = Event::TwoFactorEnabled { user_id: user }.about(actor.user.email.as_str());
        tx.record(enabled, actor.author(), now);
        tx.commit().await?;
        self.limit.succeeded(&counted).await?;
        Ok(codes.iter().map(|code| grouped(code.expose_secret())).collect())
    }

    /// Removes the second factor of the actor, who proves it once more.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a wrong code, [`AppError::NotFound`] without a second factor,
    /// [`AppError::TooManyAttempts`].
    #[tracing::instrument(name = "disable_two_factor", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn disable_two_factor(&self, actor: &Actor, code: &str) -> Result<()> {
        actor.require_unrestricted()?;
        let (user, tenant, now) = (actor.user.id, actor.tenant_id(), self.deps.clock.now());
        let counted = self.limit.count_confirmation(tenant, user, now).await?;
        let mut tx = self.deps.database.begin(tenant).await?;
        let factor = tx.two_factor().of_user(user).await?.ok_or(AppError::NotFound)?;
        // A secret that no code has confirmed protects nothing, and is removed without one.
        if factor.confirmed_at.is_some()
            && !self.use_code(&mut tx, &factor, FactorCode::parse(code), actor.author()).await?
        {
            return Err(AppError::invalid("code", Problem::WrongCode));
        }
        tx.two_factor_mut().remove(user).await?;
        if factor.confirmed_at.is_some() {
            let disabled = Event::TwoFactorDisabled { user_id: user }.about(actor.user.email.as_str());
            tx.record(disabled, actor.author(), now);
        }
        tx.commit().await?;
        self.limit.succeeded(&counted).await
    }

    /// Uses a code. Returns false if it is wrong or was used before.
    pub(super) async fn use_code(
        &self,
        tx: &mut UnitOfWork,
        factor: &SealedFactor,
        code: Option<FactorCode>,
        author: Author,
    ) -> Result<bool> {
        let now = self.deps.clock.now();
        match code {
            None => Ok(false),
            Some(FactorCode::App(code)) => {
                let secret = open(&self.deps.vault, factor)?;
                let time = u64::try_from(now.timestamp()).unwrap_or_default();
                let step = totp(&secret)?.check(&code, time).and_then(|step| i64::try_from(step).ok());
                match step {
                    Some(step) => tx.two_factor_mut().use_step(factor.user, step).await,
                    None => Ok(false),
                }
            }
            Some(FactorCode::Recovery(code)) => {
                let used = tx.two_factor_mut().use_recovery_code(factor.user, &token_hash(&code)).await?;
                if used {
                    tx.record(Event::RecoveryCodeUsed { user_id: factor.user }, author, now);
                }
                Ok(used)
            }
        }
    }
}

/// Removes the second factor of a user for someone else, and ends the user's sessions.
///
/// # Errors
/// [`AppError::NotFound`] without a second factor.
pub(super) async fn remove_factor(
    tx: &mut UnitOfWork,
    (user, email): (UserId, &Email),
    author: Author,
    now: DateTime<Utc>,
) -> Result<()> {
    if !tx.two_factor_mut().remove(user).await? {
        return Err(AppError::NotFound);
    }
    for session in tx.users().sessions(user, now).await? {
        tx.users_mut().end_session(&session.token).await?;
    }
    tx.record(Event::TwoFactorReset { user_id: user }.about(email.as_str()), author, now);
    Ok(())
}

/// The owner that the secret of a user is sealed for.
pub(in crate::services) fn factor_owner(tenant: TenantId, user: UserId) -> Vec<u8> {
    format!("second factor of {}.{}", tenant.0, user.0).into_bytes()
}

fn open(vault: &Vault, factor: &SealedFactor) -> Result<SecretString> {
    vault.open(&factor.secret, &factor_owner(factor.tenant, factor.user))
}

fn totp(secret: &SecretString) -> Result<Totp> {
    let secret =
        Secret::try_from_base32(secret.expose_secret()).map_err(|_| AppError::internal("not base 32"))?;
    Builder::new().with_secret(secret).build().map_err(|error| AppError::internal(error.to_string()))
}

/// The address of a secret (Key Uri Format of authenticator apps).
fn setup(actor: &Actor, secret: &SecretString) -> FactorSetup {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let issuer = encoded(&format!("Aloqa {}", actor.tenant.name));
    let uri = format!(
        "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
        encoded(actor.user.email.as_str()),
        secret.expose_secret(),
    );
    FactorSetup { secret: secret.clone(), uri: uri.into() }
}

/// Random bytes in base 32 (RFC 4648).
fn random_base32<const LENGTH: usize>() -> SecretString {
    let mut bytes = [0; LENGTH];
    rand::fill(&mut bytes);
    Secret::from(bytes).to_base32().into()
}

/// A code in groups of four letters.
fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // The secret of appendix B; its codes have eight digits, of which apps show the last six.
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned().into();
        let totp = totp(&secret).unwrap();
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp.check(code, time), Some(time / 30), "{time}");
            assert_eq!(totp.check(code, time + 90), None, "{time}");
        }
    }

    #[test]
    fn recovery_codes_have_groups_of_four() {
        assert_eq!(grouped("ABCDEFGH23456777"), "ABCD-EFGH-2345-6777");
        let (one, other) = (random_base32::<RECOVERY_LENGTH>(), random_base32::<RECOVERY_LENGTH>());
        assert_ne!(one.expose_secret(), other.expose_secret());
        assert!(matches!(FactorCode::parse(&grouped(one.expose_secret())), Some(FactorCode::Recovery(_))));
    }
}
