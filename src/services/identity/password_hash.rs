//! Hashing of passwords with Argon2id (RFC 9106), a few at a time.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

use crate::{
    domain::{PeerNetwork, check_new_password, normalize_password},
    error::{AppError, Result},
};

/// A hash to verify against when the address is unknown, so that the work is the same as for a known one. No password
/// has it.
const HASH_OF_NOBODY: &str =
    "$argon2id$v=19$m=47104,t=1,p=1$bm9ib2R5J3Mgc2FsdCE$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

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

/// Checks a new password and hashes it, in PHC format. `own` are words that others know of the user.
///
/// # Errors
/// [`AppError::Invalid`] for a password that is too short or too common.
pub(in crate::services) async fn hash_new_password(password: SecretString, own: &[&str]) -> Result<String> {
    check_new_password(password.expose_secret(), own)
        .map_err(|problem| AppError::invalid("password", problem))?;
    let _permit = HASHING.acquire().await.map_err(AppError::internal)?;
    let hash = move || {
        let normalized = SecretString::from(normalize_password(password.expose_secret()));
        let hash = ARGON2.hash_password(normalized.expose_secret().as_bytes());
        hash.map(|hash| hash.to_string()).map_err(|error| AppError::internal(error.to_string()))
    };
    tokio::task::spawn_blocking(hash).await.map_err(AppError::internal)?
}

/// Returns which of the hashes the password has. Without hashes, the same work is done as for one.
pub(in crate::services) async fn verify_password(
    password: &SecretString,
    hashes: Vec<String>,
) -> Result<Vec<bool>> {
    let known = hashes.len();
    let hashes = if hashes.is_empty() { vec![HASH_OF_NOBODY.to_owned()] } else { hashes };
    // Passwords of earlier versions were hashed as they were typed. The second comparison depends on the password alone.
    let mut typed = vec![SecretString::from(normalize_password(password.expose_secret()))];
    if typed[0].expose_secret() != password.expose_secret() {
        typed.push(password.clone());
    }
    let mut results = Vec::new();
    // One permit for all: a second wait would tell that there are several.
    let _permit = HASHING.acquire().await.map_err(AppError::internal)?;
    for hash in hashes {
        let typed = typed.clone();
        let verify = move || {
            let hash = PasswordHash::new(&hash).map_err(|error| AppError::internal(error.to_string()))?;
            let verify = |typed: &SecretString| {
                ARGON2.verify_password(typed.expose_secret().as_bytes(), &hash).is_ok()
            };
            Ok::<_, AppError>(typed.iter().map(verify).fold(false, |any, one| any | one))
        };
        results.push(tokio::task::spawn_blocking(verify).await.map_err(AppError::internal)??);
    }
    results.truncate(known);
    Ok(results)
}

/// The attempts to sign in that wait for their password to be verified, by peer. The line is short, so that an attempt
/// is answered soon or refused at once, and one peer can't fill it.
#[derive(Clone, Default)]
pub(in crate::services) struct VerificationLine(Arc<Mutex<HashMap<PeerNetwork, usize>>>);

/// A place in the line, which is given back when it is dropped.
pub(in crate::services) struct Place {
    line: VerificationLine,
    peer: PeerNetwork,
}

impl VerificationLine {
    /// The maximum number of attempts in the line.
    const LENGTH: usize = 48;
    /// The number of places, included in the maximum, for browsers that have signed in before.
    const RESERVE: usize = 16;
    /// The maximum number of places of one peer.
    const PER_PEER: usize = 12;
    /// The maximum number of places of one peer, including those of browsers that have signed in before.
    const PER_PEER_KNOWN: usize = 16;

    /// Enters the line.
    ///
    /// # Errors
    /// [`AppError::Busy`] if it is full, or has too many of this peer.
    pub(in crate::services) fn enter(&self, peer: PeerNetwork, is_known: bool) -> Result<Place> {
        let mut waiting = self.lock();
        let length: usize = waiting.values().sum();
        let of_peer = waiting.get(&peer).copied().unwrap_or_default();
        let is_full = if is_known {
            length >= Self::LENGTH || of_peer >= Self::PER_PEER_KNOWN
        } else {
            length >= Self::LENGTH - Self::RESERVE || of_peer >= Self::PER_PEER
        };
        if is_full {
            return Err(AppError::Busy);
        }
        *waiting.entry(peer).or_default() += 1;
        drop(waiting);
        Ok(Place { line: self.clone(), peer })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PeerNetwork, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut waiting = self.line.lock();
        if let Some(of_peer) = waiting.get_mut(&self.peer) {
            *of_peer -= 1;
            if *of_peer == 0 {
                waiting.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn peer(last: u8) -> PeerNetwork {
        IpAddr::from([203, 0, 113, last]).into()
    }

    #[tokio::test]
    async fn the_hash_of_nobody_costs_as_much_as_one_of_a_user() {
        let hash = hash_new_password("correct horse battery".into(), &[]).await.unwrap();
        let parameters = |hash: &str| PasswordHash::new(hash).unwrap().params.to_string();
        assert_eq!(parameters(&hash), parameters(HASH_OF_NOBODY));
        let length = |hash: &str| PasswordHash::new(hash).unwrap().hash.unwrap().len();
        assert_eq!(length(&hash), length(HASH_OF_NOBODY));
        assert_eq!(verify_password(&"anything".into(), Vec::new()).await.unwrap(), [false; 0]);
    }

    #[tokio::test]
    async fn the_same_characters_are_the_same_password() {
        let hash = hash_new_password("caf\u{e9} ﬁrst door".into(), &[]).await.unwrap();
        let matches =
            async |typed: &str| verify_password(&typed.into(), vec![hash.clone()]).await.unwrap()[0];
        assert!(matches("cafe\u{301} first door").await && matches("caf\u{e9} ﬁrst door").await);
        assert!(!matches("cafe first door").await);
        // A hash of an earlier version is of the password as it was typed.
        let typed = "cafe\u{301} first door";
        let old = vec![ARGON2.hash_password(typed.as_bytes()).unwrap().to_string()];
        assert_eq!(verify_password(&typed.into(), old).await.unwrap(), [true]);
    }

    #[test]
    fn one_peer_leaves_places_for_others_and_strangers_leave_some_for_known_browsers() {
        let line = VerificationLine::default();
        let mut places: Vec<_> = (0..12).map(|_| line.enter(peer(1), false).unwrap()).collect();
        assert!(matches!(line.enter(peer(1), false), Err(AppError::Busy)));
        places.extend((0..4).map(|_| line.enter(peer(1), true).unwrap()));
        assert!(line.enter(peer(1), true).is_err(), "its known browsers have no more either");
        for other in 2..=17 {
            places.push(line.enter(peer(other), false).unwrap());
        }
        assert!(line.enter(peer(99), false).is_err(), "the rest is reserved");
        places.extend((0..16).map(|_| line.enter(peer(99), true).unwrap()));
        assert!(line.enter(peer(98), true).is_err(), "it is full");
        places.truncate(3);
        assert!(line.enter(peer(1), false).is_ok());
        drop(places);
        assert!(line.lock().is_empty());
    }
}
