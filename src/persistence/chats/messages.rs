//! Messages and their files.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::persistence::{
    Snapshot, UnitOfWork,
    chats::message_edits::stored_details,
    engine::{Engine, FromRow, Key, List, Row, Sql},
    search::index,
};
use crate::{
    domain::{
        Attachment, AttachmentId, ChannelId, ChatId, Direction, Failure, FetchFailure, FileState,
        InboundMedia, Message, MessageId, MessageStatus, MessageTerms, NewMessage, PreviousText, SenderType,
        Transport, message_words,
    },
    error::Result,
};

/// Messages of a tenant.
pub struct Messages<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's messages, for writing.
pub struct MessagesMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// A change of a message's delivery status.
#[derive(Debug, Clone)]
pub struct StatusChange {
    /// The status to store.
    pub status: MessageStatus,
    /// The failure; `None` clears it.
    pub failure: Option<Failure>,
    /// The provider's id, if it has become known.
    pub provider_id: Option<String>,
    /// The time of the report.
    pub at: DateTime<Utc>,
}

/// The columns of a message, with its files and earlier texts as JSON, so that any number of messages is one statement.
fn columns() -> Sql {
    // JSON functions differ between the engines.
    Sql::from(COLUMNS)
        .push(Sql::by_engine(
            ", (SELECT json_group_array(json_object('text', e.text, 'written_at', e.written_at)
                    ORDER BY e.written_at, e.id)
                FROM message_edits e
                WHERE e.tenant_id = $1 AND e.message_id = m.id AND m.edited_at IS NOT NULL) AS previous_texts",
            ", (SELECT CAST(json_agg(json_build_object('text', e.text, 'written_at', e.written_at)
                    ORDER BY e.written_at, e.id) AS TEXT)
                FROM message_edits e
                WHERE e.tenant_id = $1 AND e.message_id = m.id AND m.edited_at IS NOT NULL) AS previous_texts",
        ))
        .push(attachments_where("a.message_id = m.id"))
}

/// A column with the files that meet a condition, as JSON.
pub(in crate::persistence) fn attachments_where(condition: &'static str) -> Sql {
    // JSON functions differ between the engines.
    Sql::by_engine(
        ", (SELECT json_group_array(json_object('id', a.id, 'name', a.name, 'content_type', a.content_type,
                'size', a.size, 'is_stored', a.file_key IS NOT NULL, 'failure', a.failure,
                'width', a.width, 'height', a.height,
                'is_former', CASE WHEN a.replaced_at IS NULL THEN 0 ELSE 1 END) ORDER BY a.id)
            FROM attachments a WHERE a.tenant_id = $1 AND",
        ", (SELECT CAST(json_agg(json_build_object('id', a.id, 'name', a.name, 'content_type', a.content_type,
                'size', a.size, 'is_stored', CASE WHEN a.file_key IS NULL THEN 0 ELSE 1 END,
                'failure', a.failure, 'width', a.width, 'height', a.height,
                'is_former', CASE WHEN a.replaced_at IS NULL THEN 0 ELSE 1 END) ORDER BY a.id) AS TEXT)
            FROM attachments a WHERE a.tenant_id = $1 AND",
    )
    .push(condition)
    .push(") AS attachments")
}

/// The columns of a message's own row and of its sender.
const COLUMNS: &str = "\
    SELECT m.id, m.chat_id, m.member_id, b.sender_type, \
    CASE b.sender_type \
        WHEN 'user' THEN u.first_name || COALESCE(' ' || u.last_name, '') \
        WHEN 'client' THEN k.first_name || COALESCE(' ' || k.middle_name, '') || COALESCE(' ' || k.last_name, '') \
    END AS sender_name, m.direction, m.transport, m.channel_id, m.text, m.details, m.status, m.error_code, \
    m.error_detail, m.sent_at, m.delivered_at, m.read_at, m.edited_at, m.scheduled_at, m.retries, m.parts, m.created_at";
/// The tables of a message with its sender; further conditions are appended.
const MESSAGES: &str = "\
    FROM messages m JOIN members b ON b.tenant_id = m.tenant_id AND b.id = m.member_id \
    LEFT JOIN users u ON u.tenant_id = b.tenant_id AND u.id = b.user_id \
    LEFT JOIN clients k ON k.tenant_id = b.tenant_id AND k.id = b.client_id \
    WHERE m.tenant_id = $1";
pub(in crate::persistence) const OLDEST_FIRST: &[Key] = &[Key::number("m.id")];
pub(in crate::persistence) const NEWEST_FIRST: &[Key] = &[Key::number("m.id").descending()];

/// The messages of a chat.
pub(in crate::persistence) fn list(chat: ChatId, order: &'static [Key]) -> List {
    List::new(columns(), MESSAGES, order).filter(Sql::equals("m.chat_id", chat))
}

