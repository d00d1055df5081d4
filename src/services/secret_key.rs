//! The key that encrypts stored credentials, and its file.

use std::{
    fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};

use crate::error::{AppError, Result, io_text};

/// A key of 32 bytes from the configuration or the data directory.
#[derive(Clone, PartialEq, Eq)]
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

    /// The bytes of the key.
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The file of the key. During a rotation a second file has the next key, so that the secrets can be opened whenever the
/// process ends: after they were sealed with the next key, the file of the next key replaces the first one.
#[derive(Debug, Clone)]
pub struct KeyFile(PathBuf);

/// The times and sizes of both files, by which a change is noticed.
type Stamp = [Option<(SystemTime, u64)>; 2];

impl KeyFile {
    /// The key file at this path.
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.0
    }

    fn next_path(&self) -> PathBuf {
        self.with_suffix("next")
    }

    fn with_suffix(&self, suffix: &str) -> PathBuf {
        let mut path = self.0.clone().into_os_string();
        path.push(".");
        path.push(suffix);
        path.into()
    }

    /// Reads the keys that can open secrets, the newest first. Creates a key that only its owner may read if there is none.
    ///
    /// # Errors
    /// [`AppError::Internal`] if a file cannot be read, written or decoded.
    pub fn keys(&self) -> Result<Vec<SecretKey>> {
        let current = match read(&self.0)? {
            Some(key) => key,
            None => create(&self.0)?,
        };
        Ok(read(&self.next_path())?.into_iter().chain([current]).collect())
    }

    /// Creates the next key, unless an interrupted rotation has created it. From now on new secrets are sealed with it.
    ///
    /// # Errors
    /// [`AppError::Internal`] if a file cannot be read or written.
    pub fn begin_rotation(&self) -> Result<()> {
        let next = self.next_path();
        if read(&next)?.is_none() {
            create(&next)?;
        }
        Ok(())
    }

    /// Replaces the key by the next one when nothing is sealed with the former any more. The former key is kept beside it,
    /// because backups from before need it. Returns the path of the former key.
    ///
    /// # Errors
    /// [`AppError::Internal`] if a file cannot be written.
    pub fn finish_rotation(&self, now: DateTime<Utc>) -> Result<PathBuf> {
        let former = self.with_suffix(&format!("until-{}", now.format("%Y%m%dT%H%M%SZ")));
        let failed = |error| failed(&former, &error);
        fs::copy(&self.0, &former).and_then(|_| fs::File::open(&former)?.sync_all()).map_err(failed)?;
        fs::rename(self.next_path(), &self.0).map_err(failed)?;
        if let Some(folder) = self.0.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        }
        Ok(former)
    }

    /// The state of the files, which differs after a change.
    pub(super) fn stamp(&self) -> Stamp {
        [self.0.clone(), self.next_path()].map(|path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        })
    }
}

fn failed(path: &Path, error: &std::io::Error) -> AppError {
    AppError::internal(format!("the secret key {}: {}", path.display(), io_text(error)))
}

/// Reads a key; `None` if the file does not exist.
fn read(path: &Path) -> Result<Option<SecretKey>> {
    match fs::read_to_string(path) {
        Ok(text) => match SecretKey::from_base64(&text) {
            Ok(key) => Ok(Some(key)),
            Err(error) => Err(AppError::internal(format!("{}: {error}", path.display()))),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, &error)),
    }
}

fn create(path: &Path) -> Result<SecretKey> {
    let key = SecretKey(rand::random());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| failed(path, &error))?;
    }
    // Written under another name first: a process that ends in between leaves no half of a key.
    let partial = path.with_extension(format!("{}.partial", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&partial).and_then(|mut file| {
        file.write_all(STANDARD.encode(key.0).as_bytes())?;
        file.sync_all()?;
        // Fails if another process has created the key.
        fs::hard_link(&partial, path)
    });
    // Where it was not created there is nothing to remove.
    let _ = fs::remove_file(&partial);
    match written {
        Ok(()) => Ok(key),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            read(path)?.ok_or_else(|| failed(path, &ErrorKind::NotFound.into()))
        }
        Err(error) => Err(failed(path, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_file_is_created_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile::new(folder.path().join("deep/secret.key"));
        let keys = file.keys().unwrap();
        assert!(keys.len() == 1 && file.keys().unwrap() == keys);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(file.path(), "short").unwrap();
        let error = file.keys().err().unwrap().to_string();
        assert!(error.contains("secret.key") && error.contains("32 bytes"), "{error}");
    }

    #[test]
    fn a_rotation_can_be_interrupted_and_keeps_the_former_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile::new(folder.path().join("secret.key"));
        let former = file.keys().unwrap().remove(0);
        let before = file.stamp();
        file.begin_rotation().unwrap();
        assert!(file.stamp() != before);
        let during = file.keys().unwrap();
        assert!(during.len() == 2 && during[1] == former && during[0] != former);
        file.begin_rotation().unwrap();
        assert!(file.keys().unwrap() == during, "it is continued with the same key");
        let kept = file.finish_rotation(DateTime::UNIX_EPOCH).unwrap();
        assert!(file.keys().unwrap() == during[..1]);
        assert!(kept.ends_with("secret.key.until-19700101T000000Z"));
        assert!(read(&kept).unwrap() == Some(former));
    }
}
