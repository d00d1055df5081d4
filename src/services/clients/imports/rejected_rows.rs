//! The rows with something wrong, as they were and with what it is.

use crate::services::clients::imports::{ImportService, table::Table};
use crate::{
    domain::{Import, ImportId, TenantId, table::FlawedCell},
    error::{AppError, Result},
    persistence::Database,
    services::Actor,
};

/// Rows that are held in memory at once.
const PORTION: i64 = 200;

/// The flawed rows of an import, in portions.
pub struct FlawedRows {
    /// The import.
    pub import: Import,
    database: Database,
    tenant: TenantId,
    table: Option<Table>,
    last: i64,
}

/// A row's number, its cells, and what is wrong with it.
pub type FlawedRow = (i64, Vec<String>, Vec<FlawedCell>);

impl ImportService {
    /// The rows that were not stored, or would not be: bad ones, and duplicates.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`], also when the file is gone.
    pub async fn flawed(&self, actor: &Actor, id: ImportId) -> Result<FlawedRows> {
        let import = self.get(actor, id).await?;
        let table = Table::open(&self.base, &import, 0).await?;
        let database = self.base.database.clone();
        Ok(FlawedRows { import, database, tenant: actor.tenant_id(), table: Some(table), last: 0 })
    }

    /// The first of them, without what was in them, for a page that says what is wrong.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub async fn first_flaws(
        &self,
        actor: &Actor,
        id: ImportId,
        limit: i64,
    ) -> Result<Vec<(i64, Vec<FlawedCell>)>> {
        self.get(actor, id).await?;
        self.base.database.read(actor.tenant_id()).await?.imports().flaws(id, 0, true, limit).await
    }
}

impl FlawedRows {
    /// The next rows; none at the end.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database is away.
    pub async fn next(&mut self) -> Result<Vec<FlawedRow>> {
        let mut tx = self.database.read(self.tenant).await?;
        let flaws = tx.imports().flaws(self.import.id, self.last, true, PORTION).await?;
        drop(tx);
        let Some((last, _)) = flaws.last() else { return Ok(Vec::new()) };
        self.last = *last;
        let table = self.table.take().ok_or_else(|| AppError::internal("the table is lost"))?;
        let (table, cells) = table.pick(flaws.iter().map(|(number, _)| *number).collect()).await?;
        self.table = Some(table);
        Ok(flaws.into_iter().zip(cells).map(|((number, flaws), cells)| (number, cells, flaws)).collect())
    }
}
