//! Chats by their ids or clients, in given orders.

use crate::persistence::{
    Chats, ListedChat,
    chats::{list::row_columns, repository::CHATS},
};
use crate::{
    domain::{ChatId, ClientId, UserId},
    error::Result,
};

impl Chats<'_> {
    /// Lists the chats of clients for a user, in the order of the clients.
    pub async fn of_clients(&mut self, user: UserId, clients: &[ClientId]) -> Result<Vec<ListedChat>> {
        let query = self.snapshot.query(row_columns(user)).push(CHATS).push("AND c.client_id IN ?");
        let mut found: Vec<ListedChat> = query.bind(clients).all().await?;
        found.sort_by_key(|row| clients.iter().position(|id| *id == row.chat.client));
        Ok(found)
    }

    /// Loads chats for a user in the order of the ids; missing ones are omitted.
    pub async fn by_ids(&mut self, user: UserId, ids: &[ChatId]) -> Result<Vec<ListedChat>> {
        let query = self.snapshot.query(row_columns(user)).push(CHATS).push("AND c.id IN ?");
        let mut found: Vec<ListedChat> = query.bind(ids).all().await?;
        found.sort_by_key(|row| ids.iter().position(|id| *id == row.chat.id));
        Ok(found)
    }
}
