//! Results of a search for messages.

use chrono::{DateTime, Utc};

use crate::persistence::{
    Messages,
    clients::summaries::full_name,
    engine::{FromRow, Row, Sql},
};
use crate::{
    domain::{ChatId, Direction, MessageId, MessageTerms, UserId},
    error::Result,
};

/// The number of the newest messages that are searched without the index.
pub(in crate::persistence) const RECENT_MESSAGES: i64 = 500;

/// A found message and its chat.
#[derive(Debug, Clone)]
pub struct FoundMessage {
    /// The message.
    pub id: MessageId,
    /// The chat.
    pub chat: ChatId,
    /// The full name of the chat's client.
    pub client_name: String,
    /// Inbound or outbound.
    pub direction: Direction,
    /// The user who wrote it, with the first name; `None` for messages of the client and of the system.
    pub author: Option<(UserId, String)>,
    /// The text of the message.
    pub text: String,
    /// The time when it was created or received.
    pub at: DateTime<Utc>,
}

impl FromRow for FoundMessage {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            chat: row.get("chat_id")?,
            client_name: full_name(row)?,
            direction: row.get_or("direction", Direction::Inbound)?,
            author: row.get::<Option<UserId>>("user_id")?.zip(row.get("author_name")?),
            text: row.get("text")?,
            at: row.get("created_at")?,
        })
    }
}

const FOUND: &str = "\
    SELECT m.id, m.chat_id, k.first_name, k.last_name, k.middle_name, m.direction, m.text, m.created_at, \
    b.user_id, u.first_name AS author_name \
    FROM messages m JOIN chats c ON c.tenant_id = m.tenant_id AND c.id = m.chat_id \
    JOIN clients k ON k.tenant_id = c.tenant_id AND k.id = c.client_id \
    JOIN members b ON b.tenant_id = m.tenant_id AND b.id = m.member_id \
    LEFT JOIN users u ON u.tenant_id = b.tenant_id AND u.id = b.user_id \
    WHERE m.tenant_id = $1 AND";

impl Messages<'_> {
    /// Lists up to `limit` messages that contain all the terms, the newest first and before `before`,
    /// with the names of their clients. See [`Self::containing`].
    pub async fn found(
        &mut self,
        terms: &MessageTerms,
        before: Option<MessageId>,
        limit: i64,
    ) -> Result<Vec<FoundMessage>> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let condition = match self.among_newest(terms, None, before, limit).await? {
            Some(ids) => Sql::one_of("m.id", &ids),
            None => Sql::from("m.id IN (").push(self.matches(terms, None, before, limit)).push(")"),
        };
        self.snapshot.query(FOUND).push(condition).push("ORDER BY m.id DESC").all().await
    }

    /// Lists up to `limit` messages that contain all the terms, the newest first: before `before`
    /// and in one chat, if given.
    ///
    /// Common words are found among the newest messages without the index. The index would first
    /// collect all matches, which for such a word is the whole history; for rare words they are
    /// few.
    pub async fn containing(
        &mut self,
        terms: &MessageTerms,
        chat: Option<ChatId>,
        before: Option<MessageId>,
        limit: i64,
    ) -> Result<Vec<MessageId>> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        match self.among_newest(terms, chat, before, limit).await? {
            Some(found) => Ok(found),
            None => self.search(terms, chat, before, limit).await,
        }
    }

    /// Finds messages among the newest ones; `None` if older ones have to be searched with the index.
    async fn among_newest(
        &mut self,
        terms: &MessageTerms,
        chat: Option<ChatId>,
        before: Option<MessageId>,
        limit: i64,
    ) -> Result<Option<Vec<MessageId>>> {
        let newest = self.newest_texts(chat, before).await?;
        let seen_all = i64::try_from(newest.len()) != Ok(RECENT_MESSAGES);
        let saying = newest.into_iter().filter(|(_, _, text)| terms.occur_in(text)).map(|(id, ..)| id);
        let found: Vec<_> = saying.take(usize::try_from(limit).unwrap_or(0)).collect();
        let is_enough = seen_all || i64::try_from(found.len()) == Ok(limit);
        Ok(is_enough.then_some(found))
    }

    /// Lists the newest messages with their chats and texts.
    pub(in crate::persistence) async fn newest_texts(
        &mut self,
        chat: Option<ChatId>,
        before: Option<MessageId>,
    ) -> Result<Vec<(MessageId, ChatId, String)>> {
        let before = before.map_or(i64::MAX, |id| id.0);
        match chat {
            None => self
                .snapshot
                .query(
                    "SELECT id, chat_id, text FROM messages WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC
                     LIMIT $3",
                )
                .bind(before)
                .bind(RECENT_MESSAGES)
                .all()
                .await,
            Some(chat) => self
                .snapshot
                .query(
                    "SELECT id, chat_id, text FROM messages WHERE tenant_id = $1 AND chat_id = $4 AND id < $2
                     ORDER BY id DESC LIMIT $3",
                )
                .bind(before)
                .bind(RECENT_MESSAGES)
                .bind(chat)
                .all()
                .await,
        }
    }
}
