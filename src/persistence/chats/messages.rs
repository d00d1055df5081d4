//! Messages and their files.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::persistence::{
    Cursor, Snapshot, Start, UnitOfWork,
    chats::message_edits::stored_details,
    engine::{FromRow, Key, List, Row, Sql},
    search::index,
};
use crate::{
    domain::{
        Attachment, ChannelId, ChatId, Direction, Failure, FileState, InboundMedia, Message, MessageId,
        MessageStatus, MessageTerms, NewMessage, SenderType, Transport, message_words,
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
pub struct StatusReport {
    /// The status to store.
    pub status: MessageStatus,
    /// The failure; `None` clears it.
    pub failure: Option<Failure>,
    /// The provider's id, if it has become known.
    pub provider_id: Option<String>,
    /// The time of the report.
    pub at: DateTime<Utc>,
}

/// The columns of a message.
const COLUMNS: &str = "\
    SELECT m.id, m.chat_id, m.member_id, b.sender_type, \
    CASE b.sender_type \
        WHEN 'user' THEN u.first_name || COALESCE(' ' || u.last_name, '') \
        WHEN 'client' THEN k.first_name || COALESCE(' ' || k.middle_name, '') || COALESCE(' ' || k.last_name, '') \
    END AS sender_name, m.direction, m.transport, m.channel_id, m.text, m.details, m.status, m.error_code, \
    m.error_detail, m.sent_at, m.delivered_at, m.read_at, m.edited_at, m.scheduled_at, m.retries, m.created_at";
/// The tables of a message with its sender; further conditions are appended.
const MESSAGES: &str = "\
    FROM messages m JOIN members b ON b.tenant_id = m.tenant_id AND b.id = m.member_id \
    LEFT JOIN users u ON u.tenant_id = b.tenant_id AND u.id = b.user_id \
    LEFT JOIN clients k ON k.tenant_id = b.tenant_id AND k.id = b.client_id \
    WHERE m.tenant_id = $1";
pub(in crate::persistence) const OLDEST_FIRST: &[Key] = &[Key::number("m.id")];
const NEWEST_FIRST: &[Key] = &[Key::number("m.id").descending()];

/// The messages of a chat.
pub(in crate::persistence) fn list(chat: ChatId, order: &'static [Key]) -> List {
    List::new(COLUMNS, MESSAGES, order).filter(Sql::equals("m.chat_id", chat))
}

/// Reads a message without its files and previous texts, which [`Messages::with_attachments`] adds.
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
            previous_texts: Vec::new(),
            attachments: Vec::new(),
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

impl FromRow for Attachment {
    fn from_row(row: &Row) -> Result<Self> {
        let state = match (row.get("is_stored")?, row.valid("failure")?) {
            (true, _) => FileState::Stored,
            (false, Some(reason)) => FileState::Unavailable(reason),
            (false, None) => FileState::Pending,
        };
        let (width, height): (Option<i64>, _) = (row.get("width")?, row.get("height")?);
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            content_type: row.get("content_type")?,
            size: row.get("size")?,
            state,
            dimensions: width.zip(height),
        })
    }
}

/// A file with the message that it belongs to.
struct OwnedAttachment {
    message: MessageId,
    attachment: Attachment,
}

