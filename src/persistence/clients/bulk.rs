//! Statements about many clients at once.

use crate::persistence::{
    ClientFilter, Clients, ClientsMut,
    engine::{FromRow, Row, Sql},
};
use crate::{domain::ClientId, error::Result};

/// The data that is deleted together with clients.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeletionImpact {
    /// The number of clients.
    pub clients: i64,
    /// The number of their contacts.
    pub contacts: i64,
    /// The number of their chats.
    pub chats: i64,
    /// The number of messages in these chats.
    pub messages: i64,
    /// The number of files of these messages.
    pub files: i64,
}

impl FromRow for DeletionImpact {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            clients: row.get("clients")?,
            contacts: row.get("contacts")?,
            chats: row.get("chats")?,
            messages: row.get("messages")?,
            files: row.get("files")?,
        })
    }
}

impl Clients<'_> {
    /// Lists the ids of all clients that match a filter, up to the id `newest` if given, so that
    /// clients created later are excluded.
    pub async fn matching_ids(
        &mut self,
        filter: &ClientFilter,
        newest: Option<ClientId>,
    ) -> Result<Vec<ClientId>> {
        let newest = newest.map_or(i64::MAX, |id| id.0);
        let ids = filter.matches(self.snapshot).filter(Sql::from("c.id <= ?").bind(newest));
        self.snapshot.query(ids.all_rows()).all().await
    }

    /// Counts these clients, as far as they exist, and the records that belong to them.
    pub async fn deletion_impact(&mut self, ids: &[ClientId]) -> Result<DeletionImpact> {
        let query = self.snapshot.query(
            "SELECT (SELECT COUNT(*) FROM clients WHERE tenant_id = $1 AND id IN $2) AS clients,
             (SELECT COUNT(*) FROM contacts WHERE tenant_id = $1 AND client_id IN $2) AS contacts,
             (SELECT COUNT(*) FROM chats WHERE tenant_id = $1 AND client_id IN $2) AS chats,
             (SELECT COUNT(*) FROM chats c JOIN messages m ON m.tenant_id = c.tenant_id
                 AND m.chat_id = c.id
                 WHERE c.tenant_id = $1 AND c.client_id IN $2) AS messages,
             (SELECT COUNT(*) FROM chats c JOIN messages m ON m.tenant_id = c.tenant_id
                 AND m.chat_id = c.id
                 JOIN attachments a ON a.tenant_id = m.tenant_id AND a.message_id = m.id
                 WHERE c.tenant_id = $1 AND c.client_id IN $2) AS files",
        );
        query.bind(ids).one().await
    }
}

impl ClientsMut<'_> {
    /// Deletes these clients with all records that belong to them, and returns those that existed.
    pub async fn delete_many(&mut self, ids: &[ClientId]) -> Result<Vec<ClientId>> {
        let deleted: Vec<ClientId> = self
            .work
            .query("DELETE FROM clients WHERE tenant_id = $1 AND id IN $2 RETURNING id")
            .bind(ids)
            .all()
            .await?;
        self.work.count_clients(-i64::try_from(deleted.len()).unwrap_or(0));
        Ok(deleted)
    }
}
