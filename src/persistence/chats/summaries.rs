//! Chats by their ids, or by the ids of their clients.

use crate::persistence::{
    Chats,
    chats::repository::{CHATS, COLUMNS},
};
use crate::{
    domain::{Chat, ChatId, ClientId},
    error::Result,
};

impl Chats<'_> {
    /// Lists the chats of these clients, in the order of the clients.
    pub async fn of_clients(&mut self, clients: &[ClientId]) -> Result<Vec<Chat>> {
        let mut found: Vec<Chat> = self
            .snapshot
            .query(COLUMNS)
            .push(CHATS)
            .push("AND c.client_id IN $2")
            .bind(clients)
            .all()
            .await?;
        found.sort_by_key(|chat| clients.iter().position(|id| *id == chat.client));
        Ok(found)
    }

    /// Loads chats in the order of the ids; missing ones are omitted.
    pub async fn by_ids(&mut self, ids: &[ChatId]) -> Result<Vec<Chat>> {
        let mut found: Vec<Chat> =
            self.snapshot.query(COLUMNS).push(CHATS).push("AND c.id IN $2").bind(ids).all().await?;
        found.sort_by_key(|chat| ids.iter().position(|id| *id == chat.id));
        Ok(found)
    }
}
