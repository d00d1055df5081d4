//! Chats by their ids, or by whom they are with.

use crate::persistence::{
    Chats,
    chats::{
        messages::id_list,
        repository::{ChatRow, columns},
    },
};
use crate::{
    domain::{Chat, ChatId, ClientId},
    error::Result,
};

impl Chats<'_> {
    /// The chats of these clients, in the order of the clients.
    pub async fn of_clients(&mut self, clients: &[ClientId]) -> Result<Vec<Chat>> {
        let list = id_list(clients.iter().map(|id| id.0));
        let rows = sql!(self.tx, all(ChatRow), { (concat!(columns!(), "AND c.client_id")) in "$2" }, &list)?;
        let mut found: Vec<_> = rows.into_iter().map(Chat::from).collect();
        found.sort_by_key(|chat| clients.iter().position(|id| *id == chat.client));
        Ok(found)
    }

    /// Those of these chats that there are, in the order of the ids.
    pub async fn by_ids(&mut self, ids: &[ChatId]) -> Result<Vec<Chat>> {
        let list = id_list(ids.iter().map(|id| id.0));
        let rows = sql!(self.tx, all(ChatRow), { (concat!(columns!(), "AND c.id")) in "$2" }, &list)?;
        let mut found: Vec<_> = rows.into_iter().map(Chat::from).collect();
        found.sort_by_key(|chat| ids.iter().position(|id| *id == chat.id));
        Ok(found)
    }
}
