//! Backups of the embedded database and its files, on request and by a schedule.
//!
//! A backup is the file of the database and, beside it, a folder with the files that its rows refer to. Stored files never
//! change, therefore a backup on the same disk has links to them instead of copies. The key that encrypts credentials is
//! not part of it.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use crate::{
    error::{AppError, Result},
    persistence::{Database, DatabaseCopy},
    services::Clock,
    storage::{FileKey, Storage},
};

/// The format of the names of scheduled backups; they sort by their time.
const NAME: &str = "aloqa-%Y%m%dT%H%M%SZ.db";
/// The pause after a scheduled backup has failed, unless the next one is due earlier.
const RETRY: TimeDelta = TimeDelta::minutes(10);

/// A finished backup.
#[derive(Debug)]
pub struct Backup {
    /// The size of the database in bytes.
    pub bytes: u64,
    /// The folder of the files; `None` if they are in a bucket, which is not copied.
    pub folder: Option<PathBuf>,
    /// The number of files.
    pub files: usize,
    /// The number of files that rows refer to and that did not exist, because they were deleted meanwhile, or were lost.
    pub missing: usize,
}

/// Writes a backup of the running embedded database to `file`, and its files to the folder of the same name with
/// `.files` at its end. The file exists only if the backup is complete and was checked.
///
/// # Errors
/// [`AppError::Internal`] if the database is not the embedded one, if the file or the folder exists, or if something cannot
/// be read or written; then nothing is left behind.
pub async fn create(database: &Database, storage: &Storage, file: &Path) -> Result<Backup> {
    let (partial, folder) = (with_ending(file, ".partial"), with_ending(file, ".files"));
    for path in [file, &partial, &folder] {
        if path.try_exists().map_err(|error| failed(path, &error))? {
            return Err(AppError::internal(format!("{} exists already", path.display())));
        }
    }
    let parent = file.parent().filter(|parent| *parent != Path::new(""));
    if let Some(missing) = parent.filter(|parent| !parent.is_dir()) {
        return Err(AppError::internal(format!("there is no folder {}", missing.display())));
    }
    let created = write(database, storage, &partial, &folder).await;
    let created = created.and_then(|backup| {
        fs::rename(&partial, file).map_err(|error| failed(file, &error))?;
        Ok(backup)
    });
    if created.is_err() {
        // What could not be created need not be removed.
        let _ = fs::remove_file(&partial);
        let _ = fs::remove_dir_all(&folder);
    }
    created
}

async fn write(database: &Database, storage: &Storage, partial: &Path, folder: &Path) -> Result<Backup> {
    database.copy_to(partial).await?;
    let copy = DatabaseCopy::check(partial).await?;
    let bytes = fs::File::open(partial)
        .and_then(|file| {
            file.sync_all()?;
            file.metadata()
        })
        .map_err(|error| failed(partial, &error))?
        .len();
    let Some(stored) = storage.folder().map(Path::to_owned) else {
        return Ok(Backup { bytes, folder: None, files: 0, missing: 0 });
    };
    let target = folder.to_owned();
    let copied = tokio::task::spawn_blocking(move || copy_files(&stored, &target, &copy.file_keys));
    let (files, missing) = copied.await.map_err(AppError::internal)??;
    Ok(Backup { bytes, folder: Some(folder.to_owned()), files, missing })
}

/// Copies the files of these keys; returns the number of copied and of missing ones.
fn copy_files(stored: &Path, target: &Path, keys: &[String]) -> Result<(usize, usize)> {
    fs::create_dir_all(target).map_err(|error| failed(target, &error))?;
    let (mut files, mut missing) = (0, 0);
    for key in keys {
        // The form of a key is checked, so that no row names a path outside of the folders.
        let key = key.parse::<FileKey>()?.to_string();
        let (from, to) = (stored.join(&key), target.join(&key));
        match link_or_copy(&from, &to) {
            Ok(()) => files += 1,
            Err(_) if !from.exists() => missing += 1,
            Err(error) => return Err(failed(&to, &error)),
        }
    }
    Ok((files, missing))
}

fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to)?;
    fs::File::open(to)?.sync_all()
}

