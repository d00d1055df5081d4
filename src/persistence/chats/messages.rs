//! Messages and their files.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::persistence::{
    Tx,
    chats::{message_edits::stored_details, repository::parsed},
    search::index,
};
use crate::{
    domain::{
        Attachment, AttachmentId, ChannelId, ChatId, Direction, Failure, FetchFailure, FileState, MemberId,
        Message, MessageId, MessageStatus, MessageTerms, NewMessage, PreviousText, SenderType, Transport,
        message_words,
    },
    error::Result,
};

/// Messages of a tenant.
pub struct Messages<'t> {
    pub(in crate::persistence) tx: &'t mut Tx,
}

/// A file of an inbound message, still at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundMedia {
    /// Where the provider keeps it.
    pub url: String,
    /// The MIME type that the provider claims.
    pub content_type: String,
    /// A name to show.
    pub name: String,
}

/// What is stored when a message's delivery goes on.
#[derive(Debug, Clone)]
pub struct StatusReport {
    /// The status to store.
    pub status: MessageStatus,
    /// Why it failed; cleared when none.
    pub failure: Option<Failure>,
    /// The provider's id, where it has become known.
    pub provider_id: Option<String>,
    /// When it was reported.
    pub at: DateTime<Utc>,
}

#[derive(FromRow)]
pub(in crate::persistence) struct MessageRow {
    id: i64,
    chat_id: i64,
    member_id: Uuid,
    sender_type: String,
    sender_name: Option<String>,
    direction: String,
    transport: String,
    channel_id: Option<Uuid>,
    text: String,
    details: Option<String>,
    status: String,
    error_code: Option<String>,
    error_detail: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
    read_at: Option<DateTime<Utc>>,
    edited_at: Option<DateTime<Utc>>,
    scheduled_at: Option<DateTime<Utc>>,
    retries: i64,
    created_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct AttachmentRow {
    message_id: i64,
    id: i64,
    name: String,
    content_type: String,
    size: Option<i64>,
    is_stored: bool,
    failure: Option<String>,
    width: Option<i64>,
    height: Option<i64>,
}

macro_rules! columns {
    ($condition:literal) => {
        concat!(
            "SELECT m.id, m.chat_id, m.member_id, b.sender_type, \
             CASE b.sender_type \
                 WHEN 'user' THEN u.first_name || COALESCE(' ' || u.last_name, '') \
                 WHEN 'client' THEN k.first_name || COALESCE(' ' || k.middle_name, '') || COALESCE(' ' || k.last_name, '') \
             END AS sender_name, m.direction, m.transport, m.channel_id, m.text, m.details, m.status, m.error_code, m.error_detail, \
             m.sent_at, m.delivered_at, m.read_at, m.edited_at, m.scheduled_at, m.retries, m.created_at \
             FROM messages m JOIN members b ON b.tenant_id = m.tenant_id AND b.id = m.member_id \
             LEFT JOIN users u ON u.tenant_id = b.tenant_id AND u.id = b.user_id \
             LEFT JOIN clients k ON k.tenant_id = b.tenant_id AND k.id = b.client_id \
             WHERE m.tenant_id = $1 ",
            $condition
        )
    };
}

pub(in crate::persistence) use columns;

impl MessageRow {
    fn into_message(self, attachments: Vec<Attachment>, earlier: Vec<PreviousText>) -> Message {
        Message {
            id: MessageId(self.id),
            chat: ChatId(self.chat_id),
            member: MemberId(self.member_id),
            sender_type: parsed(Some(&self.sender_type), SenderType::System),
            sender_name: self.sender_name.unwrap_or_default(),
            direction: parsed(Some(&self.direction), Direction::Inbound),
            transport: parsed(Some(&self.transport), Transport::Other),
            channel: self.channel_id.map(ChannelId),
            text: self.text,
            // What a newer version wrote, or nobody, is not worth a message.
            details: self.details.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            previous_texts: earlier,
            attachments,
            status: parsed(Some(&self.status), MessageStatus::Unknown),
            failure: self.error_code.map(|code| Failure { code, detail: self.error_detail }),
            sent_at: self.sent_at,
            delivered_at: self.delivered_at,
            read_at: self.read_at,
            edited_at: self.edited_at,
            scheduled_at: self.scheduled_at,
            retries: self.retries,
            created_at: self.created_at,
        }
    }
}

impl AttachmentRow {
    fn into_attachment(self) -> Attachment {
        let state = match (self.is_stored, self.failure) {
            (true, _) => FileState::Stored,
            (false, Some(reason)) => FileState::Unavailable(FetchFailure::parse(&reason)),
            (false, None) => FileState::Pending,
        };
        Attachment {
            id: AttachmentId(self.id),
            name: self.name,
            content_type: self.content_type,
            size: self.size,
            state,
            dimensions: self.width.zip(self.height),
        }
    }
}

impl<'t> Messages<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// Stores a message with its files.
    pub async fn create(&mut self, new: &NewMessage, media: &[InboundMedia]) -> Result<MessageId> {
        let details = stored_details(&new.details)?;
        let id = sql!(self.tx, val(i64), "
            INSERT INTO messages (tenant_id, chat_id, member_id, direction, transport, channel_id, provider_id, text,
                details, status, idempotency_key, scheduled_at, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
            new.chat.0, new.member.0, new.direction.as_str(), new.transport.as_str(), new.channel.0,
            new.provider_id.as_deref(), new.text.as_str(), details, new.status.as_str(), new.idempotency_key.as_deref(),
            new.scheduled_at, new.created_at)?;
        self.index(MessageId(id), new.text.as_str()).await?;
        for file in media {
            self.tx.attachments().add_pending(MessageId(id), file, new.created_at).await?;
        }
        Ok(MessageId(id))
    }

    /// Stores the words by which a message is found, in place of those that it had. Whoever changes a message's text
    /// calls this.
    pub(in crate::persistence) async fn index(&mut self, id: MessageId, text: &str) -> Result<()> {
        let words = index::indexed_words(self.tx.tenant(), &message_words(text));
        // A full-text table is another thing on each engine.
        sql!(self.tx, exec, {
            sqlite: "
                INSERT OR REPLACE INTO message_search (rowid, words)
                SELECT id, $3 FROM messages WHERE tenant_id = $1 AND id = $2",
            postgres: "
                INSERT INTO message_search (tenant_id, message_id, words)
                SELECT tenant_id, id, array_to_tsvector(string_to_array($3, ' '))
                FROM messages WHERE tenant_id = $1 AND id = $2
                ON CONFLICT (tenant_id, message_id) DO UPDATE SET words = EXCLUDED.words"
        }, id.0, &words)?;
        Ok(())
    }

    /// Stores the words of a message that has none; one that has some has newer ones.
    pub(in crate::persistence) async fn index_if_missing(&mut self, id: MessageId, text: &str) -> Result<()> {
        let words = index::indexed_words(self.tx.tenant(), &message_words(text));
        // As in `index`.
        sql!(self.tx, exec, {
            sqlite: "
                INSERT INTO message_search (rowid, words)
                SELECT id, $3 FROM messages WHERE tenant_id = $1 AND id = $2
                    AND NOT EXISTS (SELECT 1 FROM message_search s WHERE s.rowid = $2)",
            postgres: "
                INSERT INTO message_search (tenant_id, message_id, words)
                SELECT tenant_id, id, array_to_tsvector(string_to_array($3, ' '))
                FROM messages WHERE tenant_id = $1 AND id = $2
                ON CONFLICT DO NOTHING"
        }, id.0, &words)?;
        Ok(())
    }

    /// The messages of this id and below with their texts, the newest first.
    pub(in crate::persistence) async fn newest_up_to(
        &mut self,
        newest: i64,
        limit: i64,
    ) -> Result<Vec<(MessageId, String)>> {
        let rows = sql!(
            self.tx,
            all((i64, String)),
            "SELECT id, text FROM messages WHERE tenant_id = $1 AND id <= $2 ORDER BY id DESC LIMIT $3",
            newest,
            limit
        )?;
        Ok(rows.into_iter().map(|(id, text)| (MessageId(id), text)).collect())
    }

    /// The messages in which all the terms occur, the newest first: up to `limit` of them, before `before` when given, of
    /// one chat when given. Nothing is found by no terms.
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
        let query = index::query(self.tx, &terms.message_query());
        let before = before.map_or(i64::MAX, |id| id.0);
        // A full-text table is another thing on each engine. Everywhere, the index gives its finds in order, and few of
        // them are looked up; in a chat, all finds are looked for among its messages.
        let ids = match chat {
            None => sql!(self.tx, all((i64,)), {
                sqlite: "
                    SELECT m.id FROM message_search CROSS JOIN messages m ON m.id = message_search.rowid
                    WHERE message_search MATCH $2 AND message_search.rowid < $3 AND m.tenant_id = $1
                    ORDER BY message_search.rowid DESC LIMIT $4",
                postgres: "
                    WITH found AS MATERIALIZED (SELECT message_id FROM message_search
                        WHERE tenant_id = $1 AND words @@ CAST($2 AS TSQUERY) AND message_id < $3)
                    SELECT message_id FROM found ORDER BY message_id DESC LIMIT $4"
            }, &query, before, limit)?,
            Some(chat) => sql!(self.tx, all((i64,)), {
                sqlite: "
                    SELECT id FROM messages WHERE tenant_id = $1 AND chat_id = $5 AND id < $3
                        AND id IN (SELECT rowid FROM message_search WHERE message_search MATCH $2)
                    ORDER BY id DESC LIMIT $4",
                postgres: "
                    SELECT id FROM messages WHERE tenant_id = $1 AND chat_id = $5 AND id < $3
                        AND id IN (SELECT message_id FROM message_search
                            WHERE tenant_id = $1 AND words @@ CAST($2 AS TSQUERY))
                    ORDER BY id DESC LIMIT $4"
            }, &query, before, limit, chat.0)?,
        };
        Ok(ids.into_iter().map(|(id,)| MessageId(id)).collect())
    }

