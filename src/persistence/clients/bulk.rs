//! Many clients at once: which they are, and what belongs to them.

use sqlx::FromRow;

use crate::persistence::{ClientFilter, Clients, clients::list_statement, search::index};
use crate::{domain::ClientId, error::Result};

/// What goes when clients go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromRow)]
pub struct DeletionImpact {
    /// The clients themselves.
    pub clients: i64,
    /// Their contacts.
    pub contacts: i64,
    /// Their chats.
    pub chats: i64,
    /// The messages in these.
    pub messages: i64,
    /// The files of these.
    pub files: i64,
}

macro_rules! counts {
    ($engine:ident) => {
        concat!(
            "SELECT (SELECT COUNT(*) FROM clients WHERE tenant_id = $1 AND id",
            in_list!($engine, "$2"),
            ") AS clients, (SELECT COUNT(*) FROM contacts WHERE tenant_id = $1 AND client_id",
            in_list!($engine, "$2"),
            ") AS contacts, (SELECT COUNT(*) FROM chats WHERE tenant_id = $1 AND client_id",
            in_list!($engine, "$2"),
            ") AS chats, (SELECT COUNT(*) FROM chats c JOIN messages m ON m.tenant_id = c.tenant_id \
             AND m.chat_id = c.id WHERE c.tenant_id = $1 AND c.client_id",
            in_list!($engine, "$2"),
            ") AS messages, (SELECT COUNT(*) FROM chats c JOIN messages m ON m.tenant_id = c.tenant_id \
             AND m.chat_id = c.id JOIN attachments a ON a.tenant_id = m.tenant_id AND a.message_id = m.id \
             WHERE c.tenant_id = $1 AND c.client_id",
            in_list!($engine, "$2"),
            ") AS files"
        )
    };
}

impl Clients<'_> {
    /// All clients that a filter matches, up to this one by id, where given: those that came later are not among them.
    pub async fn matching_ids(
        &mut self,
        filter: &ClientFilter,
        newest: Option<ClientId>,
    ) -> Result<Vec<ClientId>> {
        let query = index::query(self.tx, &filter.terms.client_query());
        let text = list_statement::ids(filter, self.tx.is_postgres());
        let (from, before) = filter.moments();
        let newest = newest.map_or(i64::MAX, |id| id.0);
        let rows = sql!(self.tx, all((i64,)), { made: text }, from, before, query, newest)?;
        Ok(rows.into_iter().map(|(id,)| ClientId(id)).collect())
    }

    /// Deletes these clients with all that belongs to them; those that were there.
    pub async fn delete_many(&mut self, ids: &[ClientId]) -> Result<Vec<ClientId>> {
        let list = id_list(ids);
        let rows = sql!(self.tx, all((i64,)), {
            "DELETE FROM clients WHERE tenant_id = $1 AND id" in "$2", " RETURNING id"
        }, &list)?;
        self.tx.count_clients(-i64::try_from(rows.len()).unwrap_or(0));
        Ok(rows.into_iter().map(|(id,)| ClientId(id)).collect())
    }

    /// Counts what belongs to these clients, and those of them that there are.
    pub async fn deletion_impact(&mut self, ids: &[ClientId]) -> Result<DeletionImpact> {
        let list = id_list(ids);
        Ok(sql!(self.tx, one(DeletionImpact), {
            sqlite: (counts!(sqlite)),
            postgres: (counts!(postgres))
        }, &list)?)
    }
}

fn id_list(ids: &[ClientId]) -> String {
    format!("[{}]", ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
}
