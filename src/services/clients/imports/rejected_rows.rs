//! The rejected rows of an import, with their cells and errors.

use crate::services::clients::imports::{ImportService, table::Table};
use crate::{
    domain::{Import, ImportId, TenantId, table::CellError},
    error::{AppError, Result},
    persistence::Database,
    services::Actor,
};

/// The maximum number of rows in memory.
const BATCH_SIZE: i64 = 200;

/// The rejected rows of an import, read in batches.
pub struct InvalidRows {
    /// The import that the rows belong to.
    pub import: Import,
    database: Database,
    tenant: TenantId,
    table: Option<Table>,
    last: i64,
}

/// A row's number, its cells and its errors.
pub type InvalidRow = (i64, Vec<String>, Vec<CellError>);

impl ImportService {
    /// Opens the rows that were not or would not be stored: invalid rows and duplicates.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`], also if the file was removed.
    pub async fn invalid_rows(&self, actor: &Actor, id: ImportId) -> Result<InvalidRows> {
        let import = self.get(actor, id).await?;
        let table = Table::open(&self.deps, &import, 0).await?;
        let database = self.deps.database.clone();
        Ok(InvalidRows { import, database, tenant: actor.tenant_id(), table: Some(table), last: 0 })
    }
}

impl InvalidRows {
    /// Reads the next rows; an empty batch is the end.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn next(&mut self) -> Result<Vec<InvalidRow>> {
        let mut tx = self.database.read(self.tenant).await?;
        let errors = tx.imports().errors(self.import.id, self.last, true, BATCH_SIZE).await?;
        drop(tx);
        let Some((last, _)) = errors.last() else { return Ok(Vec::new()) };
        self.last = *last;
        let table = self.table.take().ok_or_else(|| AppError::internal("the table is lost"))?;
        let (table, cells) = table.pick(errors.iter().map(|(number, _)| *number).collect()).await?;
        self.table = Some(table);
        Ok(errors.into_iter().zip(cells).map(|((number, errors), cells)| (number, cells, errors)).collect())
    }
}