    /// One message of a chat.
    pub async fn get(&mut self, chat: ChatId, id: MessageId) -> Result<Option<Message>> {
        let row =
            sql!(self.tx, opt(MessageRow), (columns!("AND m.chat_id = $2 AND m.id = $3")), chat.0, id.0)?;
        Ok(self.with_attachments(row.into_iter().collect()).await?.pop())
    }

    /// One message, whichever chat it is in.
    pub async fn find(&mut self, id: MessageId) -> Result<Option<Message>> {
        let row = sql!(self.tx, opt(MessageRow), (columns!("AND m.id = $2")), id.0)?;
        Ok(self.with_attachments(row.into_iter().collect()).await?.pop())
    }

    /// The message that a provider knows by this id.
    pub async fn by_provider_id(&mut self, channel: ChannelId, provider_id: &str) -> Result<Option<Message>> {
        let row = sql!(
            self.tx,
            opt(MessageRow),
            (columns!("AND m.channel_id = $2 AND m.provider_id = $3")),
            channel.0,
            provider_id
        )?;
        Ok(self.with_attachments(row.into_iter().collect()).await?.pop())
    }

    /// The provider's id of a message.
    pub async fn provider_id(&mut self, id: MessageId) -> Result<Option<String>> {
        Ok(sql!(
            self.tx,
            val(Option<String>),
            "
            SELECT provider_id FROM messages WHERE tenant_id = $1 AND id = $2",
            id.0
        )?)
    }

