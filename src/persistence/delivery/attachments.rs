//! Files of messages: the keys of stored contents, and the fetching of inbound files.

use chrono::{DateTime, Utc};

use crate::persistence::{
    Snapshot, UnitOfWork,
    engine::{FromRow, Row},
};
use crate::{
    domain::{AttachmentId, ChatId, FetchFailure, InboundMedia, MessageId, TenantId},
    error::Result,
    storage::FileKey,
};

/// Attachments of a tenant.
pub struct Attachments<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's attachments, for writing.
pub struct AttachmentsMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// A file whose content is stored already.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// The key of the content in the storage.
    pub key: FileKey,
    /// The name for display and for saving.
    pub name: String,
    /// The media type (RFC 6838).
    pub content_type: String,
    /// The size in bytes.
    pub size: u64,
    /// The SHA-256 hash of the content.
    pub sha256: [u8; 32],
    /// The thumbnail, if the file is a picture.
    pub thumbnail: Option<Thumbnail>,
}

/// The thumbnail of a picture.
#[derive(Debug, Clone)]
pub struct Thumbnail {
    /// The key of the content in the storage.
    pub key: FileKey,
    /// The picture's width in pixels.
    pub width: u32,
    /// The picture's height in pixels.
    pub height: u32,
}

/// A file that can be downloaded.
#[derive(Debug, Clone)]
pub struct StoredFile {
    /// The key of the content in the storage.
    pub key: FileKey,
    /// The key of the thumbnail's content.
    pub thumbnail: Option<FileKey>,
    /// The name for saving.
    pub name: String,
    /// The media type (RFC 6838).
    pub content_type: String,
    /// The size in bytes.
    pub size: u64,
    /// The SHA-256 hash of the content.
    pub sha256: Vec<u8>,
}

/// A file that is leased to this worker.
#[derive(Debug, Clone, Copy)]
pub struct LeasedFetch {
    /// The tenant of the file.
    pub tenant: TenantId,
    /// The file.
    pub attachment: AttachmentId,
    /// The number of attempts, this one included.
    pub attempts: i64,
}

/// The source of an inbound file that is not fetched yet.
#[derive(Debug, Clone)]
pub struct Source {
    /// The chat of the message.
    pub chat: ChatId,
    /// The message.
    pub message: MessageId,
    /// The name that the provider declared.
    pub name: String,
    /// The file's address at the provider.
    pub url: String,
}

impl FromRow for LeasedFetch {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            tenant: row.get("tenant_id")?,
            attachment: row.get("attachment_id")?,
            attempts: row.get("attempts")?,
        })
    }
}

impl FromRow for StoredFile {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            key: row.get("file_key")?,
            thumbnail: row.get("thumbnail_key")?,
            name: row.get("name")?,
            content_type: row.get("content_type")?,
            size: row.get("size")?,
            sha256: row.get("sha256")?,
        })
    }
}

/// A stored file with its id.
struct IdentifiedFile {
    id: AttachmentId,
    file: StoredFile,
}

impl FromRow for IdentifiedFile {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { id: row.get("id")?, file: FromRow::from_row(row)? })
    }
}

impl FromRow for Source {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            chat: row.get("chat_id")?,
            message: row.get("message_id")?,
            name: row.get("name")?,
            url: row.get("source_url")?,
        })
    }
}

impl Attachments<'_> {
    /// Loads a file whose content is stored.
    pub async fn stored(&mut self, id: AttachmentId) -> Result<Option<StoredFile>> {
        self.snapshot
            .query(
                "SELECT file_key, thumbnail_key, name, content_type, COALESCE(size, 0) AS size, sha256
                 FROM attachments WHERE tenant_id = $1 AND id = $2 AND file_key IS NOT NULL",
            )
            .bind(id)
            .optional()
            .await
    }

    /// Loads the files of a message whose content is stored.
    pub async fn stored_of(&mut self, message: MessageId) -> Result<Vec<(AttachmentId, StoredFile)>> {
        let rows: Vec<IdentifiedFile> = self
            .snapshot
            .query(
                "SELECT id, file_key, thumbnail_key, name, content_type, COALESCE(size, 0) AS size, sha256
                 FROM attachments WHERE tenant_id = $1 AND message_id = $2 AND file_key IS NOT NULL",
            )
            .bind(message)
            .all()
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row.file)).collect())
    }

    /// Loads the source of a file that is not fetched yet, and its message.
    pub async fn source(&mut self, id: AttachmentId) -> Result<Option<Source>> {
        self.snapshot
            .query(
                "SELECT m.chat_id, a.message_id, a.name, a.source_url
                 FROM attachments a JOIN messages m ON m.tenant_id = a.tenant_id AND m.id = a.message_id
                 WHERE a.tenant_id = $1 AND a.id = $2 AND a.file_key IS NULL AND a.source_url IS NOT NULL",
            )
            .bind(id)
            .optional()
            .await
    }

    /// True if an attachment or a thumbnail has this content.
    pub async fn is_referenced(&mut self, key: &FileKey) -> Result<bool> {
        let found: Option<AttachmentId> = self
            .snapshot
            .query(
                "SELECT id FROM attachments WHERE tenant_id = $1 AND file_key = $2
                 UNION ALL SELECT id FROM attachments WHERE tenant_id = $1 AND thumbnail_key = $2 LIMIT 1",
            )
            .bind(key)
            .optional()
            .await?;
        Ok(found.is_some())
    }
}

