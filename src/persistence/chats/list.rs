//! The list of chats: its filter, and its parts, which remain consistent while chats move to the
//! top.

use crate::persistence::{
    ChatFilter, Chats, ChatsMut, Cursor, Start,
    chats::repository::{CHATS, COLUMNS},
    engine::{Engine, Key, List, Sql},
    search::chat_search::ChatSearch,
};
use crate::{
    domain::{Chat, ChatId, MessageId},
    error::Result,
};

/// The newest message first.
const BY_ACTIVITY: &[Key] = &[Key::time("c.active_at").descending(), Key::number("c.id").descending()];

/// The chats that match a filter. Search terms use the full-text index; without terms, unread chats
/// have an index of their own.
pub(in crate::persistence) fn list(filter: &ChatFilter, search: &ChatSearch, engine: Engine) -> List {
    let unread = filter.unread.then(|| Sql::from("c.unread_count > 0"));
    List::new(COLUMNS, CHATS, BY_ACTIVITY)
        .counted_from("FROM chats c WHERE c.tenant_id = $1")
        .filter_some(unread)
        .filter_some(search.condition(engine))
}

/// The cursor of a chat in the list, which remains valid while chats move to the top.
pub fn chat_cursor(chat: &Chat) -> Cursor {
    Cursor::of_time(chat.active_at, chat.id.0)
}

/// Parses a cursor; `None` for an invalid one.
pub fn parse_chat_cursor(text: &str) -> Option<Cursor> {
    Cursor::parse(text, BY_ACTIVITY)
}

impl Chats<'_> {
    /// Lists up to `limit` chats from a position, the newest message first, without counting the
    /// list. Also returns true if there are more.
    pub async fn list_from(
        &mut self,
        filter: &ChatFilter,
        start: Start,
        limit: i64,
    ) -> Result<(Vec<Chat>, bool)> {
        let search = self.search(filter).await?;
        let list = list(filter, &search, self.snapshot.engine());
        let part = self.snapshot.part(&list, start, limit).await?;
        Ok((part.items.into_iter().map(|chat| search.mark(chat)).collect(), part.has_more))
    }

    /// Loads those of the chats that match the filter, the one with the newest message first.
    pub async fn filter_ids(&mut self, filter: &ChatFilter, ids: &[ChatId]) -> Result<Vec<Chat>> {
        let search = self.search(filter).await?;
        let list = list(filter, &search, self.snapshot.engine()).filter(Sql::one_of("c.id", ids));
        let limit = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let part = self.snapshot.part(&list, Start::Offset(0), limit).await?;
        Ok(part.items.into_iter().map(|chat| search.mark(chat)).collect())
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
