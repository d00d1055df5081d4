//! Chats by their ids, or by whom they are with.

use super::{
    Chats,
    chats::{ChatRow, columns},
    messages::id_list,
};
use crate::{
    domain::{Chat, ChatId, ClientId},
    error::Result,
};

impl Chats<'_> {
    /// The chats of these clients, in the order of the clients.
    pub async fn of_clients(&mut self, clients: &[ClientId]) -> Result<Vec<Chat>> {
        let list = id_list(clients.iter().map(|id| id.0));
        // As in `Clients::briefs`.
        let rows = sql!(self.tx, all(ChatRow), {
            sqlite: (concat!(columns!(), "AND c.client_id IN (SELECT value FROM json_each($2))")),
            postgres: (concat!(columns!(),
                "AND c.client_id = ANY (ARRAY(SELECT CAST(e AS BIGINT) FROM jsonb_array_elements(CAST($2 AS JSONB)) e))"))
        }, &list)?;
        let mut found: Vec<_> = rows.into_iter().map(Chat::from).collect();
        found.sort_by_key(|chat| clients.iter().position(|id| *id == chat.client));
        Ok(found)
    }

    /// Those of these chats that there are, in the order of the ids.
    pub async fn briefs(&mut self, ids: &[ChatId]) -> Result<Vec<Chat>> {
        let list = id_list(ids.iter().map(|id| id.0));
        // As in `Clients::briefs`.
        let rows = sql!(self.tx, all(ChatRow), {
            sqlite: (concat!(columns!(), "AND c.id IN (SELECT value FROM json_each($2))")),
            postgres: (concat!(columns!(),
                "AND c.id = ANY (ARRAY(SELECT CAST(e AS BIGINT) FROM jsonb_array_elements(CAST($2 AS JSONB)) e))"))
        }, &list)?;
        let mut found: Vec<_> = rows.into_iter().map(Chat::from).collect();
        found.sort_by_key(|chat| ids.iter().position(|id| *id == chat.id));
        Ok(found)
    }
}
