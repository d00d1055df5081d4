//! What a transaction keeps others from: changing a client, removing it, or giving a value to someone else.

use crate::persistence::{clients::repository::Clients, engine::tx::EngineTx};
use crate::{domain::ClientId, error::Result};

impl Clients<'_> {
    /// Makes whoever else gives one of these values to a client, as its own or as a contact, wait until this transaction
    /// ends: no key holds across the two tables. It comes once, before any client is locked, and takes the values in their
    /// order, so that two who wait for each other can't be.
    pub async fn lock_values(&mut self, values: &[&str]) -> Result<()> {
        let tenant = self.tx.tenant().0;
        // SQLite has one writer at a time.
        let EngineTx::Postgres(connection) = &mut self.tx.engine else { return Ok(()) };
        let mut values = values.to_vec();
        values.sort_unstable();
        values.dedup();
        let lock = sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended(v, $1)) FROM unnest($2) AS v");
        lock.bind(tenant).bind(values).execute(&mut **connection).await?;
        Ok(())
    }

    /// Takes the client for this transaction, so that what is read of it is still so when it is written back; `false`
    /// when it is not there.
    pub async fn lock_for_update(&mut self, id: ClientId) -> Result<bool> {
        // SQLite has one writer at a time and no FOR UPDATE. Messages that refer to the client need not wait.
        let found = sql!(self.tx, maybe(i64), {
            sqlite: "SELECT id FROM clients WHERE tenant_id = $1 AND id = $2",
            postgres: "SELECT id FROM clients WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE"
        }, id.0)?;
        Ok(found.is_some())
    }

    /// Holds the client where it is for this transaction: others may change it, but nobody deletes or merges it; `false`
    /// when it is not there.
    pub async fn lock_for_share(&mut self, id: ClientId) -> Result<bool> {
        // SQLite has one writer at a time and no row locks.
        let found = sql!(self.tx, maybe(i64), {
            sqlite: "SELECT id FROM clients WHERE tenant_id = $1 AND id = $2",
            postgres: "SELECT id FROM clients WHERE tenant_id = $1 AND id = $2 FOR KEY SHARE"
        }, id.0)?;
        Ok(found.is_some())
    }
}
