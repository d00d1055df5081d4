//! Imports of clients: what is to be done, how far it is, what was wrong, and what would have to be undone.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::persistence::{Page, PageRequest, Tx};
use crate::{
    domain::{
        ClientId, Import, ImportCounts, ImportId, ImportOptions, ImportState, PersonName, TableSample,
        TenantId, UserId,
        table::{CellError, Charset, ColumnMapping},
    },
    error::{AppError, Result},
};

/// Imports of a tenant.
pub struct Imports<'t> {
    tx: &'t mut Tx,
}

/// An import that this worker holds.
#[derive(Debug, Clone, Copy)]
pub struct LeasedImport {
    /// Whose it is.
    pub tenant: TenantId,
    /// Which it is.
    pub import: ImportId,
}

/// A table that was uploaded.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// By whom.
    pub user: UserId,
    /// What the file is called.
    pub file_name: String,
    /// Its key in the file store.
    pub file_key: String,
    /// How its bytes are text.
    pub charset: Charset,
    /// What parts its cells.
    pub delimiter: u8,
    /// Bytes of text before the table begins.
    pub preamble_bytes: u64,
    /// Its beginning.
    pub sample: TableSample,
    /// What its columns seem to mean.
    pub mapping: ColumnMapping,
    /// Its rows, without the titles.
    pub total: i64,
}

/// What was done for a row, and would have to be undone.
#[derive(Debug, Clone, FromRow)]
pub struct ImportStep {
    /// The row.
    #[sqlx(rename = "row_number")]
    pub row: i64,
    client_id: i64,
    /// What the client was before, as JSON; none if it was made.
    pub before: Option<String>,
    /// The contacts that it was given, as JSON.
    pub contacts: String,
}

impl ImportStep {
    /// A step.
    pub fn new(row: i64, client: ClientId, before: Option<String>, contacts: String) -> Self {
        Self { row, client_id: client.0, before, contacts }
    }

    /// The client that was made or changed.
    pub fn client(&self) -> ClientId {
        ClientId(self.client_id)
    }
}

#[derive(FromRow)]
pub(in crate::persistence) struct LeasedImportRow {
    tenant_id: i64,
    id: i64,
}

impl From<LeasedImportRow> for LeasedImport {
    fn from(row: LeasedImportRow) -> Self {
        Self { tenant: TenantId(row.tenant_id), import: ImportId(row.id) }
    }
}

#[derive(FromRow)]
struct ImportRow {
    id: i64,
    user_id: i64,
    first_name: String,
    last_name: Option<String>,
    file_name: String,
    file_key: Option<String>,
    charset: String,
    delimiter: i64,
    preamble_bytes: i64,
    sample: String,
    mapping: String,
    state: String,
    update_existing: i64,
    all_or_nothing: i64,
    total: i64,
    position: i64,
    good: i64,
    duplicates: i64,
    bad: i64,
    created: i64,
    updated: i64,
    unchanged: i64,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct RowErrorsRow {
    row_number: i64,
    errors: String,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.user_id, u.first_name, u.last_name, i.file_name, i.file_key, i.charset, i.delimiter, i.preamble_bytes, \
             i.sample, i.mapping, i.state, i.update_existing, i.all_or_nothing, i.total, i.position, i.good, i.duplicates, i.bad, i.created, \
             i.updated, i.unchanged, i.created_at, i.finished_at \
             FROM imports i JOIN users u ON u.tenant_id = i.tenant_id AND u.id = i.user_id WHERE i.tenant_id = $1 ",
            $rest
        )
    };
}

impl ImportRow {
    fn into_import(self) -> Import {
        Import {
            id: ImportId(self.id),
            user: UserId(self.user_id),
            user_name: PersonName { first: self.first_name, last: self.last_name }.full(),
            file_name: self.file_name,
            file_key: self.file_key,
            charset: Charset::from_name(&self.charset),
            delimiter: u8::try_from(self.delimiter).unwrap_or(b','),
            preamble_bytes: u64::try_from(self.preamble_bytes).unwrap_or(0),
            sample: serde_json::from_str(&self.sample).unwrap_or_default(),
            mapping: serde_json::from_str(&self.mapping).unwrap_or_default(),
            // A state that this version does not know is left to the version that does.
            state: self.state.parse().unwrap_or(ImportState::Cancelled),
            options: ImportOptions {
                update_existing: self.update_existing == 1,
                all_or_nothing: self.all_or_nothing == 1,
            },
            total: self.total,
            position: self.position,
            counts: ImportCounts {
                good: self.good,
                duplicates: self.duplicates,
                bad: self.bad,
                created: self.created,
                updated: self.updated,
                unchanged: self.unchanged,
            },
            created_at: self.created_at,
            finished_at: self.finished_at,
        }
    }
}

