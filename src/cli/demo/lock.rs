//! The lock of the demo in a data directory: a second demo would replace the database of the first one.

use std::{
    fs::{self, File, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use crate::error::{AppError, Result};

/// A locked file, which contains the address of the running demo. The lock ends with the process.
pub(super) struct DemoLock {
    file: File,
    path: PathBuf,
}

impl DemoLock {
    /// Locks the data directory, which is created if it does not exist.
    ///
    /// # Errors
    /// [`AppError::Internal`] if a demo runs in the directory, or the file cannot be written.
    pub(super) fn acquire(data_dir: &Path) -> Result<Self> {
        let path = data_dir.join("demo.lock");
        let failed = |error| AppError::path(&path, &error);
        fs::create_dir_all(data_dir).map_err(|error| AppError::path(data_dir, &error))?;
        let mut options = File::options();
        let mut file =
            options.read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file, path }),
            Err(TryLockError::WouldBlock) => {
                let mut url = String::new();
                file.read_to_string(&mut url).map_err(failed)?;
                let at = if url.is_empty() { "is starting".to_owned() } else { format!("is at {url}") };
                Err(AppError::internal(format!(
                    "a demo of the data directory {} {at}; stop it, or set ALOQA_DATA_DIR to another folder",
                    data_dir.display()
                )))
            }
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Writes the address of the running demo, for the message to a second one.
    ///
    /// # Errors
    /// [`AppError::Internal`] if the file cannot be written.
    pub(super) fn write(&mut self, url: &str) -> Result<()> {
        let written = self
            .file
            .set_len(0)
            .and_then(|()| self.file.rewind())
            .and_then(|()| self.file.write_all(url.as_bytes()));
        written.map_err(|error| AppError::path(&self.path, &error))
    }

    /// Removes the file, and the data directory if nothing else is in it.
    pub(super) fn release(self) {
        // A file that remains is locked by nobody.
        let _ = fs::remove_file(&self.path);
        if let Some(folder) = self.path.parent() {
            let _ = fs::remove_dir(folder);
        }
    }
}