/// The schedule of backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The folder of the backups.
    pub folder: PathBuf,
    /// The time from one backup to the next.
    pub every: TimeDelta,
    /// The number of backups that are kept.
    pub keep: usize,
}

impl Schedule {
    /// Creates backups until `stop`: the first one when the newest of the folder is old enough, also across restarts.
    pub async fn run(&self, database: &Database, storage: &Storage, clock: &Clock, stop: CancellationToken) {
        let mut failed_at = None;
        loop {
            let now = clock.now();
            let newest = self.existing().last().map(|(at, _)| *at);
            let due = newest.map_or(now, |at| at + self.every);
            let due = failed_at.map_or(due, |at: DateTime<Utc>| due.max(at + RETRY.min(self.every)));
            let pause = (due - now).to_std().unwrap_or_default();
            // The clock may be set meanwhile.
            let pause = pause.min(Duration::from_mins(1));
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            if clock.now() < due {
                continue;
            }
            failed_at = match self.create_next(database, storage, clock.now()).await {
                Ok(()) => None,
                Err(error) => {
                    tracing::error!(%error, folder = %self.folder.display(), "the scheduled backup failed");
                    Some(clock.now())
                }
            };
        }
    }

    async fn create_next(&self, database: &Database, storage: &Storage, now: DateTime<Utc>) -> Result<()> {
        fs::create_dir_all(&self.folder).map_err(|error| failed(&self.folder, &error))?;
        let file = self.folder.join(now.format(NAME).to_string());
        let Backup { bytes, files, missing, .. } = create(database, storage, &file).await?;
        tracing::info!(file = %file.display(), bytes, files, missing, "backed up");
        let existing = self.existing();
        let superfluous = existing.len().saturating_sub(self.keep.max(1));
        for (_, file) in &existing[..superfluous] {
            remove(file).map_err(|error| failed(file, &error))?;
        }
        Ok(())
    }

    /// The scheduled backups in the folder with their times, the oldest first.
    fn existing(&self) -> Vec<(DateTime<Utc>, PathBuf)> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let mut existing: Vec<_> = entries
            .filter_map(|entry| {
                let path = entry.ok()?.path();
                let at = NaiveDateTime::parse_from_str(path.file_name()?.to_str()?, NAME).ok()?;
                Some((at.and_utc(), path))
            })
            .collect();
        existing.sort();
        existing
    }
}

/// Removes a backup: first its database, without which the files are no backup.
fn remove(file: &Path) -> io::Result<()> {
    fs::remove_file(file)?;
    match fs::remove_dir_all(with_ending(file, ".files")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(ending);
    name.into()
}

fn failed(path: &Path, error: &io::Error) -> AppError {
    AppError::internal(format!("{}: {error}", path.display()))
}

/// Parses a duration such as `30m`, `24h` or `7d`.
///
/// # Errors
/// The reason why the text is not a duration.
pub fn parse_interval(text: &str) -> Result<TimeDelta, String> {
    let reason = || format!("`{text}` is not a duration such as 30m, 24h or 7d");
    let text_of_number = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number: u32 = text_of_number.parse().map_err(|_| reason())?;
    let unit = match &text[text_of_number.len()..] {
        "s" => TimeDelta::seconds(1),
        "m" => TimeDelta::minutes(1),
        "h" => TimeDelta::hours(1),
        "d" => TimeDelta::days(1),
        _ => return Err(reason()),
    };
    let interval = i32::try_from(number).ok().and_then(|number| unit.checked_mul(number));
    interval.filter(|interval| *interval > TimeDelta::zero()).ok_or_else(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_have_a_number_and_a_unit() {
        for (text, seconds) in [("45s", 45), ("30m", 1800), ("24h", 86_400), ("7d", 604_800)] {
            assert_eq!(parse_interval(text), Ok(TimeDelta::seconds(seconds)), "{text}");
        }
        for text in ["", "h", "24", "0h", "-1h", "1.5h", "24 h", "1w", "99999999999d", "4294967295d"] {
            assert!(parse_interval(text).is_err(), "{text}");
        }
    }
}
