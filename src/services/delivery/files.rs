//! Files of messages: uploads, downloads and the removal of unused files.

use std::{io, ops::Range, sync::Arc};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta};
use futures_util::{FutureExt as _, Stream, StreamExt as _, TryStreamExt as _, stream, stream::BoxStream};
use url::Url;

use crate::services::{
    Actor, Dependencies,
    delivery::{content_type, thumbnails},
};
use crate::{
    domain::{AttachmentId, FileKind, Permission, Problem, TenantId, file_name},
    error::{AppError, Result},
    persistence::{NewFile, StoredFile, Thumbnail},
    providers::OutboundFile,
    storage::{FileKey, FilePurpose},
};

/// The path of downloads.
pub const UPLOADS_PATH: &str = "/uploads/";
/// The time during which a provider can download a file by its signed link.
const LINK_VALID_FOR: TimeDelta = TimeDelta::hours(6);
/// The age at which an upload that was not finished is removed.
const UNFINISHED_AFTER: TimeDelta = TimeDelta::days(1);
/// The minimum age at which files without a row are removed: the row of a new file may not be
/// stored yet, and an import may take more than a day.
const ORPHANED_AFTER: [(FilePurpose, TimeDelta); 2] =
    [(FilePurpose::Attachments, TimeDelta::days(1)), (FilePurpose::Imports, TimeDelta::days(2))];

/// The use cases of files.
#[derive(Clone)]
pub struct FileService {
    deps: Arc<Dependencies>,
}

/// Stored files that no row refers to yet. They are removed on drop unless they were committed.
pub struct Uploads {
    deps: Arc<Dependencies>,
    tenant: TenantId,
    files: Vec<NewFile>,
}

/// The signature of a download link.
#[derive(Debug, Clone)]
pub struct LinkSignature {
    /// The query parameter `expires`: seconds since 1970.
    pub expires: String,
    /// The query parameter `signature`.
    pub signature: String,
}

