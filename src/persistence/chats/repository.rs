//! Chats and their members.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::persistence::{
    Page, PageRequest, Snapshot, UnitOfWork,
    chats::list::list,
    clients::summaries::full_name,
    engine::{FromRow, Row, Sql},
};
use crate::{
    domain::{
        ChannelId, Chat, ChatId, ClientId, Direction, Draft, LastMessage, LastOfMember, Member, MemberId,
        Message, MessageId, MessageStatus, MessageTerms, MessageText, NewMessage, SearchTerms, Sender,
        SenderType, Transport, UserId,
    },
    error::Result,
};

/// Chats of a tenant.
pub struct Chats<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's chats, for writing.
pub struct ChatsMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// The filter of the chat list.
#[derive(Debug, Clone, Default)]
pub struct ChatFilter {
    /// Terms in the client's names, phone, e-mail address or contacts; a chat matches if these or
    /// [`Self::text`] match.
    pub terms: SearchTerms,
    /// Terms in the texts of messages.
    pub text: MessageTerms,
    /// Restricts the list to chats with unread messages.
    pub unread: bool,
}

/// A chat that a user has opened.
#[derive(Debug, Clone)]
pub struct OpenedChat {
    /// The chat.
    pub chat: Chat,
    /// The newest message that no one has read.
    pub newest_unread: Option<MessageId>,
    /// The draft of the user, unless it is empty.
    pub draft: Option<Draft>,
}

impl FromRow for OpenedChat {
    fn from_row(row: &Row) -> Result<Self> {
        let text: Option<String> = row.get("text")?;
        Ok(Self {
            chat: FromRow::from_row(row)?,
            newest_unread: row.get("newest_unread")?,
            draft: text.map(|_| Draft::from_row(row)).transpose()?,
        })
    }
}

/// The columns of a chat.
pub(in crate::persistence) const COLUMNS: &str = "\
    SELECT c.id, c.client_id, k.first_name, k.last_name, k.middle_name, k.phone, c.unread_count, c.active_at, \
    c.last_message_id, c.last_message_preview, c.last_message_direction, c.last_message_transport, \
    c.last_message_status, c.created_at";
/// The joined tables of a chat; conditions follow.
pub(in crate::persistence) const CHATS: &str = "\
    FROM chats c JOIN clients k ON k.tenant_id = c.tenant_id AND k.id = c.client_id WHERE c.tenant_id = $1";

impl FromRow for Chat {
    fn from_row(row: &Row) -> Result<Self> {
        let active_at = row.get("active_at")?;
        let last_message = match row.get("last_message_id")? {
            Some(id) => Some(LastMessage {
                id,
                at: active_at,
                preview: row.get_or("last_message_preview", String::new())?,
                direction: row.get_or("last_message_direction", Direction::Inbound)?,
                transport: row.get_or("last_message_transport", Transport::Other)?,
                status: row.get_or("last_message_status", MessageStatus::Unknown)?,
            }),
            None => None,
        };
        Ok(Self {
            id: row.get("id")?,
            client: row.get("client_id")?,
            client_name: full_name(row)?,
            client_phone: row.valid("phone")?,
            unread_count: row.get("unread_count")?,
            last_message,
            active_at,
            created_at: row.get("created_at")?,
        })
    }
}

impl FromRow for Member {
    fn from_row(row: &Row) -> Result<Self> {
        let last_message = match row.get::<Option<MessageId>>("last_message_id")? {
            Some(id) => Some(LastOfMember {
                id,
                channel: row.get("last_message_channel_id")?,
                at: row.get("last_message_at")?,
            }),
            None => None,
        };
        Ok(Self {
            id: row.get("id")?,
            transport: row.get_or("transport", Transport::Other)?,
            sender_type: row.get_or("sender_type", SenderType::System)?,
            sender_id: row.get("sender_id")?,
            name: row.get_or("name", String::new())?,
            address: row.get("address")?,
            last_message,
            created_at: row.get("created_at")?,
        })
    }
}

/// The statement that gives the client who wrote last from one of these addresses by one of these transports.
pub(in crate::persistence) fn last_client_of(transports: &[Transport], addresses: &[&str]) -> Sql {
    let transports: Vec<_> = transports.iter().map(|transport| transport.as_str()).collect();
    Sql::from(
        "SELECT b.client_id FROM members b
         WHERE b.tenant_id = $1 AND b.address IN ? AND b.transport IN ? AND b.client_id IS NOT NULL
         ORDER BY (SELECT m.id FROM messages m WHERE m.tenant_id = b.tenant_id AND m.member_id = b.id
             ORDER BY m.id DESC LIMIT 1) DESC, b.client_id
         LIMIT 1",
    )
    .bind(addresses.to_vec())
    .bind(transports)
}

