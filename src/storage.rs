//! Storage of file contents outside the database, in a folder or in an S3 bucket.
//!
//! Database rows refer to a file by its [`FileKey`], which begins with the tenant. [`Storage::put`]
//! returns only after the whole file is on the disk. If storing the row fails afterwards, the file
//! has no row, and the clean-up removes it a day later.

use std::{
    fmt, fs, io,
    ops::Range,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::SystemTime,
};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{
    GetOptions, ObjectStore, ObjectStoreExt as _, buffered::BufWriter, local::LocalFileSystem,
    path::Path as Location,
};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use url::Url;
use uuid::Uuid;

use crate::{
    domain::TenantId,
    error::{AppError, Result},
};

/// The number of bytes of a file's beginning that are kept for content detection.
const HEAD: usize = 4 * 1024;
/// The size of a single write to a local file.
const LOCAL_PART: usize = 256 * 1024;
/// The minimum size of a part in a multipart upload to S3.
#[cfg(feature = "s3")]
const BUCKET_PART: usize = 5 * 1024 * 1024;

/// The purpose of a file, which is the second part of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilePurpose {
    /// Files of messages, kept as long as a row refers to them.
    Attachments,
    /// Uploaded tables, kept for two days at most.
    Imports,
}

impl FilePurpose {
    const ALL: [Self; 2] = [Self::Attachments, Self::Imports];

    /// The name in keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Attachments => "attachments",
            Self::Imports => "imports",
        }
    }
}

/// The name of a stored file: tenant, purpose, and a random id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileKey {
    tenant: TenantId,
    purpose: &'static str,
    id: Uuid,
}

impl FileKey {
    /// Creates a new key with a random id.
    pub fn new(tenant: TenantId, purpose: FilePurpose) -> Self {
        Self { tenant, purpose: purpose.as_str(), id: Uuid::new_v4() }
    }

    /// The tenant that the file belongs to.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// True if the file has this purpose.
    pub fn has_purpose(&self, purpose: FilePurpose) -> bool {
        self.purpose == purpose.as_str()
    }

    fn location(&self) -> Location {
        Location::from_iter([self.tenant.to_string().as_str(), self.purpose, self.id.to_string().as_str()])
    }
}

impl fmt::Display for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.tenant, self.purpose, self.id)
    }
}

impl FromStr for FileKey {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self> {
        let parse = || {
            let (tenant, rest) = text.split_once('/')?;
            let (purpose, id) = rest.split_once('/')?;
            let purpose = FilePurpose::ALL.into_iter().find(|known| known.as_str() == purpose)?.as_str();
            Some(Self { tenant: TenantId(tenant.parse().ok()?), purpose, id: id.parse().ok()? })
        };
        parse().ok_or_else(|| AppError::internal("not the key of a file"))
    }
}

/// The result of storing a file.
#[derive(Debug, Clone)]
pub struct StoredFile {
    /// The key for reading the file.
    pub key: FileKey,
    /// The length in bytes.
    pub size: u64,
    /// The SHA-256 hash of the content.
    pub sha256: [u8; 32],
    /// The first bytes, four kilobytes at most.
    pub head: Bytes,
}

/// The file storage of the configured location.
#[derive(Debug, Clone)]
pub struct Storage {
    store: Arc<dyn ObjectStore>,
    part: usize,
    /// The folder of the files, unless they are in a bucket.
    folder: Option<PathBuf>,
}

