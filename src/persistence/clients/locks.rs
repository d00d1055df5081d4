//! What a transaction keeps others from: changing a client, removing it, or giving a value to someone else.

use crate::persistence::{
    ClientsMut,
    engine::{Engine, Sql},
};
use crate::{domain::ClientId, error::Result};

impl ClientsMut<'_> {
    /// Makes whoever else gives one of these values to a client, as its own or as a contact, wait until this transaction
    /// ends: no key holds across the two tables. It comes once, before any client is locked, and takes the values in their
    /// order, so that two who wait for each other can't be.
    pub async fn lock_values(&mut self, values: &[&str]) -> Result<()> {
        // SQLite has one writer at a time.
        if self.work.engine() == Engine::Sqlite {
            return Ok(());
        }
        let mut values = values.to_vec();
        values.sort_unstable();
        values.dedup();
        self.work
            .query("SELECT pg_advisory_xact_lock(hashtextextended(v, $1)) FROM unnest($2) AS v")
            .bind(values)
            .execute()
            .await?;
        Ok(())
    }

    /// Takes the client for this transaction, so that what is read of it is still so when it is written back; `false`
    /// when it is not there.
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

    /// Holds the client where it is for this transaction: others may change it, but nobody deletes or merges it; `false`
    /// when it is not there.
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