impl Chats<'_> {
    /// Lists a page of chats, the one with the newest message first.
    pub async fn page(&mut self, filter: &ChatFilter, request: PageRequest) -> Result<Page<Chat>> {
        let search = self.search(filter).await?;
        let list = list(COLUMNS, filter, &search, self.snapshot.engine());
        self.snapshot.page(&list, request).await
    }

    /// Loads a chat.
    pub async fn get(&mut self, id: ChatId) -> Result<Option<Chat>> {
        self.snapshot.query(COLUMNS).push(CHATS).push("AND c.id = $2").bind(id).optional().await
    }

    /// Loads a chat for its page, with the draft of a user.
    pub async fn open(&mut self, id: ChatId, user: UserId) -> Result<Option<OpenedChat>> {
        self.snapshot
            .query(COLUMNS)
            .push(
                ", d.text, d.transport, d.template_id, d.idempotency_key, d.written_at,
                     (SELECT MAX(m.id) FROM messages m
                      WHERE m.tenant_id = c.tenant_id AND m.chat_id = c.id AND m.direction = 'inbound'
                          AND m.read_at IS NULL) AS newest_unread
                 FROM chats c JOIN clients k ON k.tenant_id = c.tenant_id AND k.id = c.client_id
                 LEFT JOIN drafts d ON d.tenant_id = c.tenant_id AND d.chat_id = c.id AND d.user_id = $3
                     AND d.text <> ''
                 WHERE c.tenant_id = $1 AND c.id = $2",
            )
            .bind(id)
            .bind(user)
            .optional()
            .await
    }

    /// Loads the chat of a client.
    pub async fn of_client(&mut self, client: ClientId) -> Result<Option<Chat>> {
        self.snapshot.query(COLUMNS).push(CHATS).push("AND c.client_id = $2").bind(client).optional().await
    }

    /// Lists the members of a chat with their last messages, the oldest first. The last message of a
    /// member is at the end of an index, so that the length of the chat does not matter.
    pub async fn members(&mut self, chat: ChatId) -> Result<Vec<Member>> {
        self.snapshot
            .query(
                "SELECT b.id, b.transport, b.sender_type, COALESCE(b.user_id, b.client_id) AS sender_id,
                     CASE b.sender_type
                         WHEN 'user' THEN u.first_name || COALESCE(' ' || u.last_name, '')
                         WHEN 'client' THEN k.first_name || COALESCE(' ' || k.middle_name, '') ||
                             COALESCE(' ' || k.last_name, '')
                     END AS name, b.address, b.created_at, l.id AS last_message_id,
                     l.channel_id AS last_message_channel_id, l.created_at AS last_message_at
                 FROM (SELECT * FROM members WHERE tenant_id = $1 AND chat_id = $2) b
                 LEFT JOIN users u ON u.tenant_id = b.tenant_id AND u.id = b.user_id
                 LEFT JOIN clients k ON k.tenant_id = b.tenant_id AND k.id = b.client_id",
            )
            .bind(chat)
            // SQLite has no LATERAL, and PostgreSQL would read all messages to join them with a subselect.
            .push(Sql::by_engine(
                "LEFT JOIN messages l ON l.tenant_id = b.tenant_id AND l.id = (
                     SELECT m.id FROM messages m WHERE m.tenant_id = b.tenant_id AND m.member_id = b.id
                     ORDER BY m.id DESC LIMIT 1)",
                "LEFT JOIN LATERAL (
                     SELECT m.id, m.channel_id, m.created_at FROM messages m
                     WHERE m.tenant_id = b.tenant_id AND m.member_id = b.id ORDER BY m.id DESC LIMIT 1) l ON TRUE",
            ))
            .push("ORDER BY b.created_at, b.id")
            .all()
            .await
    }

    /// The time of the last message in this chat from an address of the client to a channel.
    pub async fn last_inbound(
        &mut self,
        chat: ChatId,
        channel: ChannelId,
        transport: Transport,
        address: &str,
    ) -> Result<Option<DateTime<Utc>>> {
        self.snapshot
            .query(
                "SELECT MAX((SELECT m.created_at FROM messages m
                     WHERE m.tenant_id = b.tenant_id AND m.member_id = b.id AND m.channel_id = $3
                         AND m.direction = 'inbound'
                     ORDER BY m.id DESC LIMIT 1))
                 FROM members b
                 WHERE b.tenant_id = $1 AND b.chat_id = $2 AND b.sender_type = 'client'
                     AND b.transport = $4
                     AND b.address = $5",
            )
            .bind(chat)
            .bind(channel)
            .bind(transport)
            .bind(address)
            .one::<Option<DateTime<Utc>>>()
            .await
    }

    /// Finds the client who wrote last from an address by one of these transports, also if the address is not among its
    /// contacts any more.
    pub async fn last_client_of_address(
        &mut self,
        transports: &[Transport],
        address: &str,
    ) -> Result<Option<ClientId>> {
        self.snapshot.query(last_client_of(transports, &[address])).optional().await
    }

    /// The data of a member that is specific to the transport, as JSON.
    pub async fn member_data(&mut self, member: MemberId) -> Result<serde_json::Value> {
        let text: String = self
            .snapshot
            .query("SELECT data FROM members WHERE tenant_id = $1 AND id = $2")
            .bind(member)
            .one()
            .await?;
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }
}

