//! The rows with something wrong, as they were and with what it is.

use crate::services::clients::imports::{ImportService, table::Table};
use crate::{
    domain::{Import, ImportId, TenantId, table::CellError},
    error::{AppError, Result},
    persistence::Database,
    services::Actor,
};

/// Rows that are held in memory at once.
const BATCH_SIZE: i64 = 200;

/// The flawed rows of an import, in portions.
pub struct InvalidRows {
    /// The import.
    pub import: Import,
    database: Database,
    tenant: TenantId,
    table: Option<Table>,
    last: i64,
}

/// A row's number, its cells, and what is wrong with it.
pub type InvalidRow = (i64, Vec<String>, Vec<CellError>);

impl ImportService {
    /// The rows that were not stored, or would not be: bad ones, and duplicates.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`], also when the file is gone.
    pub async fn invalid_rows(&self, actor: &Actor, id: ImportId) -> Result<InvalidRows> {
        let import = self.get(actor, id).await?;
        let table = Table::open(&self.deps, &import, 0).await?;
        let database = self.deps.database.clone();
        Ok(InvalidRows { import, database, tenant: actor.tenant_id(), table: Some(table), last: 0 })
    }

    /// The first of them, without what was in them, for a page that says what is wrong.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub async fn first_errors(
        &self,
        actor: &Actor,
        id: ImportId,
        limit: i64,
    ) -> Result<Vec<(i64, Vec<CellError>)>> {
        self.get(actor, id).await?;
        self.deps.database.read(actor.tenant_id()).await?.imports().errors(id, 0, true, limit).await
    }
}

impl InvalidRows {
    /// The next rows; none at the end.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database is away.
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