impl AttachmentsMut<'_> {
    /// Adds a file that is still at the provider; the commit wakes the worker that fetches it.
    pub async fn add_pending(
        &mut self,
        message: MessageId,
        media: &InboundMedia,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let id: AttachmentId = self
            .work
            .query(
                "INSERT INTO attachments (tenant_id, message_id, name, content_type, source_url)
                 VALUES ($1, $2, $3, $4, $5) RETURNING id",
            )
            .bind(message)
            .bind(&media.name)
            .bind(&media.content_type)
            .bind(&media.url)
            .one()
            .await?;
        self.work
            .query("INSERT INTO media_fetches (tenant_id, attachment_id, due_at) VALUES ($1, $2, $3)")
            .bind(id)
            .bind(at)
            .execute()
            .await?;
        self.work.wake_media_worker();
        Ok(())
    }

    /// Adds a file that an edit, which arrived after a later one, names: it is fetched, and is history from the beginning.
    pub async fn add_former(
        &mut self,
        message: MessageId,
        media: &InboundMedia,
        at: DateTime<Utc>,
    ) -> Result<()> {
        self.add_pending(message, media, at).await?;
        self.work
            .query(
                "UPDATE attachments SET replaced_at = $3 WHERE tenant_id = $1 AND id = (
                     SELECT MAX(id) FROM attachments WHERE tenant_id = $1 AND message_id = $2)",
            )
            .bind(message)
            .bind(at)
            .execute()
            .await?;
        Ok(())
    }

    /// Marks the files of a message as replaced.
    pub async fn replace_all(&mut self, message: MessageId, at: DateTime<Utc>) -> Result<()> {
        self.work
            .query(
                "UPDATE attachments SET replaced_at = $3
                 WHERE tenant_id = $1 AND message_id = $2 AND replaced_at IS NULL",
            )
            .bind(message)
            .bind(at)
            .execute()
            .await?;
        Ok(())
    }

    /// Adds a file whose content is stored to a message.
    pub async fn add(&mut self, message: MessageId, file: &NewFile) -> Result<()> {
        let (thumbnail, width, height) = thumbnail(file);
        self.work
            .query(
                "INSERT INTO attachments (tenant_id, message_id, name, content_type, size, file_key,
                     sha256, thumbnail_key,
                     width, height)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            )
            .bind(message)
            .bind(&file.name)
            .bind(&file.content_type)
            .bind(file.size)
            .bind(&file.key)
            .bind(file.sha256)
            .bind(thumbnail)
            .bind(width)
            .bind(height)
            .execute()
            .await?;
        Ok(())
    }

    /// Stores the content of a fetched file; returns `false` if the file is no longer expected.
    pub async fn mark_stored(&mut self, id: AttachmentId, file: &NewFile) -> Result<bool> {
        if !self.remove_fetch(id).await? {
            return Ok(false);
        }
        let (thumbnail, width, height) = thumbnail(file);
        Ok(self
            .work
            .query(
                "UPDATE attachments SET name = $3, content_type = $4, size = $5, file_key = $6, sha256 =
                     $7,
                     thumbnail_key = $8, width = $9, height = $10
                 WHERE tenant_id = $1 AND id = $2 AND file_key IS NULL",
            )
            .bind(id)
            .bind(&file.name)
            .bind(&file.content_type)
            .bind(file.size)
            .bind(&file.key)
            .bind(file.sha256)
            .bind(thumbnail)
            .bind(width)
            .bind(height)
            .execute()
            .await?
            == 1)
    }

    /// Records that a file cannot be fetched; returns `false` if the file is no longer expected.
    pub async fn mark_failed(&mut self, id: AttachmentId, why: FetchFailure) -> Result<bool> {
        if !self.remove_fetch(id).await? {
            return Ok(false);
        }
        Ok(self
            .work
            .query(
                "UPDATE attachments SET failure = $3 WHERE tenant_id = $1 AND id = $2
                 AND file_key IS NULL",
            )
            .bind(id)
            .bind(why)
            .execute()
            .await?
            == 1)
    }

    /// Ends the lease of a fetch, which is tried again at `due_at`.
    pub async fn postpone(&mut self, id: AttachmentId, due_at: DateTime<Utc>) -> Result<()> {
        self.work
            .query("UPDATE media_fetches SET due_at = $3 WHERE tenant_id = $1 AND attachment_id = $2")
            .bind(id)
            .bind(due_at)
            .execute()
            .await?;
        Ok(())
    }

    async fn remove_fetch(&mut self, id: AttachmentId) -> Result<bool> {
        Ok(self
            .work
            .query("DELETE FROM media_fetches WHERE tenant_id = $1 AND attachment_id = $2")
            .bind(id)
            .execute()
            .await?
            == 1)
    }

    /// Deletes the record of discarded content after it was removed from the storage.
    pub async fn delete_discarded(&mut self, key: &str) -> Result<()> {
        self.work
            .query("DELETE FROM discarded_files WHERE tenant_id = $1 AND file_key = $2")
            .bind(key)
            .execute()
            .await?;
        Ok(())
    }
}

fn thumbnail(file: &NewFile) -> (Option<String>, Option<i64>, Option<i64>) {
    match &file.thumbnail {
        Some(small) => (Some(small.key.to_string()), Some(small.width.into()), Some(small.height.into())),
        None => (None, None, None),
    }
}