impl ChatsMut<'_> {
    /// Returns the chat of a client, locked as by [`ChatsMut::lock_for_update`]; creates it if there is
    /// none. Also returns true if it was created.
    pub async fn find_or_create(&mut self, client: ClientId, at: DateTime<Utc>) -> Result<(ChatId, bool)> {
        loop {
            // SQLite has one writer at a time and no FOR UPDATE.
            let found = self
                .work
                .query(Sql::by_engine(
                    "SELECT id FROM chats WHERE tenant_id = $1 AND client_id = $2",
                    "SELECT id FROM chats WHERE tenant_id = $1 AND client_id = $2 FOR UPDATE",
                ))
                .bind(client)
                .optional()
                .await?;
            if let Some(id) = found {
                return Ok((id, false));
            }
            let created = self
                .work
                .query(
                    "INSERT INTO chats (tenant_id, client_id, active_at, created_at) VALUES ($1, $2, $3, $3)
                     ON CONFLICT DO NOTHING RETURNING id",
                )
                .bind(client)
                .bind(at)
                .optional()
                .await?;
            if let Some(id) = created {
                return Ok((id, true));
            }
            // A concurrent transaction has created the chat.
        }
    }

    /// Locks the chat for this transaction, so that messages get their ids in commit order; returns
    /// `false` if it does not exist.
    pub async fn lock_for_update(&mut self, id: ChatId) -> Result<bool> {
        // SQLite has one writer at a time and no FOR UPDATE.
        let found = self
            .work
            .query(Sql::by_engine(
                "SELECT id FROM chats WHERE tenant_id = $1 AND id = $2",
                "SELECT id FROM chats WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
            ))
            .bind(id)
            .optional::<i64>()
            .await?;
        Ok(found.is_some())
    }

    /// Makes a new message the last one of its chat; an inbound one counts as unread. A message that the client wrote
    /// before the last one, and that arrived later, only counts.
    pub async fn set_last_message(&mut self, id: MessageId, message: &NewMessage) -> Result<()> {
        let unread = i64::from(message.direction == Direction::Inbound);
        let mut query = self
            .work
            .query(
                "UPDATE chats SET unread_count = unread_count + $3, active_at = $4, last_message_id = $5,
                     last_message_preview = $6, last_message_direction = $7, last_message_transport = $8,
                     last_message_status = $9
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(message.chat)
            .bind(unread)
            .bind(message.created_at)
            .bind(id)
            .bind(message.text.preview())
            .bind(message.direction)
            .bind(message.transport)
            .bind(message.status);
        if let Some(sequence) = message.details.sequence {
            // JSON functions differ between the engines, and those of PostgreSQL refuse the escape of NUL, which details of
            // earlier versions may contain.
            query = query
                .push(Sql::by_engine(
                    "AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.tenant_id = $1
                         AND m.id = chats.last_message_id AND m.direction = $7 AND m.channel_id = $10
                         AND json_extract(m.details, '$.sequence') > $11)",
                    "AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.tenant_id = $1
                         AND m.id = chats.last_message_id AND m.direction = $7 AND m.channel_id = $10
                         AND CAST(SUBSTRING(m.details FROM '\"sequence\":([0-9]+)') AS BIGINT) > $11)",
                ))
                .bind(message.channel)
                .bind(sequence);
        }
        if query.execute().await? == 0 {
            self.work
                .query("UPDATE chats SET unread_count = unread_count + $3 WHERE tenant_id = $1 AND id = $2")
                .bind(message.chat)
                .bind(unread)
                .execute()
                .await?;
        }
        Ok(())
    }

    /// Makes a scheduled message the last one of its chat when it is sent.
    pub async fn promote_scheduled_message(
        &mut self,
        message: &Message,
        status: MessageStatus,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let text = MessageText::from_provider(&message.text);
        self.work
            .query(
                "UPDATE chats SET active_at = $3, last_message_id = $4, last_message_preview = $5,
                     last_message_direction = $6, last_message_transport = $7, last_message_status = $8
                 WHERE tenant_id = $1 AND id = $2
                     AND EXISTS (SELECT 1 FROM messages m WHERE m.tenant_id = $1 AND m.id = $4
                         AND m.chat_id = $2)",
            )
            .bind(message.chat)
            .bind(at)
            .bind(message.id)
            .bind(text.preview())
            .bind(message.direction)
            .bind(message.transport)
            .bind(status)
            .execute()
            .await?;
        Ok(())
    }

    /// Recomputes the last message and the counts of a chat, after messages were moved into it or
    /// out of it.
    pub async fn recompute_last_message(&mut self, id: ChatId) -> Result<()> {
        let last = self
            .work
            .query(
                "SELECT id, text FROM messages WHERE tenant_id = $1 AND chat_id = $2
                     AND status <> 'scheduled'
                 ORDER BY id DESC LIMIT 1",
            )
            .bind(id)
            .optional::<(MessageId, String)>()
            .await?;
        let (message, preview) = match last {
            Some((message, text)) => (Some(message), Some(MessageText::from_provider(&text).preview())),
            None => (None, None),
        };
        self.work
            .query(
                "UPDATE chats SET last_message_id = $3, last_message_preview = $4,
                     (active_at, last_message_direction, last_message_transport, last_message_status) = (
                         SELECT COALESCE(m.created_at, c.created_at), m.direction, m.transport, m.status
                         FROM chats c LEFT JOIN messages m ON m.tenant_id = c.tenant_id AND m.id = $3
                         WHERE c.tenant_id = $1 AND c.id = $2),
                     unread_count = (
                         SELECT COUNT(*) FROM messages m
                         WHERE m.tenant_id = $1 AND m.chat_id = $2 AND m.direction = 'inbound'
                             AND m.read_at IS NULL)
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .bind(message)
            .bind(preview)
            .execute()
            .await?;
        Ok(())
    }

    /// Updates the status of a chat's last message; does nothing for another message.
    pub async fn update_last_message_status(
        &mut self,
        chat: ChatId,
        message: MessageId,
        status: MessageStatus,
    ) -> Result<()> {
        self.work
            .query(
                "UPDATE chats SET last_message_status = $4
                 WHERE tenant_id = $1 AND id = $2 AND last_message_id = $3",
            )
            .bind(chat)
            .bind(message)
            .bind(status)
            .execute()
            .await?;
        Ok(())
    }

    /// Marks inbound messages up to this one as read, and returns the number of those that were
    /// unread.
    pub async fn mark_read_up_to(
        &mut self,
        chat: ChatId,
        message: MessageId,
        at: DateTime<Utc>,
    ) -> Result<i64> {
        let read = self
            .work
            .query(
                "UPDATE messages SET read_at = $4
                 WHERE tenant_id = $1 AND chat_id = $2 AND id <= $3 AND direction = 'inbound'
                     AND read_at IS NULL",
            )
            .bind(chat)
            .bind(message)
            .bind(at)
            .execute()
            .await?;
        let read = i64::try_from(read).unwrap_or(i64::MAX);
        if read > 0 {
            self.work
                .query("UPDATE chats SET unread_count = unread_count - $3 WHERE tenant_id = $1 AND id = $2")
                .bind(chat)
                .bind(read)
                .execute()
                .await?;
        }
        Ok(read)
    }

    /// Returns the member for a sender and transport, which is created if there is none. `data` is
    /// JSON that is specific to the transport; `None` keeps the stored value.
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
            Sender::User(user) => (Some(user), None, None, None),
            Sender::Client { client, contact, address } => {
                (None, Some(client), contact.as_ref(), Some(address.as_str()))
            }
            Sender::System => (None, None, None, None),
        };
        let text = data.map(ToString::to_string);
        self.work
            .query(
                "INSERT INTO members (tenant_id, id, chat_id, transport, participant, sender_type,
                     user_id, client_id,
                     contact_id, address, data, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, COALESCE($11, '{}'), $12)
                 ON CONFLICT (tenant_id, chat_id, transport, participant) DO UPDATE
                 SET data = COALESCE($11, members.data), contact_id = COALESCE($9, members.contact_id)
                 RETURNING id",
            )
            .bind(Uuid::now_v7())
            .bind(chat)
            .bind(transport)
            .bind(&participant)
            .bind(sender.kind())
            .bind(user)
            .bind(client)
            .bind(contact)
            .bind(address)
            .bind(text)
            .bind(at)
            .one()
            .await
    }
}