impl FromRow for Message {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            chat: row.get("chat_id")?,
            member: row.get("member_id")?,
            sender_type: row.get_or("sender_type", SenderType::System)?,
            sender_name: row.get_or("sender_name", String::new())?,
            direction: row.get_or("direction", Direction::Inbound)?,
            transport: row.get_or("transport", Transport::Other)?,
            channel: row.get("channel_id")?,
            text: row.get("text")?,
            // Details that this version does not understand are left out, because they must not
            // hide the message.
            details: row.json("details")?,
            previous_texts: row
                .json::<Vec<StoredText>>("previous_texts")?
                .into_iter()
                .map(Into::into)
                .collect(),
            sent_parts: row.json("parts")?,
            attachments: attachments(row)?,
            previous_files: files(row, true)?,
            status: row.get_or("status", MessageStatus::Unknown)?,
            failure: failure(row)?,
            sent_at: row.get("sent_at")?,
            delivered_at: row.get("delivered_at")?,
            read_at: row.get("read_at")?,
            edited_at: row.get("edited_at")?,
            scheduled_at: row.get("scheduled_at")?,
            retries: row.get("retries")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// The failure of a message, if it has one.
pub(in crate::persistence) fn failure(row: &Row) -> Result<Option<Failure>> {
    let code: Option<String> = row.get("error_code")?;
    let detail = row.get("error_detail")?;
    Ok(code.map(|code| Failure { code, detail }))
}

/// An earlier text in the JSON of a message's row.
#[derive(Deserialize)]
struct StoredText {
    text: String,
    written_at: DateTime<Utc>,
}

impl From<StoredText> for PreviousText {
    fn from(stored: StoredText) -> Self {
        Self { text: stored.text, written_at: stored.written_at }
    }
}

/// A file in the JSON of a message's row.
#[derive(Deserialize)]
struct StoredAttachment {
    id: i64,
    name: String,
    content_type: String,
    size: Option<i64>,
    /// 1 or 0.
    is_stored: i64,
    failure: Option<String>,
    width: Option<i64>,
    height: Option<i64>,
    /// 1 for a file that was replaced, otherwise 0.
    is_former: i64,
}

impl From<StoredAttachment> for Attachment {
    fn from(stored: StoredAttachment) -> Self {
        let state = match (stored.is_stored, stored.failure) {
            (1, _) => FileState::Stored,
            (_, Some(reason)) => FileState::Unavailable(FetchFailure::parse(&reason)),
            (_, None) => FileState::Pending,
        };
        Self {
            id: AttachmentId(stored.id),
            name: stored.name,
            content_type: stored.content_type,
            size: stored.size,
            state,
            dimensions: stored.width.zip(stored.height),
        }
    }
}

/// The present files in the column of [`attachments_where`].
pub(in crate::persistence) fn attachments(row: &Row) -> Result<Vec<Attachment>> {
    files(row, false)
}

/// The present or the replaced files in the column of [`attachments_where`].
fn files(row: &Row, are_former: bool) -> Result<Vec<Attachment>> {
    let stored = row.json::<Vec<StoredAttachment>>("attachments")?.into_iter();
    Ok(stored.filter(|file| (file.is_former == 1) == are_former).map(Into::into).collect())
}

impl Messages<'_> {
    /// Lists the messages with this id or a lower one, with their texts, the newest first.
    pub(in crate::persistence) async fn newest_up_to(
        &mut self,
        newest: i64,
        limit: i64,
    ) -> Result<Vec<(MessageId, String)>> {
        self.snapshot
            .query(
                "SELECT id, text FROM messages WHERE tenant_id = $1 AND id <= $2 ORDER BY id DESC
                 LIMIT $3",
            )
            .bind(newest)
            .bind(limit)
            .all()
            .await
    }

