//! Clients in a few words, as the spotlight shows them.

use sqlx::FromRow;

use crate::persistence::{Clients, chats::messages::id_list, search::index};
use crate::{
    domain::{ClientId, PhoneNumber, SearchTerms},
    error::Result,
};

/// A client in a few words.
#[derive(Debug, Clone)]
pub struct ClientSummary {
    /// Its id.
    pub id: ClientId,
    /// Its full name.
    pub name: String,
    /// Its phone.
    pub phone: Option<PhoneNumber>,
    /// Its e-mail.
    pub email: Option<String>,
}

#[derive(FromRow)]
struct SummaryRow {
    id: i64,
    first_name: String,
    last_name: Option<String>,
    middle_name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
}

pub(in crate::persistence) fn full_name(
    first: String,
    middle: Option<String>,
    last: Option<String>,
) -> String {
    [Some(first), middle, last].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

impl From<SummaryRow> for ClientSummary {
    fn from(row: SummaryRow) -> Self {
        Self {
            id: ClientId(row.id),
            name: full_name(row.first_name, row.middle_name, row.last_name),
            phone: row.phone.and_then(|phone| PhoneNumber::parse_e164(&phone).ok()),
            email: row.email,
        }
    }
}

impl Clients<'_> {
    /// Clients whose folded full name begins with `name`, by name: up to `limit` of them.
    pub async fn ids_by_name_prefix(&mut self, name: &str, limit: i64) -> Result<Vec<ClientId>> {
        // In the order of the index, such names follow each other from this one on, whatever the collation.
        let rows = sql!(
            self.tx,
            all((i64, String)),
            "
            SELECT id, sort_name FROM clients WHERE tenant_id = $1 AND sort_name >= $2
            ORDER BY sort_name, id LIMIT $3",
            name,
            limit
        )?;
        Ok(rows
            .into_iter()
            .filter(|(_, found)| found.starts_with(name))
            .map(|(id, _)| ClientId(id))
            .collect())
    }

    /// Clients that match, the newest first: up to `limit` of them.
    pub async fn newest_matching_ids(&mut self, terms: &SearchTerms, limit: i64) -> Result<Vec<ClientId>> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let query = index::query(self.tx, &terms.client_query());
        // A full-text table is another thing on each engine. PostgreSQL knows little of how many begin with a word, and
        // walks all clients from the newest on where it thinks that they are many, unless it is told to gather the finds;
        // which it need not do when the newest clients are enough.
        let rows = sql!(self.tx, all((i64,)), {
            sqlite: "
                SELECT c.id FROM client_search CROSS JOIN clients c ON c.id = client_search.rowid
                WHERE client_search MATCH $2 AND c.tenant_id = $1 ORDER BY client_search.rowid DESC LIMIT $3",
            postgres: "
                WITH newest AS MATERIALIZED (
                    SELECT client_id, words FROM client_search WHERE tenant_id = $1 ORDER BY client_id DESC LIMIT 300),
                enough AS MATERIALIZED (
                    SELECT client_id FROM newest WHERE words @@ CAST($2 AS TSQUERY)),
                found AS MATERIALIZED (
                    SELECT client_id FROM client_search
                    WHERE tenant_id = $1 AND words @@ CAST($2 AS TSQUERY) AND (SELECT COUNT(*) FROM enough) < $3)
                SELECT client_id FROM enough UNION SELECT client_id FROM found ORDER BY client_id DESC LIMIT $3"
        }, &query, limit)?;
        Ok(rows.into_iter().map(|(id,)| ClientId(id)).collect())
    }

    /// Those of these clients that there are, in the order of the ids.
    pub async fn summaries(&mut self, ids: &[ClientId]) -> Result<Vec<ClientSummary>> {
        let list = id_list(ids.iter().map(|id| id.0));
        let rows = sql!(self.tx, all(SummaryRow), {
            "
            SELECT id, first_name, last_name, middle_name, phone, email FROM clients
            WHERE tenant_id = $1 AND id" in "$2"
        }, &list)?;
        let mut found: Vec<_> = rows.into_iter().map(ClientSummary::from).collect();
        found.sort_by_key(|client| ids.iter().position(|id| *id == client.id));
        Ok(found)
    }
}
