//! The list of chats: its filter, and its parts, which remain consistent while chats move to the
//! top.

use crate::persistence::{
    ChatFilter, Chats, ChatsMut, Cursor, Start,
    chats::{
        messages::{attachments, attachments_where},
        repository::{CHATS, COLUMNS},
    },
    engine::{Engine, FromRow, Key, List, Row, Sql},
    search::chat_search::ChatSearch,
};
use crate::{
    domain::{Attachment, Chat, ChatId, MessageId, UserId},
    error::Result,
};

/// In a search, the best match first. The first key is that of [`List::ranked`].
const BY_MATCH: &[Key] =
    &[Key::number("match_rank"), Key::time("c.active_at").descending(), Key::number("c.id").descending()];

/// The newest message first.
const BY_ACTIVITY: &[Key] = &[Key::time("c.active_at").descending(), Key::number("c.id").descending()];

/// The chats that match a filter. Search terms use the full-text index; without terms, unread chats
/// have an index of their own.
pub(in crate::persistence) fn list(
    columns: impl Into<Sql>,
    filter: &ChatFilter,
    search: &ChatSearch,
    engine: Engine,
) -> List {
    let columns = columns.into();
    let unread = || filter.unread.then(|| Sql::from("c.unread_count > 0"));
    let of = |order, condition| {
        List::new(columns.clone(), CHATS, order)
            .counted_from("FROM chats c WHERE c.tenant_id = $1")
            .filter_some(unread())
            .filter_some(condition)
    };
    let parts = search.ranked_conditions(engine).into_iter();
    let parts: Vec<_> = parts.map(|(rank, condition)| (rank, of(BY_ACTIVITY, Some(condition)))).collect();
    let order = if parts.is_empty() { BY_ACTIVITY } else { BY_MATCH };
    of(order, search.condition(engine)).ranked(parts)
}

/// Parses a cursor of the list with a filter; `None` for an invalid one.
pub fn parse_chat_cursor(filter: &ChatFilter, text: &str) -> Option<Cursor> {
    Cursor::parse(text, if filter.terms.is_empty() { BY_ACTIVITY } else { BY_MATCH })
}

/// A chat as a row of the list.
#[derive(Debug, Clone)]
pub struct ListedChat {
    /// The chat.
    pub chat: Chat,
    /// The text of the user's draft.
    pub draft: Option<String>,
    /// The user who wrote the last message, with the first name; `None` for messages of the client and of the system.
    pub last_author: Option<(UserId, String)>,
    /// The files of the last message, if it has no text.
    pub files: Vec<Attachment>,
    /// In the results of a search: the newest message that matches, and its text.
    pub matching_message: Option<(MessageId, String)>,
    /// In the results of a search: the rank of the match, the best first.
    pub rank: Option<i64>,
}

impl ListedChat {
    /// The cursor of the row in its list, which remains valid while chats move to the top.
    pub fn cursor(&self) -> Cursor {
        let cursor = Cursor::of_time(self.chat.active_at, self.chat.id.0);
        self.rank.map_or(cursor.clone(), |rank| cursor.with_rank(rank))
    }
}

/// A row of the results of a search.
struct FoundChat(ListedChat);

impl FromRow for FoundChat {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self(ListedChat { rank: Some(row.get("cursor_0")?), ..ListedChat::from_row(row)? }))
    }
}

impl FromRow for ListedChat {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            chat: FromRow::from_row(row)?,
            draft: row.get("draft")?,
            last_author: row.get::<Option<UserId>>("last_user_id")?.zip(row.get("last_user_name")?),
            files: attachments(row)?,
            matching_message: None,
            rank: None,
        })
    }
}

/// The user who wrote the last message of a chat.
const LAST_AUTHOR: &str = "\
    , (SELECT b.user_id FROM messages m JOIN members b ON b.tenant_id = m.tenant_id AND b.id = m.member_id
       WHERE m.tenant_id = $1 AND m.id = c.last_message_id AND c.last_message_direction = 'outbound')
       AS last_user_id
    , (SELECT u.first_name FROM messages m JOIN members b ON b.tenant_id = m.tenant_id AND b.id = m.member_id
       JOIN users u ON u.tenant_id = b.tenant_id AND u.id = b.user_id
       WHERE m.tenant_id = $1 AND m.id = c.last_message_id AND c.last_message_direction = 'outbound')
       AS last_user_name";

/// The columns of a row of the list, for a user.
pub(in crate::persistence) fn row_columns(user: UserId) -> Sql {
    Sql::from(COLUMNS)
        .push(
            ", (SELECT d.text FROM drafts d WHERE d.tenant_id = $1 AND d.chat_id = c.id AND d.user_id = ?
                AND d.text <> '') AS draft",
        )
        .bind(user)
        .push(LAST_AUTHOR)
        .push(attachments_where("a.message_id = c.last_message_id AND c.last_message_preview = ''"))
}

impl Chats<'_> {
    /// Lists up to `limit` chats from a position for a user, the newest message first or, in a search, the best match,
    /// without counting the list. Also returns true if there are more.
    pub async fn list_from(
        &mut self,
        user: UserId,
        filter: &ChatFilter,
        start: Start,
        limit: i64,
    ) -> Result<(Vec<ListedChat>, bool)> {
        let search = self.search(filter).await?;
        let list = list(row_columns(user), filter, &search, self.snapshot.engine());
        self.marked_rows(&search, &list, start, limit).await
    }

    async fn marked_rows(
        &mut self,
        search: &ChatSearch,
        list: &List,
        start: Start,
        limit: i64,
    ) -> Result<(Vec<ListedChat>, bool)> {
        if search.is_empty() {
            let part = self.snapshot.part(list, start, limit).await?;
            return Ok((part.items, part.has_more));
        }
        let part = self.snapshot.part::<FoundChat>(list, start, limit).await?;
        Ok((part.items.into_iter().map(|row| search.mark(row.0)).collect(), part.has_more))
    }

    /// Loads those of the chats that match the filter for a user, the one with the newest message
    /// first.
    pub async fn filter_ids(
        &mut self,
        user: UserId,
        filter: &ChatFilter,
        ids: &[ChatId],
    ) -> Result<Vec<ListedChat>> {
        let search = self.search(filter).await?;
        let list =
            list(row_columns(user), filter, &search, self.snapshot.engine()).filter(Sql::one_of("c.id", ids));
        let limit = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        Ok(self.marked_rows(&search, &list, Start::Offset(0), limit).await?.0)
    }
}

impl ChatsMut<'_> {
    /// Counts the chat's newest inbound message as unread again; returns `false` if the chat has
    /// unread messages already.
    pub async fn mark_unread_from(&mut self, chat: ChatId, message: MessageId) -> Result<bool> {
        let changed = self
            .work
            .query("UPDATE chats SET unread_count = 1 WHERE tenant_id = $1 AND id = $2 AND unread_count = 0")
            .bind(chat)
            .execute()
            .await?;
        if changed == 0 {
            return Ok(false);
        }
        self.work
            .query("UPDATE messages SET read_at = NULL WHERE tenant_id = $1 AND chat_id = $2 AND id = $3")
            .bind(chat)
            .bind(message)
            .execute()
            .await?;
        Ok(true)
    }
}
