//! Encryption of stored credentials, bound to the record that they belong to.

use std::{fmt, fs, io::Write as _, path::Path, sync::Arc};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Generate as _, Key, KeyInit as _, Payload},
};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

use crate::error::{AppError, Result};

/// The first byte of encrypted data, for a future change of key or cipher.
const VERSION: u8 = 1;
const NONCE_LENGTH: usize = 24;

/// A key of 32 bytes from the configuration or the data directory.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// Decodes 32 bytes in base64.
    ///
    /// # Errors
    /// [`AppError::Internal`] for anything else.
    pub fn from_base64(text: &str) -> Result<Self> {
        let bytes = STANDARD.decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| AppError::internal("the secret key must be 32 bytes in base64"))
    }

    /// Reads the key file, or creates one that only its owner may read.
    ///
    /// # Errors
    /// [`AppError::Internal`] if the file cannot be read, written or decoded.
    pub fn from_file(path: &Path) -> Result<Self> {
        match fs::read_to_string(path) {
            Ok(text) => Self::from_base64(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::create(path),
            Err(error) => Err(AppError::internal(error)),
        }
    }

    fn create(path: &Path) -> Result<Self> {
        let key = Self(rand::random());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(AppError::internal)?;
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(mut file) => {
                file.write_all(STANDARD.encode(key.0).as_bytes())
                    .and_then(|()| file.sync_all())
                    .map_err(AppError::internal)?;
                Ok(key)
            }
            // Another process has created the file, and its key is used.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Self::from_file(path),
            Err(error) => Err(AppError::internal(error)),
        }
    }
}

/// Encrypts and decrypts secrets (XChaCha20-Poly1305), and signs links (HMAC-SHA-256).
#[derive(Clone)]
pub struct Vault(Arc<Keys>);

struct Keys {
    cipher: XChaCha20Poly1305,
    links: Hmac<Sha256>,
}

impl Vault {
    /// Creates a vault with this key.
    pub fn new(key: &SecretKey) -> Self {
        let cipher = XChaCha20Poly1305::new(&Key::<XChaCha20Poly1305>::from(key.0));
        // A derived key, so that signatures reveal nothing about the key of the cipher.
        let derived = mac(&key.0).chain_update(b"links of files, version 1").finalize().into_bytes();
        Self(Arc::new(Keys { cipher, links: mac(&derived) }))
    }

    /// Signs a text.
    pub fn sign(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.0.links.clone().chain_update(text).finalize().into_bytes())
    }

    /// True if `signature` is that of [`Vault::sign`] for this text; compares in constant time.
    pub fn is_signed(&self, text: &str, signature: &str) -> bool {
        let given = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        self.0.links.clone().chain_update(text).verify_slice(&given).is_ok()
    }

    /// Encrypts `secret` for `owner`; it cannot be decrypted for another record.
    ///
    /// # Errors
    /// [`AppError::Internal`] if the cipher fails, which does not happen for secrets of this size.
    pub fn seal(&self, secret: &SecretString, owner: &[u8]) -> Result<Vec<u8>> {
        let nonce = XNonce::generate();
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: owner };
        let sealed = self
            .0
            .cipher
            .encrypt(&nonce, payload)
            .map_err(|_| AppError::internal("sealing a secret failed"))?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts the result of [`Vault::seal`] for the same `owner`.
    ///
    /// # Errors
    /// [`AppError::Internal`] for another key, another owner, or modified data.
    pub fn open(&self, sealed: &[u8], owner: &[u8]) -> Result<SecretString> {
        let wrong = || {
            AppError::internal("a stored secret can't be opened: is the secret key the one it was made with?")
        };
        let (version, rest) = sealed.split_first().ok_or_else(wrong)?;
        let (nonce, msg) = rest.split_at_checked(NONCE_LENGTH).ok_or_else(wrong)?;
        let nonce: [u8; NONCE_LENGTH] = nonce.try_into().map_err(|_| wrong())?;
        if *version != VERSION {
            return Err(wrong());
        }
        let opened =
            self.0.cipher.decrypt(&XNonce::from(nonce), Payload { msg, aad: owner }).map_err(|_| wrong())?;
        String::from_utf8(opened).map(SecretString::from).map_err(|_| wrong())
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn mac(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("a key")
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_open_only_for_their_owner_and_key() {
        let vault = Vault::new(&SecretKey([7; 32]));
        let sealed = vault.seal(&"12345".into(), b"a").unwrap();
        assert!(!sealed.windows(5).any(|w| w == b"12345"));
        assert_eq!(vault.open(&sealed, b"a").unwrap().expose_secret(), "12345");
        assert!(vault.open(&sealed, b"b").is_err());
        assert!(Vault::new(&SecretKey([8; 32])).open(&sealed, b"a").is_err());
        assert!(vault.open(&sealed[..10], b"a").is_err());
        let mut changed = sealed;
        *changed.last_mut().unwrap() ^= 1;
        assert!(vault.open(&changed, b"a").is_err());
    }

    #[test]
    fn signatures_are_valid_only_for_their_text_and_key() {
        let vault = Vault::new(&SecretKey([7; 32]));
        let signature = vault.sign("7.1000");
        assert!(vault.is_signed("7.1000", &signature));
        assert!(!vault.is_signed("7.1001", &signature));
        assert!(!vault.is_signed("7.1000", &signature[1..]));
        assert!(!vault.is_signed("7.1000", ""));
        assert!(!Vault::new(&SecretKey([8; 32])).is_signed("7.1000", &signature));
    }

    #[test]
    fn key_file_is_created_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/secret.key");
        let key = SecretKey::from_file(&path).unwrap();
        assert_eq!(SecretKey::from_file(&path).unwrap().0, key.0);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(&path, "short").unwrap();
        assert!(SecretKey::from_file(&path).is_err());
    }
}
