//! The limits of failed attempts to sign in. They are counted in the database, so that they hold for all instances of the
//! program and after a restart.
//!
//! A peer that fails too often is blocked, altogether and for one account. An account whose password is guessed from many
//! peers is only slowed down, because a block would keep its owner out. A browser that has signed in to the account before
//! is counted for itself.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use crate::{
    domain::{Email, PeerNetwork, TenantId, UserId},
    error::{AppError, Result},
    persistence::{Attempts, Database},
    services::identity::known_browser::KnownBrowser,
};

/// The time in which attempts are counted together.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// The maximum number of failures of a peer.
const OF_PEER: i64 = 30;
/// The maximum number of failures of a peer, or of a known browser, with one account.
const OF_PEER_AND_ACCOUNT: i64 = 10;
/// The number of failures with an account from which on further attempts are delayed.
const OF_ACCOUNT: i64 = 10;
/// The delay of the first attempt that is delayed; it doubles with each further one.
const FIRST_DELAY: Duration = Duration::from_millis(250);
/// The maximum delay of an attempt.
const MAX_DELAY: Duration = Duration::from_secs(4);

/// Counts attempts. An attempt is counted before its password is verified and taken back if it succeeds, so that of many
/// concurrent ones no more than the limit learn their result.
#[derive(Clone)]
pub(in crate::services) struct LoginLimit {
    database: Database,
}

/// An attempt that was counted.
#[derive(Debug)]
pub(in crate::services) struct CountedAttempt {
    /// The keys under which it was counted and of which it is taken back if it succeeds.
    shared: Vec<String>,
    /// The key of which all attempts are forgotten if it succeeds.
    own: String,
    /// The time to wait before the password is verified.
    pub(in crate::services) delay: Duration,
}

/// The result of counting an attempt.
#[derive(Debug)]
pub(in crate::services) enum Counted {
    /// The attempt may be made.
    Admitted(CountedAttempt),
    /// Too many attempts have failed.
    Blocked {
        /// The time until attempts are possible again.
        retry_after: Duration,
        /// True for the first attempt that is blocked.
        is_first: bool,
        /// The name of what has failed too often, for the log.
        reason: &'static str,
    },
}

impl LoginLimit {
    pub(in crate::services) fn new(database: Database) -> Self {
        Self { database }
    }

    /// Counts an attempt to sign in.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub(in crate::services) async fn count(
        &self,
        email: &Email,
        peer: PeerNetwork,
        browser: Option<&KnownBrowser>,
        now: DateTime<Utc>,
    ) -> Result<Counted> {
        // The hash, because people also type a password into the wrong field.
        let account = URL_SAFE_NO_PAD.encode(Sha256::digest(email.as_str()));
        if let Some(browser) = browser {
            let own = format!("browser {} {account}", browser.id());
            let attempts = self.add(&own, now).await?;
            if attempts.count <= OF_PEER_AND_ACCOUNT {
                return Ok(Counted::Admitted(CountedAttempt {
                    shared: Vec::new(),
                    own,
                    delay: Duration::ZERO,
                }));
            }
        }
        let of_peer = format!("peer {peer}");
        let attempts = self.add(&of_peer, now).await?;
        if attempts.count > OF_PEER {
            return Ok(blocked(attempts, OF_PEER, now, "peer"));
        }
        let own = format!("both {peer} {account}");
        let attempts = self.add(&own, now).await?;
        if attempts.count > OF_PEER_AND_ACCOUNT {
            return Ok(blocked(attempts, OF_PEER_AND_ACCOUNT, now, "peer and account"));
        }
        let of_account = format!("account {account}");
        let delay = delay(self.add(&of_account, now).await?.count);
        Ok(Counted::Admitted(CountedAttempt { shared: vec![of_peer, of_account], own, delay }))
    }

    /// Counts an attempt of a signed-in user to confirm the own password.
    ///
    /// # Errors
    /// [`AppError::TooManyAttempts`] after too many failures.
    pub(in crate::services) async fn count_confirmation(
        &self,
        tenant: TenantId,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<CountedAttempt> {
        let own = format!("user {}.{}", tenant.0, user.0);
        let attempts = self.add(&own, now).await?;
        if attempts.count > OF_PEER_AND_ACCOUNT {
            return Err(AppError::TooManyAttempts { retry_after: time_left(attempts, now) });
        }
        Ok(CountedAttempt { shared: Vec::new(), own, delay: Duration::ZERO })
    }

    /// Forgets the failures of the peer with this account, and takes the attempt back elsewhere.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub(in crate::services) async fn succeeded(&self, attempt: &CountedAttempt) -> Result<()> {
        self.take_back(&attempt.shared).await?;
        let mut tx = self.database.begin_cross_tenant().await?;
        tx.forget_attempts(&attempt.own).await?;
        tx.commit().await
    }

    /// Takes back an attempt that was not made.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub(in crate::services) async fn not_made(&self, attempt: CountedAttempt) -> Result<()> {
        let mut keys = attempt.shared;
        keys.push(attempt.own);
        self.take_back(&keys).await
    }

    /// Each key has a transaction of its own, so that concurrent ones do not wait for each other in a circle.
    async fn add(&self, key: &str, now: DateTime<Utc>) -> Result<Attempts> {
        let mut tx = self.database.begin_cross_tenant().await?;
        let attempts = tx.count_attempt(key, now, now - WINDOW).await?;
        tx.commit().await?;
        if attempts.count == 1 {
            self.delete_expired(now).await;
        }
        Ok(attempts)
    }

    async fn take_back(&self, keys: &[String]) -> Result<()> {
        for key in keys {
            let mut tx = self.database.begin_cross_tenant().await?;
            tx.take_back_attempt(key).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn delete_expired(&self, now: DateTime<Utc>) {
        let deleted = async {
            let mut tx = self.database.begin_cross_tenant().await?;
            tx.delete_expired_attempts(now - WINDOW).await?;
            tx.commit().await
        };
        let deleted: Result<()> = deleted.await;
        if let Err(error) = deleted {
            tracing::debug!(%error, "expired attempts to sign in could not be deleted");
        }
    }
}

fn blocked(attempts: Attempts, limit: i64, now: DateTime<Utc>, reason: &'static str) -> Counted {
    let is_first = attempts.count == limit + 1;
    Counted::Blocked { retry_after: time_left(attempts, now), is_first, reason }
}

/// The time until the attempts are forgotten.
fn time_left(attempts: Attempts, now: DateTime<Utc>) -> Duration {
    (attempts.since + WINDOW - now).to_std().unwrap_or(Duration::from_secs(1))
}

/// The delay of the attempt with this number.
fn delay(number: i64) -> Duration {
    match u32::try_from(number.saturating_sub(OF_ACCOUNT)) {
        Ok(0) => Duration::ZERO,
        Ok(over) => FIRST_DELAY.saturating_mul(2_u32.saturating_pow(over - 1)).min(MAX_DELAY),
        Err(_) if number < OF_ACCOUNT => Duration::ZERO,
        Err(_) => MAX_DELAY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_beyond_the_limit_of_an_account_are_delayed_more_and_more() {
        let millis = [10, 11, 12, 15, 16, 1_000_000, i64::MAX].map(|number| delay(number).as_millis());
        assert_eq!(millis, [0, 250, 500, 4_000, 4_000, 4_000, 4_000]);
    }
}