    /// Lists up to `limit` messages that contain all the terms, the newest first: before `before`
    /// and in one chat, if given. Without terms, no message is found.
    pub async fn search(
        &mut self,
        terms: &MessageTerms,
        chat: Option<ChatId>,
        before: Option<MessageId>,
        limit: i64,
    ) -> Result<Vec<MessageId>> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let matches = self.matches(terms, chat, before, limit);
        self.snapshot.query(matches).all().await
    }

    /// The statement that returns the ids of messages that contain all the terms.
    pub(in crate::persistence) fn matches(
        &self,
        terms: &MessageTerms,
        chat: Option<ChatId>,
        before: Option<MessageId>,
        limit: i64,
    ) -> Sql {
        let query = index::query(self.snapshot, &terms.message_query());
        let before = before.map_or(i64::MAX, |id| id.0);
        // Full-text tables differ between the engines. Without a chat, the index returns matches in
        // order, and only a few of them are loaded; with a chat, all matches are compared with the
        // chat's messages.
        match chat {
            None => Sql::by_engine(
                "SELECT m.id FROM message_search CROSS JOIN messages m ON m.id = message_search.rowid
                 WHERE message_search MATCH ? AND message_search.rowid < ? AND m.tenant_id = $1
                 ORDER BY message_search.rowid DESC LIMIT ?",
                "WITH found AS MATERIALIZED (SELECT message_id FROM message_search
                     WHERE tenant_id = $1 AND words @@ CAST(? AS TSQUERY) AND message_id < ?)
                 SELECT message_id FROM found ORDER BY message_id DESC LIMIT ?",
            )
            .bind(&query)
            .bind(before)
            .bind(limit),
            Some(chat) => Sql::by_engine(
                "SELECT id FROM messages WHERE tenant_id = $1 AND chat_id = ? AND id < ?
                     AND id IN (SELECT rowid FROM message_search WHERE message_search MATCH ?)
                 ORDER BY id DESC LIMIT ?",
                "SELECT id FROM messages WHERE tenant_id = $1 AND chat_id = ? AND id < ?
                     AND id IN (SELECT message_id FROM message_search
                         WHERE tenant_id = $1 AND words @@ CAST(? AS TSQUERY))
                 ORDER BY id DESC LIMIT ?",
            )
            .bind(chat)
            .bind(before)
            .bind(&query)
            .bind(limit),
        }
    }

    /// Loads a message of a chat.
    pub async fn get(&mut self, chat: ChatId, id: MessageId) -> Result<Option<Message>> {
        self.snapshot
            .query(columns())
            .push(MESSAGES)
            .push("AND m.chat_id = ? AND m.id = ?")
            .bind(chat)
            .bind(id)
            .optional()
            .await
    }

    /// Loads a message by its id.
    pub async fn find(&mut self, id: MessageId) -> Result<Option<Message>> {
        self.snapshot.query(columns()).push(MESSAGES).push("AND m.id = ?").bind(id).optional().await
    }

    /// Finds the message with this id of the provider.
    pub async fn by_provider_id(&mut self, channel: ChannelId, provider_id: &str) -> Result<Option<Message>> {
        self.snapshot
            .query(columns())
            .push(MESSAGES)
            .push("AND m.channel_id = ? AND m.provider_id = ?")
            .bind(channel)
            .bind(provider_id)
            .optional()
            .await
    }

    /// The provider's id of a message.
    pub async fn provider_id(&mut self, id: MessageId) -> Result<Option<String>> {
        self.snapshot
            .query("SELECT provider_id FROM messages WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .one::<Option<String>>()
            .await
    }

    /// Finds the message that was sent with this idempotency key.
    pub async fn by_idempotency_key(&mut self, chat: ChatId, key: &str) -> Result<Option<Message>> {
        self.snapshot
            .query(columns())
            .push(MESSAGES)
            .push("AND m.chat_id = ? AND m.idempotency_key = ?")
            .bind(chat)
            .bind(key)
            .optional()
            .await
    }

    /// The fingerprint of the request that sent a message; `None` for a message without an idempotency key.
    pub async fn request_fingerprint(&mut self, id: MessageId) -> Result<Option<Vec<u8>>> {
        self.snapshot
            .query("SELECT request_fingerprint FROM messages WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .one::<Option<Vec<u8>>>()
            .await
    }

    /// Loads messages by id.
    pub async fn by_ids(&mut self, ids: &[MessageId]) -> Result<Vec<Message>> {
        self.snapshot.query(columns()).push(MESSAGES).push("AND m.id IN ?").bind(ids).all().await
    }
}

impl MessagesMut<'_> {
    /// Stores a message with its files.
    pub async fn create(&mut self, new: &NewMessage, media: &[InboundMedia]) -> Result<MessageId> {
        let details = stored_details(&new.details)?;
        let id = self
            .work
            .query(
                "INSERT INTO messages (tenant_id, chat_id, member_id, direction, transport, channel_id,
                     provider_id, text,
                     details, status, idempotency_key, request_fingerprint, scheduled_at, sent_at, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id",
            )
            .bind(new.chat)
            .bind(new.member)
            .bind(new.direction)
            .bind(new.transport)
            .bind(new.channel)
            .bind(&new.provider_id)
            .bind(&new.text)
            .bind(details)
            .bind(new.status)
            .bind(new.idempotency_key.as_ref().map(|key| &key.key))
            .bind(new.idempotency_key.as_ref().map(|key| key.fingerprint.as_slice()))
            .bind(new.scheduled_at)
            .bind(new.sent_at)
            .bind(new.created_at)
            .one()
            .await?;
        self.index(id, new.text.as_str()).await?;
        for file in media {
            self.work.attachments_mut().add_pending(id, file, new.created_at).await?;
        }
        Ok(id)
    }

    /// Replaces the indexed words of a message. It must be called after each change of a message's
    /// text.
    pub(in crate::persistence) async fn index(&mut self, id: MessageId, text: &str) -> Result<()> {
        let words = index::indexed_words(self.work.tenant(), &message_words(text));
        // Full-text tables differ between the engines.
        self.work
            .query(Sql::by_engine(
                "INSERT OR REPLACE INTO message_search (rowid, words)
                 SELECT id, $3 FROM messages WHERE tenant_id = $1 AND id = $2",
                "INSERT INTO message_search (tenant_id, message_id, words)
                 SELECT tenant_id, id, array_to_tsvector(string_to_array($3, ' '))
                 FROM messages WHERE tenant_id = $1 AND id = $2
                 ON CONFLICT (tenant_id, message_id) DO UPDATE SET words = EXCLUDED.words",
            ))
            .bind(id)
            .bind(&words)
            .execute()
            .await?;
        Ok(())
    }

    /// Stores the indexed words of a message unless it has any, which are newer.
    pub(in crate::persistence) async fn index_if_missing(&mut self, id: MessageId, text: &str) -> Result<()> {
        let words = index::indexed_words(self.work.tenant(), &message_words(text));
        // Like in [`Self::index`].
        self.work
            .query(Sql::by_engine(
                "INSERT INTO message_search (rowid, words)
                 SELECT id, $3 FROM messages WHERE tenant_id = $1 AND id = $2
                     AND NOT EXISTS (SELECT 1 FROM message_search s WHERE s.rowid = $2)",
                "INSERT INTO message_search (tenant_id, message_id, words)
                 SELECT tenant_id, id, array_to_tsvector(string_to_array($3, ' '))
                 FROM messages WHERE tenant_id = $1 AND id = $2
                 ON CONFLICT DO NOTHING",
            ))
            .bind(id)
            .bind(&words)
            .execute()
            .await?;
        Ok(())
    }

    /// Locks a message until the end of the transaction, so that concurrent reports about it are
    /// serialised. Its chat is locked first, as in all transactions that write into a chat, so that
    /// they and a merge of chats do not deadlock.
    pub async fn lock_for_update(&mut self, id: MessageId) -> Result<()> {
        // SQLite has one writer at a time.
        if self.work.engine() == Engine::Sqlite {
            return Ok(());
        }
        loop {
            let chat = self
                .work
                .query(
                    "SELECT id FROM chats WHERE tenant_id = $1 AND id = (
                         SELECT chat_id FROM messages WHERE tenant_id = $1 AND id = $2) FOR UPDATE",
                )
                .bind(id)
                .optional::<ChatId>()
                .await?;
            let locked = match chat {
                Some(chat) => {
                    self.work
                        .query("SELECT id FROM messages WHERE tenant_id = $1 AND id = $2 AND chat_id = $3 FOR UPDATE")
                        .bind(id)
                        .bind(chat)
                        .optional::<MessageId>()
                        .await?
                }
                None => None,
            };
            if locked.is_some() || self.work.messages().find(id).await?.is_none() {
                return Ok(());
            }
            // The message moved to another chat while this transaction waited for the lock.
        }
    }

    /// Stores the status of a message. Each time is set once, by the first report that implies it.
    pub async fn update_status(&mut self, id: MessageId, report: &StatusChange) -> Result<()> {
        use MessageStatus as S;
        let reached = |states: &[S]| states.contains(&report.status).then_some(report.at);
        let (code, detail) =
            report.failure.as_ref().map_or((None, None), |f| (Some(f.code.as_str()), f.detail.as_deref()));
        self.work
            .query(
                "UPDATE messages SET status = $3, error_code = $4, error_detail = $5,
                     provider_id = COALESCE(provider_id, $6), sent_at = COALESCE(sent_at, $7),
                     delivered_at = COALESCE(delivered_at, $8), read_at = COALESCE(read_at, $9)
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .bind(report.status)
            .bind(code)
            .bind(detail)
            .bind(&report.provider_id)
            .bind(reached(&[S::Sent, S::Delivered, S::Read]))
            .bind(reached(&[S::Delivered, S::Read]))
            .bind(reached(&[S::Read]))
            .execute()
            .await?;
        Ok(())
    }

    /// Sets a failed message to the state before its delivery.
    pub async fn requeue(&mut self, id: MessageId) -> Result<()> {
        self.work
            .query(
                "UPDATE messages SET status = 'queued', error_code = NULL, error_detail = NULL,
                     provider_id = NULL,
                     sent_at = NULL, delivered_at = NULL, read_at = NULL, retries = retries + 1
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .execute()
            .await?;
        Ok(())
    }
}
