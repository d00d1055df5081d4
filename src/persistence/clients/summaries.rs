//! Summaries of clients for the spotlight.

use crate::persistence::{
    Clients,
    clients::repository::owner_of,
    engine::{FromRow, Row, Sql},
    search::index,
};
use crate::{
    domain::{ClientId, ContactValue, PhoneNumber, SearchTerms},
    error::Result,
};

/// The summary of a client.
#[derive(Debug, Clone)]
pub struct ClientSummary {
    /// The client's id.
    pub id: ClientId,
    /// The full name.
    pub name: String,
    /// The primary phone number.
    pub phone: Option<PhoneNumber>,
    /// The primary e-mail address.
    pub email: Option<String>,
}

/// The full name of the client that a row refers to.
pub(in crate::persistence) fn full_name(row: &Row) -> Result<String> {
    let parts: [Option<String>; 3] = [row.get("first_name")?, row.get("middle_name")?, row.get("last_name")?];
    Ok(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

impl FromRow for ClientSummary {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            name: full_name(row)?,
            phone: row.valid("phone")?,
            email: row.get("email")?,
        })
    }
}

/// A summary with the name by which clients are sorted.
struct Named {
    summary: ClientSummary,
    sort_name: String,
}

impl FromRow for Named {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { summary: FromRow::from_row(row)?, sort_name: row.get("sort_name")? })
    }
}

impl Clients<'_> {
    /// Lists up to `limit` clients whose folded full name begins with `name`, by name.
    pub async fn summaries_by_name_prefix(&mut self, name: &str, limit: i64) -> Result<Vec<ClientSummary>> {
        // In the order of the index, these names follow each other from this one on, whatever the
        // collation.
        let rows: Vec<Named> = self
            .snapshot
            .query(
                "SELECT id, first_name, last_name, middle_name, phone, email, sort_name FROM clients
                 WHERE tenant_id = $1 AND sort_name >= $2 ORDER BY sort_name, id LIMIT $3",
            )
            .bind(name)
            .bind(limit)
            .all()
            .await?;
        Ok(rows.into_iter().filter(|row| row.sort_name.starts_with(name)).map(|row| row.summary).collect())
    }

    /// Lists up to `limit` clients that match, the newest first.
    pub async fn newest_matching(&mut self, terms: &SearchTerms, limit: i64) -> Result<Vec<ClientSummary>> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let query = index::query(self.snapshot, &terms.client_query());
        // The full-text tables differ between the engines. PostgreSQL estimates prefixes poorly and
        // would read all clients from the newest on if it expects many matches. It is told to
        // collect the matches first, except where the newest clients are sufficient.
        self.snapshot
            .query(Sql::by_engine(
                "SELECT c.id, c.first_name, c.last_name, c.middle_name, c.phone, c.email
                 FROM client_search CROSS JOIN clients c ON c.id = client_search.rowid
                 WHERE client_search MATCH $2 AND c.tenant_id = $1 ORDER BY client_search.rowid DESC
                     LIMIT $3",
                "WITH newest AS MATERIALIZED (
                     SELECT client_id, words FROM client_search WHERE tenant_id = $1
                         ORDER BY client_id DESC LIMIT 300),
                 enough AS MATERIALIZED (
                     SELECT client_id FROM newest WHERE words @@ CAST($2 AS TSQUERY)),
                 found AS MATERIALIZED (
                     SELECT client_id FROM client_search
                     WHERE tenant_id = $1 AND words @@ CAST($2 AS TSQUERY) AND (SELECT COUNT(*)
                         FROM enough) < $3)
                 SELECT c.id, c.first_name, c.last_name, c.middle_name, c.phone, c.email FROM clients c
                 WHERE c.tenant_id = $1 AND c.id = ANY (ARRAY(
                     SELECT client_id FROM enough UNION SELECT client_id FROM found
                     ORDER BY client_id DESC LIMIT $3))
                 ORDER BY c.id DESC",
            ))
            .bind(&query)
            .bind(limit)
            .all()
            .await
    }

    /// Finds the client with an address: by its own phone or e-mail, else by one of its contacts.
    pub async fn summary_by_address(&mut self, address: &ContactValue) -> Result<Option<ClientSummary>> {
        self.snapshot
            .query(
                "SELECT id, first_name, last_name, middle_name, phone, email FROM clients
                 WHERE tenant_id = $1 AND id = (",
            )
            .push(owner_of(address))
            .push(")")
            .optional()
            .await
    }

    /// Loads clients in the order of the ids; missing ones are omitted.
    pub async fn summaries(&mut self, ids: &[ClientId]) -> Result<Vec<ClientSummary>> {
        let mut found: Vec<ClientSummary> = self
            .snapshot
            .query(
                "SELECT id, first_name, last_name, middle_name, phone, email FROM clients
                 WHERE tenant_id = $1 AND id IN $2",
            )
            .bind(ids)
            .all()
            .await?;
        found.sort_by_key(|client| ids.iter().position(|id| *id == client.id));
        Ok(found)
    }
}