    /// The channel by which the chat's last message of this transport went or came.
    pub async fn last_channel(&mut self, chat: ChatId, transport: Transport) -> Result<Option<ChannelId>> {
        let id = sql!(
            self.tx,
            maybe(Option<Uuid>),
            "
            SELECT channel_id FROM messages WHERE tenant_id = $1 AND chat_id = $2 AND transport = $3
            ORDER BY id DESC LIMIT 1",
            chat.0,
            transport.as_str()
        )?;
        Ok(id.flatten().map(ChannelId))
    }

    /// The message that was sent with this key.
    pub async fn by_idempotency_key(&mut self, chat: ChatId, key: &str) -> Result<Option<Message>> {
        let row = sql!(
            self.tx,
            opt(MessageRow),
            (columns!("AND m.chat_id = $2 AND m.idempotency_key = $3")),
            chat.0,
            key
        )?;
        Ok(self.with_attachments(row.into_iter().collect()).await?.pop())
    }

    /// The newest messages of a chat before `before` (all of them when none), ascending, and whether there are older ones.
    pub async fn before(
        &mut self,
        chat: ChatId,
        before: Option<MessageId>,
        limit: i64,
    ) -> Result<(Vec<Message>, bool)> {
        let before = before.map_or(i64::MAX, |id| id.0);
        let mut rows = sql!(
            self.tx,
            all(MessageRow),
            (columns!("AND m.chat_id = $2 AND m.id < $3 ORDER BY m.id DESC LIMIT $4")),
            chat.0,
            before,
            limit + 1
        )?;
        let has_more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if has_more {
            rows.pop();
        }
        rows.reverse();
        Ok((self.with_attachments(rows).await?, has_more))
    }