impl Storage {
    /// Opens a storage in a folder, which is created if it does not exist.
    ///
    /// # Errors
    /// [`AppError::Internal`] if the folder cannot be created.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|error| AppError::path(folder, &error))?;
        // Files are written under a temporary name, synced and then renamed, so that a stored file
        // survives power loss.
        let store = LocalFileSystem::new_with_prefix(folder).map_err(AppError::internal)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), part: LOCAL_PART, folder: Some(folder.to_owned()) })
    }

    /// Opens the storage at `url`: `file:///FOLDER`, or `s3://BUCKET/PREFIX` if the program was
    /// built with the feature `s3`. The credentials of a bucket come from the usual `AWS_…`
    /// variables.
    ///
    /// # Errors
    /// [`AppError::Internal`] for an unsupported URL, a folder that cannot be created, or missing
    /// credentials.
    pub fn at(url: &Url) -> Result<Self> {
        match (url.scheme(), url.to_file_path()) {
            ("file", Ok(folder)) => Self::in_folder(&folder),
            #[cfg(feature = "s3")]
            ("s3", _) => Self::in_bucket(url),
            (scheme, _) => Err(AppError::internal(format!(
                "this program keeps no files at {scheme}: URLs (see the feature s3)"
            ))),
        }
    }

    #[cfg(feature = "s3")]
    fn in_bucket(url: &Url) -> Result<Self> {
        use object_store::{aws::AmazonS3Builder, prefix::PrefixStore};
        let bucket =
            AmazonS3Builder::from_env().with_url(url.as_str()).build().map_err(AppError::internal)?;
        let prefix = Location::from_url_path(url.path()).map_err(AppError::internal)?;
        Ok(Self { store: Arc::new(PrefixStore::new(bucket, prefix)), part: BUCKET_PART, folder: None })
    }

    /// Stores the stream `content` without ever keeping it in memory as a whole. After an error
    /// nothing is stored.
    ///
    /// # Errors
    /// [`AppError::TooLarge`] for more than `limit` bytes; [`AppError::Unavailable`] if the storage
    /// does not answer; any error of `content`.
    pub async fn put(
        &self,
        tenant: TenantId,
        purpose: FilePurpose,
        content: impl Stream<Item = Result<Bytes>> + Send,
        limit: u64,
    ) -> Result<StoredFile> {
        let key = FileKey::new(tenant, purpose);
        let mut writer =
            BufWriter::with_capacity(self.store.clone(), key.location(), self.part).with_max_concurrency(1);
        match write(&mut writer, content, limit).await {
            Ok((size, sha256, head)) => {
                // What was begun is removed by the writer itself: it must not be aborted once it is shut down.
                writer.shutdown().await.map_err(|error| AppError::Unavailable(error.into()))?;
                Ok(StoredFile { key, size, sha256, head })
            }
            Err(error) => {
                // The original error is the one to report.
                let _ = writer.abort().await;
                Err(error)
            }
        }
    }

    /// Reads a file, or the part of it in `range`.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if the file does not exist.
    pub async fn get(
        &self,
        key: &FileKey,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        let options = GetOptions { range: range.map(Into::into), ..GetOptions::default() };
        let found = self.store.get_opts(&key.location(), options).await.map_err(failed)?;
        Ok(found.into_stream().map_err(failed).boxed())
    }

    /// Reads a whole file into memory, if it is not longer than `limit`.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::TooLarge`].
    pub async fn get_whole(&self, key: &FileKey, limit: usize) -> Result<Bytes> {
        let mut content = self.get(key, None).await?;
        let mut whole = Vec::new();
        while let Some(chunk) = content.try_next().await? {
            if whole.len() + chunk.len() > limit {
                return Err(AppError::TooLarge);
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.into())
    }

    /// Deletes a file, if it exists.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] if the storage does not answer.
    pub async fn delete(&self, key: &FileKey) -> Result<()> {
        match self.store.delete(&key.location()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    /// The folder of the files; `None` if they are in a bucket.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Removes what is left of uploads that were begun before `at` and whose process was killed, and returns their number.
    /// While a file is written to the folder it has a number sign in its name, and is not listed. A bucket has its own
    /// rules for that.
    ///
    /// # Errors
    /// [`AppError::Internal`] if the folder can't be read.
    pub async fn remove_unfinished(&self, at: DateTime<Utc>) -> Result<usize> {
        let Some(folder) = self.folder.clone() else { return Ok(0) };
        let removed = tokio::task::spawn_blocking(move || remove_unfinished(&folder, at.into()));
        removed.await.map_err(AppError::internal)?.map_err(AppError::internal)
    }

    /// Lists the keys of all files of all tenants that were stored before `at`. Objects that are
    /// not named like a key are skipped.
    pub fn keys_put_before(&self, at: DateTime<Utc>) -> BoxStream<'static, Result<FileKey>> {
        let old = self.store.list(None).map_err(failed).try_filter_map(move |file| async move {
            let key = file.location.as_ref().parse().ok();
            Ok(key.filter(|_| file.last_modified < at))
        });
        old.boxed()
    }

    /// Lists the keys of all files of a tenant.
    pub fn keys_of(&self, tenant: TenantId) -> BoxStream<'static, Result<FileKey>> {
        let folder = Location::from(tenant.to_string());
        let files = self.store.list(Some(&folder)).map_err(failed);
        files.try_filter_map(|file| async move { Ok(file.location.as_ref().parse().ok()) }).boxed()
    }
}

fn remove_unfinished(folder: &Path, before: SystemTime) -> io::Result<usize> {
    let mut removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            removed += remove_unfinished(&path, before)?;
        } else if entry.file_name().to_string_lossy().contains('#') && entry.metadata()?.modified()? < before
        {
            fs::remove_file(&path)?;
            removed += 1;
        }
    }
    Ok(removed)
}

async fn write(
    writer: &mut BufWriter,
    content: impl Stream<Item = Result<Bytes>> + Send,
    limit: u64,
) -> Result<(u64, [u8; 32], Bytes)> {
    let mut content = std::pin::pin!(content);
    let (mut size, mut hash, mut head) = (0_u64, Sha256::new(), Vec::new());
    while let Some(chunk) = content.try_next().await? {
        size = size.saturating_add(chunk.len() as u64);
        if size > limit {
            return Err(AppError::TooLarge);
        }
        hash.update(&chunk);
        let wanted = HEAD.saturating_sub(head.len()).min(chunk.len());
        head.extend_from_slice(&chunk[..wanted]);
        writer.put(chunk).await.map_err(failed)?;
    }
    Ok((size, hash.finalize().into(), head.into()))
}

