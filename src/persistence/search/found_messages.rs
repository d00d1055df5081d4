//! Messages that were found.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::persistence::{
    Messages,
    chats::{messages::id_list, repository::parsed},
    clients::summaries::full_name,
};
use crate::{
    domain::{ChatId, Direction, MessageId, MessageTerms},
    error::Result,
};

/// So many of the newest messages are looked through before the index is asked.
pub(in crate::persistence) const RECENT_MESSAGES: i64 = 500;

/// A message that was found, and whose conversation it is in.
#[derive(Debug, Clone)]
pub struct FoundMessage {
    /// The message.
    pub id: MessageId,
    /// The chat.
    pub chat: ChatId,
    /// The full name of the chat's client.
    pub client_name: String,
    /// Which way it went.
    pub direction: Direction,
    /// Its text.
    pub text: String,
    /// When it was made, or came.
    pub at: DateTime<Utc>,
}

#[derive(FromRow)]
struct FoundRow {
    id: i64,
    chat_id: i64,
    first_name: String,
    last_name: Option<String>,
    middle_name: Option<String>,
    direction: String,
    text: String,
    created_at: DateTime<Utc>,
}

impl From<FoundRow> for FoundMessage {
    fn from(row: FoundRow) -> Self {
        Self {
            id: MessageId(row.id),
            chat: ChatId(row.chat_id),
            client_name: full_name(row.first_name, row.middle_name, row.last_name),
            direction: parsed(Some(&row.direction), Direction::Inbound),
            text: row.text,
            at: row.created_at,
        }
    }
}

impl Messages<'_> {
    /// Those of these messages that there are, the newest first, with the names of whom the conversations are with.
    pub async fn found_by_ids(&mut self, ids: &[MessageId]) -> Result<Vec<FoundMessage>> {
        let list = id_list(ids.iter().map(|id| id.0));
        let rows = sql!(self.tx, all(FoundRow), {
            "
            SELECT m.id, m.chat_id, k.first_name, k.last_name, k.middle_name, m.direction, m.text, m.created_at
            FROM messages m JOIN chats c ON c.tenant_id = m.tenant_id AND c.id = m.chat_id
            JOIN clients k ON k.tenant_id = c.tenant_id AND k.id = c.client_id
            WHERE m.tenant_id = $1 AND m.id" in "$2", " ORDER BY m.id DESC"
        }, &list)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The messages that say all the terms, the newest first: up to `limit` of them, before `before` when given, of one
    /// chat when given.
    ///
    /// A word that everyone says is found among the newest messages themselves. The index would first put all of its
    /// finds together, which for such a word is the whole history; for rarer ones they are few.
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
        let newest = self.newest_texts(chat, before).await?;
        let seen_all = i64::try_from(newest.len()) != Ok(RECENT_MESSAGES);
        let saying =
            newest.into_iter().filter(|(_, _, text)| terms.occur_in(text)).map(|(id, ..)| MessageId(id));
        let found: Vec<_> = saying.take(usize::try_from(limit).unwrap_or(0)).collect();
        if seen_all || i64::try_from(found.len()) == Ok(limit) {
            return Ok(found);
        }
        self.search(terms, chat, before, limit).await
    }

    /// The newest messages with their chats and texts.
    pub(in crate::persistence) async fn newest_texts(
        &mut self,
        chat: Option<ChatId>,
        before: Option<MessageId>,
    ) -> Result<Vec<(i64, i64, String)>> {
        let before = before.map_or(i64::MAX, |id| id.0);
        Ok(match chat {
            None => sql!(
                self.tx,
                all((i64, i64, String)),
                "
                SELECT id, chat_id, text FROM messages WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                before,
                RECENT_MESSAGES
            )?,
            Some(chat) => sql!(
                self.tx,
                all((i64, i64, String)),
                "
                SELECT id, chat_id, text FROM messages WHERE tenant_id = $1 AND chat_id = $4 AND id < $2
                ORDER BY id DESC LIMIT $3",
                before,
                RECENT_MESSAGES,
                chat.0
            )?,
        })
    }
}
