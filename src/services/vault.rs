//! Encryption of stored credentials, bound to the record that they belong to.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Generate as _, Key, KeyInit as _, Payload},
};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

use crate::{
    error::{AppError, Result},
    services::secret_key::{KeyFile, SecretKey},
};

/// The first byte of encrypted data, for a future change of key or cipher.
const VERSION: u8 = 1;
const NONCE_LENGTH: usize = 24;

/// Encrypts and decrypts secrets (XChaCha20-Poly1305), and signs links (HMAC-SHA-256).
///
/// During a rotation there are two keys: secrets are sealed with the newest, and opened with either. A running process
/// notices that the key file was changed when a secret can't be opened, and before it seals one.
#[derive(Clone)]
pub struct Vault(Arc<VaultState>);

struct VaultState {
    file: Option<KeyFile>,
    loaded: RwLock<Loaded>,
    /// The time when the files were last looked at.
    looked: Mutex<Instant>,
}

/// The time after which the files are looked at again, so that a former key verifies nothing for longer.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// The keys, the newest first, and the state of their files when they were read.
struct Loaded {
    keys: Arc<[Keys]>,
    stamp: Option<[Option<(std::time::SystemTime, u64)>; 2]>,
}

struct Keys {
    cipher: XChaCha20Poly1305,
    links: Hmac<Sha256>,
}

impl VaultState {
    fn new(file: Option<KeyFile>, loaded: Loaded) -> Self {
        Self { file, loaded: RwLock::new(loaded), looked: Mutex::new(Instant::now()) }
    }
}

impl Keys {
    fn new(key: &SecretKey) -> Self {
        let cipher = XChaCha20Poly1305::new(&Key::<XChaCha20Poly1305>::from(*key.bytes()));
        // A derived key, so that signatures reveal nothing about the key of the cipher.
        let derived = mac(key.bytes()).chain_update(b"links of files, version 1").finalize().into_bytes();
        Self { cipher, links: mac(&derived) }
    }

    fn open(&self, sealed: &[u8], owner: &[u8]) -> Option<SecretString> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, msg) = rest.split_at_checked(NONCE_LENGTH)?;
        let nonce: [u8; NONCE_LENGTH] = nonce.try_into().ok()?;
        if *version != VERSION {
            return None;
        }
        let opened = self.cipher.decrypt(&XNonce::from(nonce), Payload { msg, aad: owner }).ok()?;
        String::from_utf8(opened).map(SecretString::from).ok()
    }
}

impl Vault {
    /// Creates a vault with this key.
    pub fn new(key: &SecretKey) -> Self {
        Self::with_keys(std::slice::from_ref(key))
    }

    /// Creates a vault that seals with the first key and opens with each.
    pub fn with_keys(keys: &[SecretKey]) -> Self {
        let loaded = Loaded { keys: keys.iter().map(Keys::new).collect(), stamp: None };
        Self(Arc::new(VaultState::new(None, loaded)))
    }

    /// Creates a vault with the keys of a file, which is created if it does not exist.
    ///
    /// # Errors
    /// [`AppError::Internal`] if the file cannot be read, written or decoded.
    pub fn from_file(file: KeyFile) -> Result<Self> {
        let loaded = load(&file)?;
        Ok(Self(Arc::new(VaultState::new(Some(file), loaded))))
    }

    /// The keys, which are at most a second old.
    fn keys(&self) -> Arc<[Keys]> {
        if self.0.file.is_some() {
            let mut looked = self.0.looked.lock().unwrap_or_else(PoisonError::into_inner);
            let is_due = looked.elapsed() >= LOOK_INTERVAL;
            if is_due {
                *looked = Instant::now();
            }
            drop(looked);
            if is_due && let Err(error) = self.reload() {
                tracing::error!(%error, "the secret key can't be read again; the one that was read before is used");
            }
        }
        self.0.loaded.read().unwrap_or_else(PoisonError::into_inner).keys.clone()
    }

    /// Reads the keys again if their files have changed; returns whether they have.
    fn reload(&self) -> Result<bool> {
        let Some(file) = &self.0.file else { return Ok(false) };
        let stamp = self.0.loaded.read().unwrap_or_else(PoisonError::into_inner).stamp;
        if stamp == Some(file.stamp()) {
            return Ok(false);
        }
        let loaded = load(file)?;
        *self.0.loaded.write().unwrap_or_else(PoisonError::into_inner) = loaded;
        Ok(true)
    }

    /// Signs a text.
    pub fn sign(&self, text: &str) -> String {
        let signature = self.keys().first().map(|keys| keys.links.clone().chain_update(text).finalize());
        signature.map(|signature| URL_SAFE_NO_PAD.encode(signature.into_bytes())).unwrap_or_default()
    }

