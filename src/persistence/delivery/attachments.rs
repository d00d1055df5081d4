//! The contents of files: where they are in the store, and how inbound ones come there.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::persistence::{InboundMedia, Tx};
use crate::{
    domain::{AttachmentId, ChatId, FetchFailure, MessageId, TenantId},
    error::{AppError, Result},
    storage::FileKey,
};

/// Files of a tenant.
pub struct Attachments<'t> {
    tx: &'t mut Tx,
}

/// A file whose content is in the store already.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Where its content is.
    pub key: FileKey,
    /// A name to show and to save under.
    pub name: String,
    /// What it is.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    /// The SHA-256 of its content.
    pub sha256: [u8; 32],
    /// A picture's small one.
    pub thumbnail: Option<Thumbnail>,
}

/// A small picture that stands for a large one.
#[derive(Debug, Clone)]
pub struct Thumbnail {
    /// Where its content is.
    pub key: FileKey,
    /// The width of the large one.
    pub width: u32,
    /// The height of the large one.
    pub height: u32,
}

/// A file as it is given out.
#[derive(Debug, Clone)]
pub struct StoredFile {
    /// Where its content is.
    pub key: FileKey,
    /// Where the small picture is.
    pub thumbnail: Option<FileKey>,
    /// A name to save under.
    pub name: String,
    /// What it is.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    /// The SHA-256 of its content.
    pub sha256: Vec<u8>,
}

/// A file that this worker fetches.
#[derive(Debug, Clone, Copy)]
pub struct LeasedFetch {
    /// Whose it is.
    pub tenant: TenantId,
    /// The file.
    pub attachment: AttachmentId,
    /// How often it was tried, this time included.
    pub attempts: i64,
}

#[derive(FromRow)]
pub(in crate::persistence) struct FetchRow {
    tenant_id: i64,
    attachment_id: i64,
    attempts: i64,
}

impl From<FetchRow> for LeasedFetch {
    fn from(row: FetchRow) -> Self {
        Self {
            tenant: TenantId(row.tenant_id),
            attachment: AttachmentId(row.attachment_id),
            attempts: row.attempts,
        }
    }
}

#[derive(FromRow)]
struct StoredRow {
    file_key: String,
    thumbnail_key: Option<String>,
    name: String,
    content_type: String,
    size: i64,
    sha256: Vec<u8>,
}

#[derive(FromRow)]
struct SourceRow {
    chat_id: i64,
    message_id: i64,
    name: String,
    source_url: String,
}

/// Where an inbound file comes from.
#[derive(Debug, Clone)]
pub struct Source {
    /// The chat of its message.
    pub chat: ChatId,
    /// Its message.
    pub message: MessageId,
    /// The name that it has so far.
    pub name: String,
    /// Where the provider keeps it.
    pub url: String,
}

