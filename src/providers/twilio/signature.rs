//! Signs and verifies webhooks like Twilio, so that only Twilio can post messages.
//!
//! `X-Twilio-Signature` is the base64 of HMAC-SHA1, keyed with the account's auth token, over the
//! URL followed by the name and value of every form parameter in order. The tests compare the
//! results with those of the official Python validator.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha1::Sha1;
use subtle::{Choice, ConstantTimeEq as _};

/// The header that carries the signature.
pub const HEADER: &str = "X-Twilio-Signature";

/// Computes the signature of a form that is posted to `url`. The URL must match exactly, including
/// its query.
#[must_use]
pub fn sign(token: &SecretString, url: &str, params: &[(String, String)]) -> String {
    let mut params: Vec<_> = params.iter().collect();
    // The order of UTF-8 bytes is that of code points.
    params.sort_unstable();
    params.dedup();
    STANDARD.encode(digest(token, url, &params))
}

/// True if `header` is the signature of this form at `url`, with or without the port in the URL,
/// because Twilio is not consistent about it.
///
/// Nothing verifies against an empty token.
#[must_use]
pub fn verify(token: &SecretString, header: &str, url: &str, params: &[(String, String)]) -> bool {
    if token.expose_secret().is_empty() {
        return false;
    }
    // All variants are compared in full, so that the time does not depend on the signature.
    let matches = spellings(url).iter().fold(Choice::from(0), |found, url| {
        found | sign(token, url, params).as_bytes().ct_eq(header.as_bytes())
    });
    matches.into()
}

fn digest(token: &SecretString, url: &str, sorted: &[&(String, String)]) -> impl AsRef<[u8]> {
    let mut mac = Hmac::<Sha1>::new_from_slice(token.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length (RFC 2104)");
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac.finalize().into_bytes()
}

/// The URL as given, and with its port removed or the default port of the scheme added.
fn spellings(url: &str) -> [String; 2] {
    let (scheme, after) = url.split_once("://").unwrap_or(("", url));
    let end = after.find(['/', '?', '#']).unwrap_or(after.len());
    let (authority, rest) = after.split_at(end);
    let other = if let Some(host) = without_port(authority) {
        host.to_owned()
    } else {
        let port = if scheme.eq_ignore_ascii_case("https") { 443 } else { 80 };
        format!("{authority}:{port}")
    };
    [url.to_owned(), format!("{scheme}://{other}{rest}")]
}

/// The authority without its port; `None` if it has no port. Colons within an IPv6 address are not
/// separators.
fn without_port(authority: &str) -> Option<&str> {
    let (host, port) = authority.rsplit_once(':')?;
    (!port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())).then_some(host)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Case {
        name: String,
        token: SecretToken,
        signed_url: String,
        url: String,
        params: Vec<(String, String)>,
        signature: String,
        accepted: bool,
    }

    #[derive(Deserialize)]
    #[serde(transparent)]
    struct SecretToken(String);

    impl SecretToken {
        fn get(&self) -> SecretString {
            SecretString::from(self.0.clone())
        }
    }

    fn cases() -> Vec<Case> {
        serde_json::from_str(include_str!("../../../tests/fixtures/twilio/signatures.json")).unwrap()
    }

    #[test]
    fn signatures_agree_with_the_official_validator() {
        let cases = cases();
        assert!(cases.iter().any(|case| case.accepted) && cases.iter().any(|case| !case.accepted));
        for case in cases {
            let verdict = verify(&case.token.get(), &case.signature, &case.url, &case.params);
            assert_eq!(verdict, case.accepted, "{}", case.name);
        }
    }

    #[test]
    fn sign_matches_twilios_example() {
        for case in cases().iter().filter(|case| case.accepted) {
            let signature = sign(&case.token.get(), &case.signed_url, &case.params);
            assert_eq!(signature, case.signature, "{}", case.name);
        }
    }

    #[test]
    fn changing_any_byte_invalidates_the_signature() {
        let Case { token, url, params, signature, .. } = cases().swap_remove(1);
        let token = token.get();
        let refused = |signature: &str, url: &str, params: &[(String, String)]| {
            assert!(!verify(&token, signature, url, params), "{signature} {url} {params:?}");
        };
        for at in 0..signature.len() {
            refused(&flip(&signature, at), &url, &params);
        }
        for at in 0..url.len() {
            refused(&signature, &flip(&url, at), &params);
        }
        for index in 0..params.len() {
            let mut changed = params.clone();
            changed[index].1 = flip(&changed[index].1, 0);
            refused(&signature, &url, &changed);
            changed.remove(index);
            refused(&signature, &url, &changed);
        }
        assert!(verify(&token, &signature, &url, &params));
    }

    /// Flips the lowest bit of one ASCII character, which stays ASCII.
    fn flip(text: &str, at: usize) -> String {
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] ^= 1;
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn missing_truncated_and_padded_signatures_are_rejected() {
        let Case { token, url, params, signature, .. } = cases().swap_remove(1);
        for header in ["", " ", "=", &signature[..10], &format!("{signature} "), &signature.to_lowercase()] {
            assert!(!verify(&token.get(), header, &url, &params), "{header:?}");
        }
    }

    #[test]
    fn empty_tokens_verify_nothing() {
        let token = SecretString::from("");
        let signature = sign(&token, "https://a.example/", &[]);
        assert!(!verify(&token, &signature, "https://a.example/", &[]));
    }

    #[test]
    fn parameter_order_does_not_matter() {
        for case in cases().iter().filter(|case| case.accepted) {
            let mut params = case.params.clone();
            params.reverse();
            assert!(verify(&case.token.get(), &case.signature, &case.url, &params), "{}", case.name);
        }
    }

    #[test]
    fn ports_are_recognised_in_any_authority() {
        for (one, other) in [
            ("https://[::1]/a:1", "https://[::1]:443/a:1"),
            ("http://localhost:8080?q", "http://localhost?q"),
            ("http://a.example", "http://a.example:80"),
            (
                "https://a.example/?next=http://b.example:1/",
                "https://a.example:443/?next=http://b.example:1/",
            ),
        ] {
            assert_eq!(spellings(one), [one, other]);
        }
    }
}