    /// True if `signature` is that of [`Vault::sign`] for this text; compares in constant time.
    pub fn is_signed(&self, text: &str, signature: &str) -> bool {
        let given = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        let verifies = |keys: &Keys| keys.links.clone().chain_update(text).verify_slice(&given).is_ok();
        self.keys().iter().any(verifies) || self.reload().unwrap_or(false) && self.keys().iter().any(verifies)
    }

    /// Encrypts `secret` for `owner`; it cannot be decrypted for another record.
    ///
    /// # Errors
    /// [`AppError::Internal`] if the key file cannot be read, or the cipher fails, which does not happen for secrets of
    /// this size.
    pub fn seal(&self, secret: &SecretString, owner: &[u8]) -> Result<Vec<u8>> {
        self.reload()?;
        let nonce = XNonce::generate();
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: owner };
        let sealed = self.keys().first().and_then(|keys| keys.cipher.encrypt(&nonce, payload).ok());
        let sealed = sealed.ok_or_else(|| AppError::internal("sealing a secret failed"))?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts the result of [`Vault::seal`] for the same `owner`.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] for another key, another owner, or modified data: the operator can put the right key back,
    /// and what was not done until then can be done again.
    pub fn open(&self, sealed: &[u8], owner: &[u8]) -> Result<SecretString> {
        let open = || self.keys().iter().find_map(|keys| keys.open(sealed, owner));
        if let Some(secret) = open() {
            return Ok(secret);
        }
        let again = if self.reload()? { open() } else { None };
        again.ok_or_else(|| AppError::Unavailable(WRONG_KEY.into()))
    }
}

/// The description of a secret that can't be opened.
const WRONG_KEY: &str = "a stored secret can't be opened: the secret key is not the one that it was sealed with. Put back the \
    key from when the channel was connected, or enter the credentials of the channel again";

fn load(file: &KeyFile) -> Result<Loaded> {
    // The state is read first: a change meanwhile makes the keys be read once more.
    let before = file.stamp();
    let keys = file.keys()?;
    let created = before[0].is_none();
    let stamp = if created { file.stamp() } else { before };
    Ok(Loaded { keys: keys.iter().map(Keys::new).collect(), stamp: Some(stamp) })
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

    fn key(byte: u8) -> SecretKey {
        SecretKey::from_base64(&base64::engine::general_purpose::STANDARD.encode([byte; 32])).unwrap()
    }

    #[test]
    fn secrets_open_only_for_their_owner_and_key() {
        let vault = Vault::new(&key(7));
        let sealed = vault.seal(&"12345".into(), b"a").unwrap();
        assert!(!sealed.windows(5).any(|w| w == b"12345"));
        assert_eq!(vault.open(&sealed, b"a").unwrap().expose_secret(), "12345");
        assert!(vault.open(&sealed, b"b").is_err());
        assert!(Vault::new(&key(8)).open(&sealed, b"a").is_err());
        assert!(vault.open(&sealed[..10], b"a").is_err());
        let mut changed = sealed;
        *changed.last_mut().unwrap() ^= 1;
        assert!(vault.open(&changed, b"a").is_err());
    }

    #[test]
    fn signatures_are_valid_only_for_their_text_and_key() {
        let vault = Vault::new(&key(7));
        let signature = vault.sign("7.1000");
        assert!(vault.is_signed("7.1000", &signature));
        assert!(!vault.is_signed("7.1001", &signature));
        assert!(!vault.is_signed("7.1000", &signature[1..]));
        assert!(!vault.is_signed("7.1000", ""));
        assert!(!Vault::new(&key(8)).is_signed("7.1000", &signature));
    }

    #[test]
    fn a_running_process_notices_a_rotation() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile::new(folder.path().join("secret.key"));
        let [running, other] = [0, 1].map(|_| Vault::from_file(file.clone()).unwrap());
        let before = running.seal(&"12345".into(), b"a").unwrap();
        file.begin_rotation().unwrap();
        // Another process seals with the next key; both keys open.
        let during = other.seal(&"67890".into(), b"a").unwrap();
        assert_eq!(running.open(&during, b"a").unwrap().expose_secret(), "67890");
        assert_eq!(running.open(&before, b"a").unwrap().expose_secret(), "12345");
        let link = running.sign("7.1000");
        file.finish_rotation(chrono::DateTime::UNIX_EPOCH).unwrap();
        let after = Vault::from_file(file.clone()).unwrap();
        assert!(after.open(&before, b"a").is_err(), "the former key is not read any more");
        assert_eq!(after.open(&during, b"a").unwrap().expose_secret(), "67890");
        assert!(after.is_signed("7.1000", &link) && running.is_signed("7.1000", &after.sign("7.1000")));
    }
}