impl<'t> Attachments<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// Notes a file that is still at the provider; the commit wakes the worker that fetches it.
    pub async fn add_pending(
        &mut self,
        message: MessageId,
        media: &InboundMedia,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let id = sql!(
            self.tx,
            val(i64),
            "
            INSERT INTO attachments (tenant_id, message_id, name, content_type, source_url)
            VALUES ($1, $2, $3, $4, $5) RETURNING id",
            message.0,
            &media.name,
            &media.content_type,
            &media.url
        )?;
        sql!(
            self.tx,
            exec,
            "INSERT INTO media_fetches (tenant_id, attachment_id, due_at) VALUES ($1, $2, $3)",
            id,
            at
        )?;
        self.tx.wake_media_worker();
        Ok(())
    }

    /// Adds a file whose content is in the store to a message.
    pub async fn add(&mut self, message: MessageId, file: &NewFile) -> Result<()> {
        let (thumbnail, width, height) = thumbnail(file);
        sql!(self.tx, exec, "
            INSERT INTO attachments (tenant_id, message_id, name, content_type, size, file_key, sha256, thumbnail_key,
                width, height)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            message.0, &file.name, &file.content_type, i64::try_from(file.size).unwrap_or(i64::MAX),
            file.key.to_string(), file.sha256.to_vec(), thumbnail, width, height)?;
        Ok(())
    }

    /// A file whose content is here.
    pub async fn stored(&mut self, id: AttachmentId) -> Result<Option<StoredFile>> {
        let row = sql!(
            self.tx,
            opt(StoredRow),
            "
            SELECT file_key, thumbnail_key, name, content_type, COALESCE(size, 0) AS size, sha256
            FROM attachments WHERE tenant_id = $1 AND id = $2 AND file_key IS NOT NULL",
            id.0
        )?;
        let file = |row: StoredRow| {
            Ok(StoredFile {
                key: row.file_key.parse()?,
                thumbnail: row.thumbnail_key.map(|key| key.parse()).transpose()?,
                name: row.name,
                content_type: row.content_type,
                size: u64::try_from(row.size).map_err(AppError::internal)?,
                sha256: row.sha256,
            })
        };
        row.map(file).transpose()
    }

    /// Where a file that is still to come is, and which message it is for.
    pub async fn source(&mut self, id: AttachmentId) -> Result<Option<Source>> {
        let row = sql!(
            self.tx,
            opt(SourceRow),
            "
            SELECT m.chat_id, a.message_id, a.name, a.source_url
            FROM attachments a JOIN messages m ON m.tenant_id = a.tenant_id AND m.id = a.message_id
            WHERE a.tenant_id = $1 AND a.id = $2 AND a.file_key IS NULL AND a.source_url IS NOT NULL",
            id.0
        )?;
        Ok(row.map(|row| Source {
            chat: ChatId(row.chat_id),
            message: MessageId(row.message_id),
            name: row.name,
            url: row.source_url,
        }))
    }

    /// A file has come; `false` when it is not expected any more.
    pub async fn mark_stored(&mut self, id: AttachmentId, file: &NewFile) -> Result<bool> {
        if !self.remove_fetch(id).await? {
            return Ok(false);
        }
        let (thumbnail, width, height) = thumbnail(file);
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE attachments SET name = $3, content_type = $4, size = $5, file_key = $6, sha256 = $7,
                thumbnail_key = $8, width = $9, height = $10
            WHERE tenant_id = $1 AND id = $2 AND file_key IS NULL",
            id.0,
            &file.name,
            &file.content_type,
            i64::try_from(file.size).unwrap_or(i64::MAX),
            file.key.to_string(),
            file.sha256.to_vec(),
            thumbnail,
            width,
            height
        )?;
        Ok(rows == 1)
    }

    /// A file will not come; `false` when it is not expected any more.
    pub async fn mark_failed(&mut self, id: AttachmentId, why: FetchFailure) -> Result<bool> {
        if !self.remove_fetch(id).await? {
            return Ok(false);
        }
        let rows = sql!(
            self.tx,
            exec,
            "UPDATE attachments SET failure = $3 WHERE tenant_id = $1 AND id = $2 AND file_key IS NULL",
            id.0,
            why.as_str()
        )?;
        Ok(rows == 1)
    }

    /// Gives a fetch back, to be tried again at `due_at`.
    pub async fn postpone(&mut self, id: AttachmentId, due_at: DateTime<Utc>) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "UPDATE media_fetches SET due_at = $3 WHERE tenant_id = $1 AND attachment_id = $2",
            id.0,
            due_at
        )?;
        Ok(())
    }

    async fn remove_fetch(&mut self, id: AttachmentId) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "DELETE FROM media_fetches WHERE tenant_id = $1 AND attachment_id = $2",
            id.0
        )?;
        Ok(rows == 1)
    }

    /// Whether a row names this content.
    pub async fn is_referenced(&mut self, key: &FileKey) -> Result<bool> {
        let found = sql!(
            self.tx,
            maybe(i64),
            "
            SELECT id FROM attachments WHERE tenant_id = $1 AND file_key = $2
            UNION ALL SELECT id FROM attachments WHERE tenant_id = $1 AND thumbnail_key = $2 LIMIT 1",
            key.to_string()
        )?;
        Ok(found.is_some())
    }

    /// Notes that discarded content is gone from the store.
    pub async fn delete_discarded(&mut self, key: &str) -> Result<()> {
        sql!(self.tx, exec, "DELETE FROM discarded_files WHERE tenant_id = $1 AND file_key = $2", key)?;
        Ok(())
    }
}

fn thumbnail(file: &NewFile) -> (Option<String>, Option<i64>, Option<i64>) {
    match &file.thumbnail {
        Some(small) => (Some(small.key.to_string()), Some(small.width.into()), Some(small.height.into())),
        None => (None, None, None),
    }
}
