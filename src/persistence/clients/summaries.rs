//! Summaries of clients for the spotlight.

use crate::persistence::{
    Clients,
    clients::repository::owner_of,
    engine::{FromRow, Row},
};
use crate::{
    domain::{ClientId, ContactValue, PhoneNumber},
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

impl Clients<'_> {
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