impl FromRow for OwnedAttachment {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { message: row.get("message_id")?, attachment: FromRow::from_row(row)? })
    }
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
        let query = index::query(self.snapshot, &terms.message_query());
        let before = before.map_or(i64::MAX, |id| id.0);
        // Full-text tables differ between the engines. Without a chat, the index returns matches in
        // order, and only a few of them are loaded; with a chat, all matches are compared with the
        // chat's messages.
        match chat {
            None => {
                self.snapshot
                    .query(Sql::by_engine(
                        "SELECT m.id FROM message_search CROSS JOIN messages m ON m.id = message_search.rowid
                         WHERE message_search MATCH $2 AND message_search.rowid < $3 AND m.tenant_id = $1
                         ORDER BY message_search.rowid DESC LIMIT $4",
                        "WITH found AS MATERIALIZED (SELECT message_id FROM message_search
                             WHERE tenant_id = $1 AND words @@ CAST($2 AS TSQUERY) AND message_id < $3)
                         SELECT message_id FROM found ORDER BY message_id DESC LIMIT $4",
                    ))
                    .bind(&query)
                    .bind(before)
                    .bind(limit)
                    .all()
                    .await
            }
            Some(chat) => {
                self.snapshot
                    .query(Sql::by_engine(
                        "SELECT id FROM messages WHERE tenant_id = $1 AND chat_id = $5 AND id < $3
                             AND id IN (SELECT rowid FROM message_search WHERE message_search MATCH $2)
                         ORDER BY id DESC LIMIT $4",
                        "SELECT id FROM messages WHERE tenant_id = $1 AND chat_id = $5 AND id < $3
                             AND id IN (SELECT message_id FROM message_search
                                 WHERE tenant_id = $1 AND words @@ CAST($2 AS TSQUERY))
                         ORDER BY id DESC LIMIT $4",
                    ))
                    .bind(&query)
                    .bind(before)
                    .bind(limit)
                    .bind(chat)
                    .all()
                    .await
            }
        }
    }

    /// Loads a message of a chat.
    pub async fn get(&mut self, chat: ChatId, id: MessageId) -> Result<Option<Message>> {
        let found = self
            .snapshot
            .query(COLUMNS)
            .push(MESSAGES)
            .push("AND m.chat_id = $2 AND m.id = $3")
            .bind(chat)
            .bind(id)
            .optional()
            .await?;
        Ok(self.with_attachments(found.into_iter().collect()).await?.pop())
    }

    /// Loads a message by its id.
    pub async fn find(&mut self, id: MessageId) -> Result<Option<Message>> {
        let found =
            self.snapshot.query(COLUMNS).push(MESSAGES).push("AND m.id = $2").bind(id).optional().await?;
        Ok(self.with_attachments(found.into_iter().collect()).await?.pop())
    }

    /// Finds the message with this id of the provider.
    pub async fn by_provider_id(&mut self, channel: ChannelId, provider_id: &str) -> Result<Option<Message>> {
        let found = self
            .snapshot
            .query(COLUMNS)
            .push(MESSAGES)
            .push("AND m.channel_id = $2 AND m.provider_id = $3")
            .bind(channel)
            .bind(provider_id)
            .optional()
            .await?;
        Ok(self.with_attachments(found.into_iter().collect()).await?.pop())
    }

    /// The provider's id of a message.
    pub async fn provider_id(&mut self, id: MessageId) -> Result<Option<String>> {
        self.snapshot
            .query("SELECT provider_id FROM messages WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .one::<Option<String>>()
            .await
    }

    /// The channel of the chat's last message of this transport.
    pub async fn last_channel(&mut self, chat: ChatId, transport: Transport) -> Result<Option<ChannelId>> {
        let id = self
            .snapshot
            .query(
                "SELECT channel_id FROM messages WHERE tenant_id = $1 AND chat_id = $2 AND transport = $3
                 ORDER BY id DESC LIMIT 1",
            )
            .bind(chat)
            .bind(transport)
            .optional::<Option<ChannelId>>()
            .await?;
        Ok(id.flatten())
    }

    /// Finds the message that was sent with this idempotency key.
    pub async fn by_idempotency_key(&mut self, chat: ChatId, key: &str) -> Result<Option<Message>> {
        let found = self
            .snapshot
            .query(COLUMNS)
            .push(MESSAGES)
            .push("AND m.chat_id = $2 AND m.idempotency_key = $3")
            .bind(chat)
            .bind(key)
            .optional()
            .await?;
        Ok(self.with_attachments(found.into_iter().collect()).await?.pop())
    }

    /// Lists the newest messages of a chat, or those before `before`, in ascending order. Also
    /// returns true if there are older ones.
    pub async fn before(
        &mut self,
        chat: ChatId,
        before: Option<MessageId>,
        limit: i64,
    ) -> Result<(Vec<Message>, bool)> {
        let start = before.map_or(Start::Offset(0), |id| Start::After(Cursor::of_id(id.0)));
        let mut part = self.snapshot.part(&list(chat, NEWEST_FIRST), start, limit).await?;
        part.items.reverse();
        Ok((self.with_attachments(part.items).await?, part.has_more))
    }

    /// Loads messages by id, with one statement for texts and one for files.
    pub async fn by_ids(&mut self, ids: &[MessageId]) -> Result<Vec<Message>> {
        let rows = self.snapshot.query(COLUMNS).push(MESSAGES).push("AND m.id IN $2").bind(ids).all().await?;
        self.with_attachments(rows).await
    }

    /// Adds files and previous texts, with one statement each.
    pub(in crate::persistence) async fn with_attachments(
        &mut self,
        mut messages: Vec<Message>,
    ) -> Result<Vec<Message>> {
        if messages.is_empty() {
            return Ok(messages);
        }
        let ids: Vec<_> = messages.iter().map(|message| message.id).collect();
        let query = self.snapshot.query(
            "SELECT message_id, id, name, content_type, size, file_key IS NOT NULL AS is_stored,
                 failure, width, height
             FROM attachments WHERE tenant_id = $1 AND message_id IN $2 ORDER BY id",
        );
        let mut files: Vec<OwnedAttachment> = query.bind(ids).all().await?;
        let edited = messages.iter().filter(|message| message.edited_at.is_some());
        let edited: Vec<_> = edited.map(|message| message.id).collect();
        let mut previous =
            if edited.is_empty() { HashMap::new() } else { self.previous_texts(&edited).await? };
        for message in &mut messages {
            message.previous_texts = previous.remove(&message.id).unwrap_or_default();
            let own = files.extract_if(.., |file| file.message == message.id);
            message.attachments = own.map(|file| file.attachment).collect();
        }
        Ok(messages)
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
                     details, status, idempotency_key, scheduled_at, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
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
            .bind(&new.idempotency_key)
            .bind(new.scheduled_at)
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
        // SQLite has one writer at a time and no FOR UPDATE.
        let mut locked = None;
        loop {
            let chat = self
                .work
                .query("SELECT chat_id FROM messages WHERE tenant_id = $1 AND id = $2")
                .bind(id)
                .optional::<ChatId>()
                .await?;
            let Some(chat) = chat else { return Ok(()) };
            if locked == Some(chat) {
                break;
            }
            // The message may have moved to another chat while this transaction waited for the
            // lock.
            if self.work.chats_mut().lock_for_update(chat).await? {
                locked = Some(chat);
            }
        }
        self.work
            .query(Sql::by_engine(
                "SELECT id FROM messages WHERE tenant_id = $1 AND id = $2",
                "SELECT id FROM messages WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
            ))
            .bind(id)
            .optional::<MessageId>()
            .await?;
        Ok(())
    }

    /// Stores the status of a message. Each time is set once, by the first report that implies it.
    pub async fn update_status(&mut self, id: MessageId, report: &StatusReport) -> Result<()> {
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