    /// The messages of these ids, whatever their number, in one statement for texts and one for files.
    pub async fn by_ids(&mut self, ids: &[MessageId]) -> Result<Vec<Message>> {
        let list = id_list(ids.iter().map(|id| id.0));
        let rows = sql!(self.tx, all(MessageRow), { (columns!("AND m.id")) in "$2" }, &list)?;
        self.with_attachments(rows).await
    }

    pub(in crate::persistence) async fn with_attachments(
        &mut self,
        rows: Vec<MessageRow>,
    ) -> Result<Vec<Message>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let list = id_list(rows.iter().map(|row| row.id));
        let mut files = sql!(self.tx, all(AttachmentRow), {
            "
            SELECT message_id, id, name, content_type, size, file_key IS NOT NULL AS is_stored, failure, width, height
            FROM attachments WHERE tenant_id = $1 AND message_id" in "$2", " ORDER BY id"
        }, &list)?;
        let edited = rows.iter().filter(|row| row.edited_at.is_some()).map(|row| row.id);
        let edited = id_list(edited);
        let mut earlier = if edited == "[]" { HashMap::new() } else { self.previous_texts(&edited).await? };
        let with_own = |row: MessageRow| {
            let before = earlier.remove(&row.id).unwrap_or_default();
            let own = files.extract_if(.., |file| file.message_id == row.id);
            let own = own.map(AttachmentRow::into_attachment).collect();
            row.into_message(own, before)
        };
        Ok(rows.into_iter().map(with_own).collect())
    }

    /// Takes the message for this transaction, so that two reports about it come one after the other; and before it its
    /// chat, as everyone does who writes into one, so that they and a merge of chats don't wait for each other.
    pub async fn lock_for_update(&mut self, id: MessageId) -> Result<()> {
        // SQLite has one writer at a time and no FOR UPDATE.
        let mut locked = None;
        loop {
            let chat = sql!(
                self.tx,
                maybe(i64),
                "SELECT chat_id FROM messages WHERE tenant_id = $1 AND id = $2",
                id.0
            )?;
            let Some(chat) = chat else { return Ok(()) };
            if locked == Some(chat) {
                break;
            }
            // It may have moved to another chat while this one was waited for.
            if self.tx.chats().lock_for_update(ChatId(chat)).await? {
                locked = Some(chat);
            }
        }
        sql!(self.tx, maybe(i64), {
            sqlite: "SELECT id FROM messages WHERE tenant_id = $1 AND id = $2",
            postgres: "SELECT id FROM messages WHERE tenant_id = $1 AND id = $2 FOR UPDATE"
        }, id.0)?;
        Ok(())
    }

    /// Stores how far a message has come. Each time is set once, by the first report that implies it.
    pub async fn update_status(&mut self, id: MessageId, report: &StatusReport) -> Result<()> {
        use MessageStatus as S;
        let reached = |states: &[S]| states.contains(&report.status).then_some(report.at);
        let (code, detail) =
            report.failure.as_ref().map_or((None, None), |f| (Some(f.code.as_str()), f.detail.as_deref()));
        sql!(
            self.tx,
            exec,
            "
            UPDATE messages SET status = $3, error_code = $4, error_detail = $5,
                provider_id = COALESCE(provider_id, $6), sent_at = COALESCE(sent_at, $7),
                delivered_at = COALESCE(delivered_at, $8), read_at = COALESCE(read_at, $9)
            WHERE tenant_id = $1 AND id = $2",
            id.0,
            report.status.as_str(),
            code,
            detail,
            report.provider_id.as_deref(),
            reached(&[S::Sent, S::Delivered, S::Read]),
            reached(&[S::Delivered, S::Read]),
            reached(&[S::Read])
        )?;
        Ok(())
    }

    /// Puts a failed message back into the queue, as if it had never been handed over.
    pub async fn requeue(&mut self, id: MessageId) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE messages SET status = 'queued', error_code = NULL, error_detail = NULL, provider_id = NULL,
                sent_at = NULL, delivered_at = NULL, read_at = NULL, retries = retries + 1
            WHERE tenant_id = $1 AND id = $2",
            id.0
        )?;
        Ok(())
    }
}

pub(in crate::persistence) fn id_list(ids: impl Iterator<Item = i64>) -> String {
    format!("[{}]", ids.map(|id| id.to_string()).collect::<Vec<_>>().join(","))
}