impl FileService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Begins the upload of a message's files.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn uploads(&self, actor: &Actor) -> Result<Uploads> {
        actor.require(Permission::ChatSend)?;
        Ok(self.uploads_of(actor.tenant_id()))
    }

    pub(in crate::services) fn uploads_of(&self, tenant: TenantId) -> Uploads {
        Uploads::empty(&self.deps, tenant)
    }

    /// Finds a file for a user who may read its chat.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`], also while the content is at the provider.
    #[tracing::instrument(name = "find_file", skip_all, fields(tenant = %actor.tenant.id, file = %id))]
    pub async fn find(&self, actor: &Actor, id: AttachmentId) -> Result<StoredFile> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        tx.attachments().stored(id).await?.ok_or(AppError::NotFound)
    }

    /// Finds a file for the holder of a valid signed link.
    ///
    /// # Errors
    /// [`AppError::ExpiredLink`], also for a wrong signature; [`AppError::NotFound`] if the file
    /// was removed.
    #[tracing::instrument(name = "find_signed_file", skip_all, fields(file = %id))]
    pub async fn find_signed(&self, id: AttachmentId, signature: &LinkSignature) -> Result<StoredFile> {
        let expires = signature.expires.parse().ok().and_then(|at| DateTime::from_timestamp(at, 0));
        let good = self.deps.vault.is_signed(&signed_text(id, &signature.expires), &signature.signature);
        if !good || expires.is_none_or(|at| at <= self.deps.clock.now()) {
            return Err(AppError::ExpiredLink);
        }
        let mut cross_tenant = self.deps.database.read_cross_tenant().await?;
        let tenant = cross_tenant.tenant_of_attachment(id).await?.ok_or(AppError::NotFound)?;
        drop(cross_tenant);
        let mut tx = self.deps.database.read(tenant).await?;
        tx.attachments().stored(id).await?.ok_or(AppError::NotFound)
    }

    /// Reads the content of a stored file, or a part of it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if the storage does not have it.
    pub async fn content(
        &self,
        key: &FileKey,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        self.deps.storage.get(key, range).await
    }

    /// Reads a thumbnail.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if the storage does not have it.
    pub async fn thumbnail(&self, key: &FileKey) -> Result<Bytes> {
        self.deps.storage.get_whole(key, thumbnails::MAX_FILE_SIZE).await
    }

    /// A signed link by which anyone can download the file for some hours.
    fn link(&self, id: AttachmentId) -> Result<Url> {
        let expires = (self.deps.clock.now() + LINK_VALID_FOR).timestamp().to_string();
        let signature = self.deps.vault.sign(&signed_text(id, &expires));
        let mut url =
            self.deps.public_url.join(&format!("{UPLOADS_PATH}{id}")).map_err(AppError::internal)?;
        url.query_pairs_mut().append_pair("expires", &expires).append_pair("signature", &signature);
        Ok(url)
    }

    /// Prepares a file for a provider.
    pub(in crate::services) fn outbound(&self, id: AttachmentId, file: StoredFile) -> Result<OutboundFile> {
        let (storage, key) = (self.deps.storage.clone(), Arc::new(file.key));
        let open = move || {
            let (storage, key) = (storage.clone(), key.clone());
            let opened = async move {
                let content = storage.get(&key, None).await.map_err(io::Error::other)?;
                Ok(content.map_err(io::Error::other).boxed())
            };
            opened.boxed()
        };
        Ok(OutboundFile {
            name: file.name,
            content_type: file.content_type,
            size: file.size,
            link: self.link(id)?,
            content: Arc::new(open),
        })
    }

    /// Removes the contents of deleted rows and returns their number.
    ///
    /// # Errors
    /// [`AppError::Unavailable`]; the remaining files are removed by the next call.
    pub async fn remove_discarded(&self) -> Result<usize> {
        let discarded = self.deps.database.read_cross_tenant().await?.discarded_files(500).await?;
        for (tenant, key) in &discarded {
            if let Ok(key) = key.parse() {
                self.deps.storage.delete(&key).await?;
            }
            let mut tx = self.deps.database.begin(*tenant).await?;
            tx.attachments_mut().delete_discarded(key).await?;
            tx.commit().await?;
        }
        Ok(discarded.len())
    }

    /// Removes old contents without a row, of interrupted uploads and finished imports, and returns
    /// their number.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "sweep_files", skip_all)]
    pub async fn remove_orphans(&self) -> Result<usize> {
        let unfinished = self.deps.clock.now() - UNFINISHED_AFTER;
        let mut removed = self.deps.storage.remove_unfinished(unfinished).await?;
        for (purpose, after) in ORPHANED_AFTER {
            let mut old = self.deps.storage.keys_put_before(self.deps.clock.now() - after);
            while let Some(key) = old.try_next().await? {
                if key.has_purpose(purpose)
                    && !(purpose == FilePurpose::Attachments && self.is_referenced(&key).await?)
                {
                    self.deps.storage.delete(&key).await?;
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }

    async fn is_referenced(&self, key: &FileKey) -> Result<bool> {
        let mut tx = self.deps.database.read(key.tenant()).await?;
        tx.attachments().is_referenced(key).await
    }
}

/// The text that a link's signature covers: the file and the time, so that neither can be
/// exchanged.
fn signed_text(id: AttachmentId, expires: &str) -> String {
    format!("{id}.{expires}")
}

impl Uploads {
    pub(in crate::services) fn empty(deps: &Arc<Dependencies>, tenant: TenantId) -> Self {
        Self { deps: deps.clone(), tenant, files: Vec::new() }
    }

    /// Stores one more file of at most `limit` bytes and detects its type from the content.
    ///
    /// # Errors
    /// [`AppError::TooLarge`]; [`AppError::Invalid`] with [`Problem::StorageFull`] if the tenant may not store so much;
    /// any error of `content`.
    pub async fn add(
        &mut self,
        name: &str,
        content: impl Stream<Item = Result<Bytes>> + Send,
        limit: u64,
    ) -> Result<()> {
        let deps = &self.deps;
        let free = deps.quotas.free_bytes(&deps.database, self.tenant, deps.clock.now()).await?;
        let free = free.saturating_sub(self.size());
        let put =
            self.deps.storage.put(self.tenant, FilePurpose::Attachments, content, limit.min(free)).await;
        let put = put.map_err(|error| match error {
            AppError::TooLarge if free < limit => AppError::invalid("attachments", Problem::StorageFull),
            error => error,
        })?;
        let name = file_name(name);
        let file = NewFile {
            content_type: content_type::content_type(&put.head, &name).to_owned(),
            name,
            key: put.key,
            size: put.size,
            sha256: put.sha256,
            thumbnail: None,
        };
        let is_picture = FileKind::of(&file.content_type) == FileKind::Image;
        let key = file.key.clone();
        let small_enough = usize::try_from(file.size).is_ok_and(|size| size <= thumbnails::MAX_FILE_SIZE);
        self.files.push(file);
        if !is_picture || !small_enough {
            return Ok(());
        }
        let whole = self.deps.storage.get_whole(&key, thumbnails::MAX_FILE_SIZE);
        let Some(small) = thumbnails::make_thumbnail(whole).await? else { return Ok(()) };
        let content = stream::iter([Ok(Bytes::from(small.jpeg))]);
        let put = self.deps.storage.put(self.tenant, FilePurpose::Attachments, content, u64::MAX).await?;
        if let Some(file) = self.files.last_mut() {
            file.thumbnail = Some(Thumbnail { key: put.key, width: small.width, height: small.height });
        }
        Ok(())
    }

    /// The files stored so far.
    pub fn files(&self) -> &[NewFile] {
        &self.files
    }

    /// The size of the files stored so far, in bytes.
    pub fn size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// Keeps the files, because rows refer to them from now on.
    pub(in crate::services) fn commit(mut self) {
        self.deps.quotas.count_bytes(self.tenant, self.size());
        self.files.clear();
    }
}

impl Drop for Uploads {
    fn drop(&mut self) {
        let files = std::mem::take(&mut self.files);
        // Without a runtime the process is ending, and the clean-up of a later process removes the
        // files.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if files.is_empty() {
            return;
        }
        let storage = self.deps.storage.clone();
        runtime.spawn(async move {
            let keys =
                files.into_iter().flat_map(|file| [Some(file.key), file.thumbnail.map(|small| small.key)]);
            for key in keys.flatten() {
                if let Err(error) = storage.delete(&key).await {
                    tracing::warn!(%error, %key, "a file that nobody needs could not be removed");
                }
            }
        });
    }
}
