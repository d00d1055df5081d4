//! Browsers that have signed in before, by a signed cookie (OWASP: device cookies). Their attempts are counted for
//! themselves, so that strangers who guess a user's password do not keep the user out.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};

use crate::{domain::Email, services::Vault};

/// The time for which a browser is known after it has signed in.
pub const BROWSER_LIFETIME: TimeDelta = TimeDelta::days(365);

/// A browser that has signed in to an account before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::services) struct KnownBrowser {
    id: String,
}

impl KnownBrowser {
    /// The browser with this cookie, if it has signed in to the account.
    pub(in crate::services) fn recognize(
        vault: &Vault,
        cookie: &str,
        email: &Email,
        password_hash: &str,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let (named, signature) = cookie.rsplit_once('.')?;
        let (id, until) = named.split_once('.')?;
        let is_valid = vault.is_signed(&signed_text(named, email, password_hash), signature)
            && until.parse::<i64>().is_ok_and(|until| now.timestamp() < until);
        is_valid.then(|| Self { id: id.to_owned() })
    }

    /// The cookie of a browser that has just signed in to the account.
    pub(in crate::services) fn cookie(
        vault: &Vault,
        email: &Email,
        password_hash: &str,
        now: DateTime<Utc>,
    ) -> String {
        let id = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        let named = format!("{id}.{}", (now + BROWSER_LIFETIME).timestamp());
        let signature = vault.sign(&signed_text(&named, email, password_hash));
        format!("{named}.{signature}")
    }

    /// The random id of the browser.
    pub(in crate::services) fn id(&self) -> &str {
        &self.id
    }
}

/// The cookie ends with the password that it was given for.
fn signed_text(named: &str, email: &Email, password_hash: &str) -> String {
    format!("browser {named} {email} {password_hash}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::SecretKey;

    #[test]
    fn a_cookie_is_valid_for_its_account_until_it_ends() {
        let key = |byte: u8| {
            Vault::new(
                &SecretKey::from_base64(&format!("{}=", "A".repeat(42) + &char::from(byte).to_string()))
                    .unwrap(),
            )
        };
        let (vault, now) = (key(b'A'), DateTime::UNIX_EPOCH);
        let [mine, other] = ["a@example.uz", "b@example.uz"].map(|email| Email::parse(email).unwrap());
        let cookie = KnownBrowser::cookie(&vault, &mine, "hash", now);
        let known = |vault: &Vault, cookie: &str, email: &Email, at| {
            KnownBrowser::recognize(vault, cookie, email, "hash", at)
        };
        assert!(known(&vault, &cookie, &mine, now).is_some());
        assert_eq!(known(&vault, &cookie, &other, now), None);
        assert_eq!(known(&vault, &cookie, &mine, now + BROWSER_LIFETIME), None);
        assert_eq!(known(&key(b'E'), &cookie, &mine, now), None);
        assert_eq!(KnownBrowser::recognize(&vault, &cookie, &mine, "another hash", now), None);
        for wrong in [
            "",
            ".",
            "..",
            "a.99999999999.",
            &cookie[1..],
            &cookie[..cookie.len() - 1],
            &format!("{cookie}A"),
        ] {
            assert_eq!(known(&vault, wrong, &mine, now), None, "{wrong}");
        }
    }
}