impl<'t> Imports<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// Stores an uploaded table.
    pub async fn create(&mut self, new: &NewImport, at: DateTime<Utc>) -> Result<ImportId> {
        let (sample, mapping) = (json(&new.sample)?, json(&new.mapping)?);
        let id = sql!(
            self.tx,
            val(i64),
            "
            INSERT INTO imports (tenant_id, user_id, file_name, file_key, charset, delimiter, preamble_bytes, sample, mapping,
                state, total, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'mapping', $10, $11) RETURNING id",
            new.user.0,
            &new.file_name,
            &new.file_key,
            new.charset.as_str(),
            i64::from(new.delimiter),
            i64::try_from(new.preamble_bytes).unwrap_or(0),
            sample,
            mapping,
            new.total,
            at
        )?;
        Ok(ImportId(id))
    }

    /// One import.
    pub async fn get(&mut self, id: ImportId) -> Result<Option<Import>> {
        let row = sql!(self.tx, opt(ImportRow), (select!("AND i.id = $2")), id.0)?;
        Ok(row.map(ImportRow::into_import))
    }

    /// A page of imports, the newest first.
    pub async fn page(&mut self, request: PageRequest) -> Result<Page<Import>> {
        let total = sql!(self.tx, val(i64), "SELECT COUNT(*) FROM imports WHERE tenant_id = $1")?;
        let rows = sql!(
            self.tx,
            all(ImportRow),
            (select!("ORDER BY i.id DESC LIMIT $2 OFFSET $3")),
            request.limit,
            request.offset()
        )?;
        Ok(Page { items: rows.into_iter().map(ImportRow::into_import).collect(), request, total })
    }

    /// Has the rows looked at with this mapping; `false` when the import is past that.
    pub async fn check(&mut self, id: ImportId, mapping: &ColumnMapping) -> Result<bool> {
        let mapping = json(mapping)?;
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE imports SET state = 'checking', mapping = $3, position = 0, good = 0, duplicates = 0, bad = 0,
                lease = NULL, leased_until = NULL
            WHERE tenant_id = $1 AND id = $2 AND state IN ('mapping', 'checked') AND file_key IS NOT NULL",
            id.0,
            mapping
        )?;
        Ok(rows == 1)
    }

    /// Has the rows stored; `false` when the import is not ready for it, or started already.
    pub async fn start(&mut self, id: ImportId, choice: ImportOptions) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE imports SET state = 'running', update_existing = $3, all_or_nothing = $4, position = 0, bad = 0, lease = NULL,
                leased_until = NULL
            WHERE tenant_id = $1 AND id = $2 AND state = 'checked' AND file_key IS NOT NULL",
            id.0,
            i64::from(choice.update_existing),
            i64::from(choice.all_or_nothing)
        )?;
        Ok(rows == 1)
    }

    /// Ends an import: at once if nobody works on it, else as soon as its worker sees it. `false` when it is over.
    pub async fn cancel(&mut self, id: ImportId, at: DateTime<Utc>) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE imports SET
                finished_at = CASE WHEN state IN ('mapping', 'checked') THEN $3 END,
                state = CASE WHEN state IN ('mapping', 'checked') THEN 'cancelled' ELSE 'cancelling' END
            WHERE tenant_id = $1 AND id = $2 AND state IN ('mapping', 'checking', 'checked', 'running')",
            id.0,
            at
        )?;
        Ok(rows == 1)
    }

    /// Begins a portion of work: `false` when the lease is lost, or the import is not in this state any more. No one else
    /// gets it before the transaction ends.
    pub async fn renew_lease(
        &mut self,
        id: ImportId,
        state: ImportState,
        lease: &str,
        until: DateTime<Utc>,
    ) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE imports SET leased_until = $5 WHERE tenant_id = $1 AND id = $2 AND state = $3 AND lease = $4",
            id.0,
            state.as_str(),
            lease,
            until
        )?;
        Ok(rows == 1)
    }

    /// Gives an import back, for another worker to go on.
    pub async fn release_lease(&mut self, id: ImportId, lease: &str) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE imports SET lease = NULL, leased_until = NULL WHERE tenant_id = $1 AND id = $2 AND lease = $3",
            id.0,
            lease
        )?;
        Ok(())
    }

    /// Begins anew with the flaws, which are found again.
    pub async fn delete_errors(&mut self, id: ImportId) -> Result<()> {
        sql!(self.tx, exec, "DELETE FROM import_errors WHERE tenant_id = $1 AND import_id = $2", id.0)?;
        Ok(())
    }

    /// Notes how far the import is.
    pub async fn set_progress(&mut self, id: ImportId, position: i64, counts: &ImportCounts) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE imports SET position = $3, good = $4, duplicates = $5, bad = $6, created = $7, updated = $8, unchanged = $9
            WHERE tenant_id = $1 AND id = $2",
            id.0,
            position,
            counts.good,
            counts.duplicates,
            counts.bad,
            counts.created,
            counts.updated,
            counts.unchanged
        )?;
        Ok(())
    }

    /// Goes over to a state.
    pub async fn set_state(&mut self, id: ImportId, state: ImportState, at: DateTime<Utc>) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE imports SET state = $3, finished_at = $4, lease = NULL, leased_until = NULL
            WHERE tenant_id = $1 AND id = $2",
            id.0,
            state.as_str(),
            state.is_finished().then_some(at)
        )?;
        Ok(())
    }

    /// Notes what is wrong with a row.
    pub async fn add_errors(&mut self, id: ImportId, row: i64, flaws: &[CellError]) -> Result<()> {
        let bad = flaws.iter().any(|cell| !cell.is_duplicate());
        let flaws = json(&flaws)?;
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO import_errors (tenant_id, import_id, row_number, is_invalid, errors) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant_id, import_id, row_number) DO UPDATE SET is_invalid = $4, errors = $5",
            id.0,
            row,
            i64::from(bad),
            flaws
        )?;
        Ok(())
    }

    /// The next rows with flaws after one, bad ones only or duplicates as well.
    pub async fn errors(
        &mut self,
        id: ImportId,
        after: i64,
        duplicates: bool,
        limit: i64,
    ) -> Result<Vec<(i64, Vec<CellError>)>> {
        let rows = sql!(
            self.tx,
            all(RowErrorsRow),
            "
            SELECT row_number, errors FROM import_errors
            WHERE tenant_id = $1 AND import_id = $2 AND row_number > $3 AND is_invalid >= $4 ORDER BY row_number LIMIT $5",
            id.0,
            after,
            i64::from(!duplicates),
            limit
        )?;
        Ok(rows
            .into_iter()
            .map(|row| (row.row_number, serde_json::from_str(&row.errors).unwrap_or_default()))
            .collect())
    }

    /// Notes what was done for a row.
    pub async fn add_step(&mut self, id: ImportId, step: &ImportStep) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO import_steps (tenant_id, import_id, row_number, client_id, before, contacts)
            VALUES ($1, $2, $3, $4, $5, $6)",
            id.0,
            step.row,
            step.client_id,
            step.before.as_deref(),
            &step.contacts
        )?;
        Ok(())
    }

    /// The last steps that were not undone yet, the newest first.
    pub async fn last_steps(&mut self, id: ImportId, limit: i64) -> Result<Vec<ImportStep>> {
        Ok(sql!(
            self.tx,
            all(ImportStep),
            "
            SELECT row_number, client_id, before, contacts FROM import_steps
            WHERE tenant_id = $1 AND import_id = $2 ORDER BY row_number DESC LIMIT $3",
            id.0,
            limit
        )?)
    }

    /// Forgets the steps from a row on: they are undone, or it is too late to.
    pub async fn delete_steps(&mut self, id: ImportId, from: i64) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "DELETE FROM import_steps WHERE tenant_id = $1 AND import_id = $2 AND row_number >= $3",
            id.0,
            from
        )?;
        Ok(())
    }

    /// Notes that the file is gone, and with it what was said of its rows. What waited for someone is over.
    pub async fn remove_file(&mut self, id: ImportId, at: DateTime<Utc>) -> Result<()> {
        self.delete_errors(id).await?;
        sql!(
            self.tx,
            exec,
            "
            UPDATE imports SET file_key = NULL, sample = '{\"titles\":[],\"rows\":[],\"ambiguous\":false}',
                finished_at = COALESCE(finished_at, $3),
                state = CASE WHEN state IN ('mapping', 'checked') THEN 'cancelled' ELSE state END
            WHERE tenant_id = $1 AND id = $2",
            id.0,
            at
        )?;
        Ok(())
    }
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(AppError::internal)
}
