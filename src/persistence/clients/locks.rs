//! Locks on clients and on unique values.

use std::iter;

use crate::persistence::{
    ClientsMut,
    chats::repository::last_client_of,
    clients::repository::owner_of,
    engine::{Engine, Sql},
};
use crate::{
    domain::{ClientId, ContactId, ContactValue, Transport, other_whatsapp_form},
    error::Result,
};

impl ClientsMut<'_> {
    /// Locks values, so that other transactions that give one of them to a client, as its own or as
    /// a contact, wait for the end of this one: no unique key covers both tables. It must be called
    /// once and before locking clients; values are locked in sorted order, which prevents
    /// deadlocks.
    pub async fn lock_values(&mut self, values: &[&str]) -> Result<()> {
        // SQLite has one writer at a time.
        if self.work.engine() == Engine::Sqlite {
            return Ok(());
        }
        // Both forms of a WhatsApp number lead to one client.
        let forms: Vec<_> = values.iter().filter_map(|value| other_whatsapp_form(value)).collect();
        let mut values: Vec<_> = values.iter().copied().chain(forms.iter().map(String::as_str)).collect();
        values.sort_unstable();
        values.dedup();
        self.work
            .query("SELECT pg_advisory_xact_lock(hashtextextended(v, $1)) FROM unnest($2) AS v")
            .bind(values)
            .execute()
            .await?;
        Ok(())
    }

    /// Locks the client for writing, so that it does not change before it is written back; returns
    /// `false` if it does not exist.
    pub async fn lock_for_update(&mut self, id: ClientId) -> Result<bool> {
        // SQLite has one writer at a time and no FOR UPDATE. Messages that refer to the client need not wait.
        let found = self
            .work
            .query(Sql::by_engine(
                "SELECT id FROM clients WHERE tenant_id = $1 AND id = $2",
                "SELECT id FROM clients WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
            ))
            .bind(id)
            .optional::<ClientId>()
            .await?;
        Ok(found.is_some())
    }

    /// Finds the client with an address and locks it as [`ClientsMut::lock_for_share`] does. If no client has the address,
    /// the one who wrote last from it by one of `former` transports is found. Also returns the contact with the address.
    pub async fn lock_by_address(
        &mut self,
        address: &ContactValue,
        former: &[Transport],
    ) -> Result<Option<(ClientId, Option<ContactId>)>> {
        let mut owner = owner_of(address);
        if !former.is_empty() {
            let other = address.other_form();
            let values: Vec<_> = iter::once(address.value()).chain(other.as_deref()).collect();
            owner = Sql::from("COALESCE((")
                .push(owner)
                .push("), (")
                .push(last_client_of(former, &values))
                .push("))");
        }
        // SQLite has one writer at a time and no row locks.
        self.work
            .query(
                "SELECT c.id, (SELECT o.id FROM contacts o
                     WHERE o.tenant_id = $1 AND o.client_id = c.id AND o.type = ? AND o.value = ?)
                 FROM clients c WHERE c.tenant_id = $1 AND c.id = (",
            )
            .bind(address.kind())
            .bind(address.value())
            .push(owner)
            .push(Sql::by_engine(")", ") FOR KEY SHARE OF c"))
            .optional()
            .await
    }

    /// Locks the client against deletion and merging, while others may change it; returns `false`
    /// if it does not exist.
    pub async fn lock_for_share(&mut self, id: ClientId) -> Result<bool> {
        // SQLite has one writer at a time and no row locks.
        let found = self
            .work
            .query(Sql::by_engine(
                "SELECT id FROM clients WHERE tenant_id = $1 AND id = $2",
                "SELECT id FROM clients WHERE tenant_id = $1 AND id = $2 FOR KEY SHARE",
            ))
            .bind(id)
            .optional::<ClientId>()
            .await?;
        Ok(found.is_some())
    }
}