/// Maps errors of the storage. One that does not answer is reported as unavailable, like a
/// database, so that the request may be repeated.
fn failed(error: object_store::Error) -> AppError {
    match error {
        object_store::Error::NotFound { .. } => AppError::NotFound,
        error => AppError::Unavailable(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    fn storage() -> (Storage, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (Storage::in_folder(&folder.path().join("files")).unwrap(), folder)
    }

    fn pieces(count: usize) -> impl Stream<Item = Result<Bytes>> + Send {
        stream::iter((0..count).map(|n| Ok(Bytes::from(vec![u8::try_from(n % 251).unwrap(); 1_000]))))
    }

    fn files_in(folder: &Path) -> usize {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| if path.is_dir() { files_in(&path) } else { 1 }).sum()
    }

    #[tokio::test]
    async fn stored_files_are_read_whole_and_by_range() {
        let (storage, _folder) = storage();
        for count in [0, 1, 2_000] {
            let put =
                storage.put(TenantId(7), FilePurpose::Attachments, pieces(count), 2_000_000).await.unwrap();
            assert_eq!(put.size, count as u64 * 1_000);
            assert_eq!(put.head.len(), HEAD.min(count * 1_000));
            assert!(put.key.to_string().starts_with("7/attachments/"), "keys lead with the tenant");
            let key = put.key.to_string().parse().unwrap();
            let whole = storage.get_whole(&key, 2_000_000).await.unwrap();
            assert_eq!(<[u8; 32]>::from(Sha256::digest(&whole)), put.sha256);
            if count > 1 {
                let part: Vec<_> =
                    storage.get(&key, Some(1_500..2_500)).await.unwrap().try_collect().await.unwrap();
                assert_eq!(part.concat(), whole[1_500..2_500]);
                assert!(matches!(storage.get_whole(&key, 1_999_999).await, Err(AppError::TooLarge)));
            }
            storage.delete(&key).await.unwrap();
            storage.delete(&key).await.unwrap();
            assert!(matches!(storage.get(&key, None).await, Err(AppError::NotFound)));
        }
    }

    #[tokio::test]
    async fn a_failed_upload_leaves_no_file() {
        let (storage, folder) = storage();
        for count in [2, 2_000] {
            let put = storage
                .put(TenantId(7), FilePurpose::Attachments, pieces(count), count as u64 * 1_000 - 1)
                .await;
            assert!(matches!(put, Err(AppError::TooLarge)));
            let broken = pieces(count).chain(stream::iter([Err(AppError::Malformed("it breaks off"))]));
            let put = storage.put(TenantId(7), FilePurpose::Attachments, broken, u64::MAX).await;
            assert!(matches!(put, Err(AppError::Malformed(_))));
        }
        // Another thread removes a part that is still being written.
        for _ in 0..500 {
            if files_in(folder.path()) == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("something was left behind");
    }

    #[tokio::test]
    async fn old_keys_of_known_purposes_are_listed() {
        let (storage, folder) = storage();
        let put = storage.put(TenantId(7), FilePurpose::Imports, pieces(1), 1_000).await.unwrap();
        fs::write(folder.path().join("files/readme"), "not ours").unwrap();
        let before = |at| storage.keys_put_before(at).try_collect::<Vec<_>>();
        assert_eq!(before(DateTime::<Utc>::MAX_UTC).await.unwrap(), [put.key]);
        assert_eq!(before(DateTime::<Utc>::UNIX_EPOCH).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_stored_is_an_error() {
        let (storage, folder) = storage();
        fs::create_dir(folder.path().join("files/7")).unwrap();
        fs::write(folder.path().join("files/7/attachments"), "in the way").unwrap();
        for count in [1, 2_000] {
            let put = storage.put(TenantId(7), FilePurpose::Attachments, pieces(count), 2_000_000).await;
            assert!(matches!(put, Err(AppError::Unavailable(_))), "{:?}", put.err());
        }
    }

    #[tokio::test]
    async fn what_a_killed_process_began_is_removed() {
        let (storage, folder) = storage();
        let put = storage.put(TenantId(7), FilePurpose::Attachments, pieces(1), 2_000).await.unwrap();
        let path = folder.path().join("files").join(put.key.to_string());
        fs::copy(&path, format!("{}#1", path.display())).unwrap();
        assert_eq!(storage.remove_unfinished(DateTime::<Utc>::UNIX_EPOCH).await.unwrap(), 0);
        assert_eq!(
            storage
                .remove_unfinished(DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::days(365_000))
                .await
                .unwrap(),
            1
        );
        assert!(path.exists() && files_in(folder.path()) == 1);
    }

    #[test]
    fn only_well_formed_keys_are_parsed() {
        for text in [
            "",
            "7",
            "7/attachments",
            "7/attachments/../1",
            "x/attachments/0",
            "7/keys/3f0f2f52-5a53-4f5b-8a5e-1d1e0d6f7a00",
        ] {
            assert!(text.parse::<FileKey>().is_err(), "{text}");
        }
    }
}
