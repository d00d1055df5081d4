//! Chats by their ids or clients, in given orders.

use crate::persistence::{
    Chats, ListedChat,
    chats::{list::row_columns, repository::CHATS},
};
use crate::{
    domain::{ChatId, UserId},
    error::Result,
};

impl Chats<'_> {
    /// Loads chats for a user in the order of the ids; missing ones are omitted.
    pub async fn by_ids(&mut self, user: UserId, ids: &[ChatId]) -> Result<Vec<ListedChat>> {
        let query = self.snapshot.query(row_columns(user)).push(CHATS).push("AND c.id IN ?");
        let mut found: Vec<ListedChat> = query.bind(ids).all().await?;
        found.sort_by_key(|row| ids.iter().position(|id| *id == row.chat.id));
        Ok(found)
    }
}
