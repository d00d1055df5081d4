//! Chats and their members.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::persistence::{Page, PageRequest, Tx};
use crate::{
    domain::{
        ChannelId, Chat, ChatId, ClientId, Direction, LastMessage, Member, MemberId, Message, MessageId,
        MessageStatus, MessageTerms, MessageText, NewMessage, PhoneNumber, SearchTerms, Sender, SenderType,
        Transport,
    },
    error::Result,
};

/// Chats of a tenant.
pub struct Chats<'t> {
    pub(in crate::persistence) tx: &'t mut Tx,
}

/// Which chats a list shows.
#[derive(Debug, Clone, Default)]
pub struct ChatFilter {
    /// What the client's names, phone, e-mail or contacts contain …
    pub terms: SearchTerms,
    /// … or what was said.
    pub text: MessageTerms,
    /// Only chats with messages that no one has read.
    pub unread: bool,
}

#[derive(FromRow)]
pub(in crate::persistence) struct ChatRow {
    id: i64,
    client_id: i64,
    first_name: String,
    last_name: Option<String>,
    middle_name: Option<String>,
    phone: Option<String>,
    unread_count: i64,
    active_at: DateTime<Utc>,
    last_message_id: Option<i64>,
    last_message_preview: Option<String>,
    last_message_direction: Option<String>,
    last_message_transport: Option<String>,
    last_message_status: Option<String>,
    created_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct MemberRow {
    id: Uuid,
    transport: String,
    sender_type: String,
    sender_id: Option<i64>,
    name: Option<String>,
    created_at: DateTime<Utc>,
}

macro_rules! columns {
    () => {
        "SELECT c.id, c.client_id, k.first_name, k.last_name, k.middle_name, k.phone, c.unread_count, c.active_at, \
         c.last_message_id, c.last_message_preview, c.last_message_direction, c.last_message_transport, \
         c.last_message_status, c.created_at \
         FROM chats c JOIN clients k ON k.tenant_id = c.tenant_id AND k.id = c.client_id WHERE c.tenant_id = $1 "
    };
}

/// The chats that a [`ChatFilter`] lets through: `$2` whether only unread ones, and as [`crate::persistence::search::chat_search::ChatSearch`]
/// has them `$3` the words of clients and `$4` the chats in which something was said. A text with words, and two without:
/// where there are any, the list is made of what the indexes find, and unread chats have an index of their own.
macro_rules! matching {
    (all) => {
        "AND $2 = 0 AND $3 = '' AND $4 = '[]' "
    };
    (unread) => {
        "AND c.unread_count > 0 AND $2 = 1 AND $3 = '' AND $4 = '[]' "
    };
    (sqlite) => {
        "AND ($2 = 0 OR c.unread_count > 0) AND c.id IN ( \
            SELECT h.id FROM chats h WHERE h.tenant_id = $1 \
                AND h.client_id IN (SELECT rowid FROM client_search WHERE client_search MATCH $3) \
            UNION SELECT value FROM json_each($4)) "
    };
    (postgres) => {
        "AND ($2 = 0 OR c.unread_count > 0) AND c.id = ANY (ARRAY( \
            SELECT h.id FROM chats h WHERE h.tenant_id = $1 AND h.client_id = ANY (ARRAY( \
                SELECT s.client_id FROM client_search s \
                WHERE s.tenant_id = $1 AND s.words @@ CAST($3 AS TSQUERY))) \
            UNION SELECT CAST(e AS BIGINT) FROM jsonb_array_elements(CAST($4 AS JSONB)) e)) "
    };
}

/// A statement about the chats that a filter lets through, of which `$5` and on are the arguments.
macro_rules! filtered {
    ($tx:expr, $verb:ident($type:ty), $filter:expr, $sought:expr, $head:expr,
        { sqlite: $lite:expr, postgres: $post:expr } $(, $arg:expr)* $(,)?) => {{
        let unread = i64::from($filter.unread);
        let (words, said) = ($sought.words.as_str(), $sought.chats.as_str());
        // A full-text table is another thing on each engine, and so is making rows of a list that is one parameter.
        if $sought.anything && $filter.unread {
            sql!($tx, $verb($type), {
                sqlite: (concat!($head, matching!(unread), $lite)),
                postgres: (concat!($head, matching!(unread), $post))
            }, unread, words, said $(, $arg)*)
        } else if $sought.anything {
            sql!($tx, $verb($type), {
                sqlite: (concat!($head, matching!(all), $lite)),
                postgres: (concat!($head, matching!(all), $post))
            }, unread, words, said $(, $arg)*)
        } else {
            sql!($tx, $verb($type), {
                sqlite: (concat!($head, matching!(sqlite), $lite)),
                postgres: (concat!($head, matching!(postgres), $post))
            }, unread, words, said $(, $arg)*)
        }
    }};
    ($tx:expr, $verb:ident($type:ty), $filter:expr, $sought:expr, $head:expr, $tail:literal $(, $arg:expr)* $(,)?) => {
        filtered!($tx, $verb($type), $filter, $sought, $head, { sqlite: $tail, postgres: $tail } $(, $arg)*)
    };
}

pub(in crate::persistence) use {columns, filtered, matching};

impl From<ChatRow> for Chat {
    fn from(row: ChatRow) -> Self {
        let last_message = row.last_message_id.map(|id| LastMessage {
            id: MessageId(id),
            at: row.active_at,
            preview: row.last_message_preview.unwrap_or_default(),
            direction: parsed(row.last_message_direction.as_deref(), Direction::Inbound),
            transport: parsed(row.last_message_transport.as_deref(), Transport::Other),
            status: parsed(row.last_message_status.as_deref(), MessageStatus::Unknown),
        });
        let parts = [Some(row.first_name), row.middle_name, row.last_name];
        Self {
            id: ChatId(row.id),
            client: ClientId(row.client_id),
            client_name: parts.into_iter().flatten().collect::<Vec<_>>().join(" "),
            client_phone: row.phone.and_then(|p| PhoneNumber::parse_e164(&p).ok()),
            unread_count: row.unread_count,
            last_message,
            matching_message: None,
            active_at: row.active_at,
            created_at: row.created_at,
        }
    }
}

/// A stored word, or what stands for one that this version does not know.
pub(in crate::persistence) fn parsed<T: std::str::FromStr>(stored: Option<&str>, otherwise: T) -> T {
    stored.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

impl From<MemberRow> for Member {
    fn from(row: MemberRow) -> Self {
        Self {
            id: MemberId(row.id),
            transport: parsed(Some(&row.transport), Transport::Other),
            sender_type: parsed(Some(&row.sender_type), SenderType::System),
            sender_id: row.sender_id,
            name: row.name.unwrap_or_default(),
            created_at: row.created_at,
        }
    }
}

impl<'t> Chats<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// A page of chats, the newest message first.
    pub async fn page(&mut self, filter: &ChatFilter, request: PageRequest) -> Result<Page<Chat>> {
        let sought = self.search(filter).await?;
        let total = filtered!(
            self.tx,
            val(i64),
            filter,
            sought,
            "SELECT COUNT(*) FROM chats c WHERE c.tenant_id = $1 ",
            ""
        )?;
        let rows = filtered!(
            self.tx,
            all(ChatRow),
            filter,
            sought,
            columns!(),
            "ORDER BY c.active_at DESC, c.id DESC LIMIT $5 OFFSET $6",
            request.limit,
            request.offset()
        )?;
        Ok(Page { items: sought.mark(rows), request, total })
    }

    /// One chat.
    pub async fn get(&mut self, id: ChatId) -> Result<Option<Chat>> {
        let row = sql!(self.tx, opt(ChatRow), (concat!(columns!(), "AND c.id = $2")), id.0)?;
        Ok(row.map(Into::into))
    }

    /// The chat of a client.
    pub async fn of_client(&mut self, client: ClientId) -> Result<Option<Chat>> {
        let row = sql!(self.tx, opt(ChatRow), (concat!(columns!(), "AND c.client_id = $2")), client.0)?;
        Ok(row.map(Into::into))
    }

    /// How many chats have messages that no one has read.
    pub async fn count_unread(&mut self) -> Result<i64> {
        Ok(sql!(self.tx, val(i64), "SELECT COUNT(*) FROM chats WHERE tenant_id = $1 AND unread_count > 0")?)
    }

    /// The chat of a client, made when there is none; and whether it was made.
    pub async fn find_or_create(&mut self, client: ClientId, at: DateTime<Utc>) -> Result<(ChatId, bool)> {
        let made = sql!(
            self.tx,
            maybe(i64),
            "
            INSERT INTO chats (tenant_id, client_id, active_at, created_at) VALUES ($1, $2, $3, $3)
            ON CONFLICT DO NOTHING RETURNING id",
            client.0,
            at
        )?;
        if let Some(id) = made {
            return Ok((ChatId(id), true));
        }
        let id = sql!(
            self.tx,
            val(i64),
            "SELECT id FROM chats WHERE tenant_id = $1 AND client_id = $2",
            client.0
        )?;
        Ok((ChatId(id), false))
    }

    /// Takes the chat for this transaction, so that messages get their ids in the order in which they are committed;
    /// `false` when it is not there.
    pub async fn lock_for_update(&mut self, id: ChatId) -> Result<bool> {
        // SQLite has one writer at a time and no FOR UPDATE.
        let found = sql!(self.tx, maybe(i64), {
            sqlite: "SELECT id FROM chats WHERE tenant_id = $1 AND id = $2",
            postgres: "SELECT id FROM chats WHERE tenant_id = $1 AND id = $2 FOR UPDATE"
        }, id.0)?;
        Ok(found.is_some())
    }

    /// Puts a new message at the head of its chat; an inbound one is unread.
    pub async fn set_last_message(&mut self, id: MessageId, message: &NewMessage) -> Result<()> {
        let unread = i64::from(message.direction == Direction::Inbound);
        sql!(
            self.tx,
            exec,
            "
            UPDATE chats SET unread_count = unread_count + $3, active_at = $4, last_message_id = $5,
                last_message_preview = $6, last_message_direction = $7, last_message_transport = $8,
                last_message_status = $9
            WHERE tenant_id = $1 AND id = $2",
            message.chat.0,
            unread,
            message.created_at,
            id.0,
            message.text.preview(),
            message.direction.as_str(),
            message.transport.as_str(),
            message.status.as_str()
        )?;
        Ok(())
    }

    /// Puts a message that waited for its time at the head of its chat, now that it is out.
    pub async fn promote_scheduled_message(
        &mut self,
        message: &Message,
        status: MessageStatus,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let text = MessageText::from_provider(&message.text);
        sql!(
            self.tx,
            exec,
            "
            UPDATE chats SET active_at = $3, last_message_id = $4, last_message_preview = $5,
                last_message_direction = $6, last_message_transport = $7, last_message_status = $8
            WHERE tenant_id = $1 AND id = $2
                AND EXISTS (SELECT 1 FROM messages m WHERE m.tenant_id = $1 AND m.id = $4 AND m.chat_id = $2)",
            message.chat.0,
            at,
            message.id.0,
            text.preview(),
            message.direction.as_str(),
            message.transport.as_str(),
            status.as_str()
        )?;
        Ok(())
    }

    /// Works out the head of a chat anew, when messages were moved into it or out of it.
    pub async fn recompute_last_message(&mut self, id: ChatId) -> Result<()> {
        let last = sql!(
            self.tx,
            opt((i64, String)),
            "
            SELECT id, text FROM messages WHERE tenant_id = $1 AND chat_id = $2 AND status <> 'scheduled'
            ORDER BY id DESC LIMIT 1",
            id.0
        )?;
        let (message, preview) = match last {
            Some((message, text)) => (Some(message), Some(MessageText::from_provider(&text).preview())),
            None => (None, None),
        };
        sql!(
            self.tx,
            exec,
            "
            UPDATE chats SET last_message_id = $3, last_message_preview = $4,
                (active_at, last_message_direction, last_message_transport, last_message_status) = (
                    SELECT COALESCE(m.created_at, c.created_at), m.direction, m.transport, m.status
                    FROM chats c LEFT JOIN messages m ON m.tenant_id = c.tenant_id AND m.id = $3
                    WHERE c.tenant_id = $1 AND c.id = $2),
                unread_count = (
                    SELECT COUNT(*) FROM messages m
                    WHERE m.tenant_id = $1 AND m.chat_id = $2 AND m.direction = 'inbound' AND m.read_at IS NULL)
            WHERE tenant_id = $1 AND id = $2",
            id.0,
            message,
            preview
        )?;
        Ok(())
    }

    /// Tells the chat of its last message's status; of other messages' it does not know.
    pub async fn update_last_message_status(
        &mut self,
        chat: ChatId,
        message: MessageId,
        status: MessageStatus,
    ) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE chats SET last_message_status = $4
            WHERE tenant_id = $1 AND id = $2 AND last_message_id = $3",
            chat.0,
            message.0,
            status.as_str()
        )?;
        Ok(())
    }

    /// Marks inbound messages up to this one as read; how many were not.
    pub async fn mark_read_up_to(
        &mut self,
        chat: ChatId,
        message: MessageId,
        at: DateTime<Utc>,
    ) -> Result<i64> {
        let read = sql!(
            self.tx,
            exec,
            "
            UPDATE messages SET read_at = $4
            WHERE tenant_id = $1 AND chat_id = $2 AND id <= $3 AND direction = 'inbound' AND read_at IS NULL",
            chat.0,
            message.0,
            at
        )?;
        let read = i64::try_from(read).unwrap_or(i64::MAX);
        if read > 0 {
            sql!(
                self.tx,
                exec,
                "
                UPDATE chats SET unread_count = unread_count - $3 WHERE tenant_id = $1 AND id = $2",
                chat.0,
                read
            )?;
        }
        Ok(read)
    }

    /// The member of this sender and transport, made when there is none. What the transport knows of it
    /// (`data`, JSON) is stored when given, and stays as it is otherwise.
    pub async fn find_or_create_member(
        &mut self,
        chat: ChatId,
        transport: Transport,
        sender: &Sender,
        data: Option<&serde_json::Value>,
        at: DateTime<Utc>,
    ) -> Result<MemberId> {
        let participant = sender.participant();
        let (user, client, contact, address) = match sender {
            Sender::User(user) => (Some(user.0), None, None, None),
            Sender::Client { client, contact, address } => {
                (None, Some(client.0), contact.map(|c| c.0), Some(address.as_str()))
            }
            Sender::System => (None, None, None, None),
        };
        let text = data.map(ToString::to_string);
        let id = sql!(self.tx, val(Uuid), "
            INSERT INTO members (tenant_id, id, chat_id, transport, participant, sender_type, user_id, client_id,
                contact_id, address, data, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, COALESCE($11, '{}'), $12)
            ON CONFLICT (tenant_id, chat_id, transport, participant) DO UPDATE
            SET data = COALESCE($11, members.data), contact_id = COALESCE($9, members.contact_id)
            RETURNING id",
            Uuid::now_v7(), chat.0, transport.as_str(), &participant, sender.kind().as_str(), user, client, contact,
            address, text.as_deref(), at)?;
        Ok(MemberId(id))
    }

    /// The members of a chat, oldest first.
    pub async fn members(&mut self, chat: ChatId) -> Result<Vec<Member>> {
        let rows = sql!(self.tx, all(MemberRow), "
            SELECT m.id, m.transport, m.sender_type, COALESCE(m.user_id, m.client_id) AS sender_id,
                CASE m.sender_type
                    WHEN 'user' THEN u.first_name || COALESCE(' ' || u.last_name, '')
                    WHEN 'client' THEN k.first_name || COALESCE(' ' || k.middle_name, '') || COALESCE(' ' || k.last_name, '')
                END AS name, m.created_at
            FROM members m
            LEFT JOIN users u ON u.tenant_id = m.tenant_id AND u.id = m.user_id
            LEFT JOIN clients k ON k.tenant_id = m.tenant_id AND k.id = m.client_id
            WHERE m.tenant_id = $1 AND m.chat_id = $2 ORDER BY m.created_at, m.id", chat.0)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The transports and addresses by which the chat's client has written, the last used first.
    pub async fn client_addresses(&mut self, chat: ChatId) -> Result<Vec<(Transport, String)>> {
        let rows = sql!(
            self.tx,
            all((String, String)),
            "
            SELECT m.transport, m.address FROM members m
            WHERE m.tenant_id = $1 AND m.chat_id = $2 AND m.sender_type = 'client' AND m.address IS NOT NULL
            ORDER BY (SELECT MAX(s.id) FROM messages s WHERE s.tenant_id = m.tenant_id AND s.member_id = m.id)
                DESC NULLS LAST, m.created_at",
            chat.0
        )?;
        Ok(rows
            .into_iter()
            .map(|(transport, address)| (parsed(Some(&transport), Transport::Other), address))
            .collect())
    }

    /// When a client's address wrote last by a channel, in this chat.
    pub async fn last_inbound(
        &mut self,
        chat: ChatId,
        channel: ChannelId,
        transport: Transport,
        address: &str,
    ) -> Result<Option<DateTime<Utc>>> {
        Ok(sql!(
            self.tx,
            val(Option<DateTime<Utc>>),
            "
            SELECT MAX((SELECT m.created_at FROM messages m
                WHERE m.tenant_id = b.tenant_id AND m.member_id = b.id AND m.channel_id = $3
                    AND m.direction = 'inbound'
                ORDER BY m.id DESC LIMIT 1))
            FROM members b
            WHERE b.tenant_id = $1 AND b.chat_id = $2 AND b.sender_type = 'client' AND b.transport = $4
                AND b.address = $5",
            chat.0,
            channel.0,
            transport.as_str(),
            address
        )?)
    }

    /// What the transport knows of a member, as JSON.
    pub async fn member_data(&mut self, member: MemberId) -> Result<serde_json::Value> {
        let text = sql!(
            self.tx,
            val(String),
            "SELECT data FROM members WHERE tenant_id = $1 AND id = $2",
            member.0
        )?;
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }
}
