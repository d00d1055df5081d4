//! Imports of clients: their state and progress, the errors of rows, and the steps for undoing.

use chrono::{DateTime, Utc};

use crate::persistence::{
    Page, PageRequest, Snapshot, UnitOfWork,
    engine::{FromRow, Key, List, Row, Sql},
};
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
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's imports, for writing.
pub struct ImportsMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// An import that is leased to this worker.
#[derive(Debug, Clone, Copy)]
pub struct LeasedImport {
    /// The tenant of the import.
    pub tenant: TenantId,
    /// The id of the import.
    pub import: ImportId,
}

/// An uploaded table.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// The user who uploaded the file.
    pub user: UserId,
    /// The name of the uploaded file.
    pub file_name: String,
    /// The key of the file in the file storage.
    pub file_key: String,
    /// The character encoding of the file.
    pub charset: Charset,
    /// The character between cells.
    pub delimiter: u8,
    /// The number of bytes of text before the table begins.
    pub preamble_bytes: u64,
    /// The beginning of the table.
    pub sample: TableSample,
    /// The guessed fields of the columns.
    pub mapping: ColumnMapping,
    /// The number of rows without the titles.
    pub total: i64,
}

/// The change that a row made, for undoing it.
#[derive(Debug, Clone)]
pub struct ImportStep {
    /// The number of the row.
    pub row: i64,
    client: ClientId,
    /// The client before the change as JSON; `None` if the row created it.
    pub before: Option<String>,
    /// The contacts that the row added, as JSON.
    pub contacts: String,
}

impl ImportStep {
    /// Creates a step.
    pub fn new(row: i64, client: ClientId, before: Option<String>, contacts: String) -> Self {
        Self { row, client, before, contacts }
    }

    /// The client that the row created or changed.
    pub fn client(&self) -> ClientId {
        self.client
    }
}

const SELECT: &str = "\
    SELECT i.id, i.user_id, u.first_name, u.last_name, i.file_name, i.file_key, i.charset, i.delimiter, \
    i.preamble_bytes, i.sample, i.mapping, i.state, i.update_existing, i.all_or_nothing, i.total, i.position, i.good, \
    i.duplicates, i.bad, i.created, i.updated, i.unchanged, i.created_at, i.finished_at";
const IMPORTS: &str = "FROM imports i JOIN users u ON u.tenant_id = i.tenant_id AND u.id = i.user_id
                       WHERE i.tenant_id = $1";
const NEWEST_FIRST: &[Key] = &[Key::number("i.id").descending()];

impl FromRow for LeasedImport {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { tenant: row.get("tenant_id")?, import: row.get("id")? })
    }
}

impl FromRow for ImportStep {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            row: row.get("row_number")?,
            client: row.get("client_id")?,
            before: row.get("before")?,
            contacts: row.get("contacts")?,
        })
    }
}

impl FromRow for Import {
    fn from_row(row: &Row) -> Result<Self> {
        let user = PersonName { first: row.get("first_name")?, last: row.get("last_name")? };
        Ok(Self {
            id: row.get("id")?,
            user: row.get("user_id")?,
            user_name: user.full(),
            file_name: row.get("file_name")?,
            file_key: row.get("file_key")?,
            charset: row.get("charset")?,
            delimiter: row.get_or("delimiter", b',')?,
            preamble_bytes: row.get_or("preamble_bytes", 0)?,
            sample: row.json("sample")?,
            mapping: row.json("mapping")?,
            // The state of an import of a newer version is left to that version.
            state: row.get_or("state", ImportState::Cancelled)?,
            options: ImportOptions {
                update_existing: row.get("update_existing")?,
                all_or_nothing: row.get("all_or_nothing")?,
            },
            total: row.get("total")?,
            position: row.get("position")?,
            counts: ImportCounts {
                good: row.get("good")?,
                duplicates: row.get("duplicates")?,
                bad: row.get("bad")?,
                created: row.get("created")?,
                updated: row.get("updated")?,
                unchanged: row.get("unchanged")?,
            },
            created_at: row.get("created_at")?,
            finished_at: row.get("finished_at")?,
        })
    }
}

/// The errors of a row.
struct RowErrors {
    row: i64,
    errors: Vec<CellError>,
}

impl FromRow for RowErrors {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { row: row.get("row_number")?, errors: row.json("errors")? })
    }
}

impl Imports<'_> {
    /// Loads an import.
    pub async fn get(&mut self, id: ImportId) -> Result<Option<Import>> {
        self.snapshot.query(SELECT).push(IMPORTS).push("AND i.id = $2").bind(id).optional().await
    }

    /// Lists a page of imports, the newest first; with `of`, only those of a user.
    pub async fn page(&mut self, of: Option<UserId>, request: PageRequest) -> Result<Page<Import>> {
        let mut list =
            List::new(SELECT, IMPORTS, NEWEST_FIRST).counted_from("FROM imports i WHERE i.tenant_id = $1");
        if let Some(user) = of {
            list = list.filter(Sql::from("i.user_id = ?").bind(user));
        }
        self.snapshot.page(&list, request).await
    }

    /// Lists the next rows with errors after a row: invalid ones, or duplicates as well.
    pub async fn errors(
        &mut self,
        id: ImportId,
        after: i64,
        duplicates: bool,
        limit: i64,
    ) -> Result<Vec<(i64, Vec<CellError>)>> {
        let rows: Vec<RowErrors> = self
            .snapshot
            .query(
                "SELECT row_number, errors FROM import_errors
                 WHERE tenant_id = $1 AND import_id = $2 AND row_number > $3 AND is_invalid >= $4
                     ORDER BY row_number LIMIT $5",
            )
            .bind(id)
            .bind(after)
            .bind(!duplicates)
            .bind(limit)
            .all()
            .await?;
        Ok(rows.into_iter().map(|row| (row.row, row.errors)).collect())
    }

    /// Lists the last steps that were not undone yet, the newest first.
    pub async fn last_steps(&mut self, id: ImportId, limit: i64) -> Result<Vec<ImportStep>> {
        self.snapshot
            .query(
                "SELECT row_number, client_id, before, contacts FROM import_steps
                 WHERE tenant_id = $1 AND import_id = $2 ORDER BY row_number DESC LIMIT $3",
            )
            .bind(id)
            .bind(limit)
            .all()
            .await
    }
}

impl ImportsMut<'_> {
    /// Stores an uploaded table.
    pub async fn create(&mut self, new: &NewImport, at: DateTime<Utc>) -> Result<ImportId> {
        let (sample, mapping) = (json(&new.sample)?, json(&new.mapping)?);
        self.work
            .query(
                "INSERT INTO imports (tenant_id, user_id, file_name, file_key, charset, delimiter,
                     preamble_bytes, sample, mapping,
                     state, total, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'mapping', $10, $11) RETURNING id",
            )
            .bind(new.user)
            .bind(&new.file_name)
            .bind(&new.file_key)
            .bind(new.charset)
            .bind(new.delimiter)
            .bind(new.preamble_bytes)
            .bind(sample)
            .bind(mapping)
            .bind(new.total)
            .bind(at)
            .one()
            .await
    }

    /// Starts the check of the rows with this mapping; returns `false` if the import is in a later
    /// state.
    pub async fn check(&mut self, id: ImportId, mapping: &ColumnMapping) -> Result<bool> {
        let mapping = json(mapping)?;
        Ok(self
            .work
            .query(
                "UPDATE imports SET state = 'checking', mapping = $3, position = 0, good = 0, duplicates
                     = 0, bad = 0,
                     lease = NULL, leased_until = NULL
                 WHERE tenant_id = $1 AND id = $2 AND state IN ('mapping', 'checked')
                     AND file_key IS NOT NULL",
            )
            .bind(id)
            .bind(mapping)
            .execute()
            .await?
            == 1)
    }

    /// Starts storing the rows; returns `false` if the import is not ready for it or has started
    /// already.
    pub async fn start(&mut self, id: ImportId, choice: ImportOptions) -> Result<bool> {
        Ok(self
            .work
            .query(
                "UPDATE imports SET state = 'running', update_existing = $3, all_or_nothing = $4,
                     position = 0, bad = 0, lease = NULL,
                     leased_until = NULL
                 WHERE tenant_id = $1 AND id = $2 AND state = 'checked' AND file_key IS NOT NULL",
            )
            .bind(id)
            .bind(choice.update_existing)
            .bind(choice.all_or_nothing)
            .execute()
            .await?
            == 1)
    }

    /// Cancels an import: at once if no worker has leased it, else as soon as its worker notices.
    /// Returns `false` if it has ended.
    pub async fn cancel(&mut self, id: ImportId, at: DateTime<Utc>) -> Result<bool> {
        Ok(self
            .work
            .query(
                "UPDATE imports SET
                     finished_at = CASE WHEN state IN ('mapping', 'checked') THEN $3 END,
                     state = CASE WHEN state IN ('mapping', 'checked') THEN 'cancelled'
                         ELSE 'cancelling' END
                 WHERE tenant_id = $1 AND id = $2 AND state IN ('mapping', 'checking', 'checked',
                     'running')",
            )
            .bind(id)
            .bind(at)
            .execute()
            .await?
            == 1)
    }

    /// Extends a lease for a batch of rows and locks the import until the end of the transaction;
    /// returns `false` if the lease was lost or the state has changed.
    pub async fn renew_lease(
        &mut self,
        id: ImportId,
        state: ImportState,
        lease: &str,
        until: DateTime<Utc>,
    ) -> Result<bool> {
        Ok(self
            .work
            .query(
                "UPDATE imports SET leased_until = $5 WHERE tenant_id = $1 AND id = $2 AND state = $3
                 AND lease = $4",
            )
            .bind(id)
            .bind(state)
            .bind(lease)
            .bind(until)
            .execute()
            .await?
            == 1)
    }

    /// Releases the lease, so that another worker can continue.
    pub async fn release_lease(&mut self, id: ImportId, lease: &str) -> Result<()> {
        self.work
            .query(
                "UPDATE imports SET lease = NULL, leased_until = NULL WHERE tenant_id = $1 AND id = $2
                 AND lease = $3",
            )
            .bind(id)
            .bind(lease)
            .execute()
            .await?;
        Ok(())
    }

    /// Deletes the errors of all rows, because the check finds them again.
    pub async fn delete_errors(&mut self, id: ImportId) -> Result<()> {
        self.work
            .query("DELETE FROM import_errors WHERE tenant_id = $1 AND import_id = $2")
            .bind(id)
            .execute()
            .await?;
        Ok(())
    }

    /// Stores the progress of an import.
    pub async fn set_progress(&mut self, id: ImportId, position: i64, counts: &ImportCounts) -> Result<()> {
        self.work
            .query(
                "UPDATE imports SET position = $3, good = $4, duplicates = $5, bad = $6, created = $7,
                     updated = $8, unchanged = $9
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .bind(position)
            .bind(counts.good)
            .bind(counts.duplicates)
            .bind(counts.bad)
            .bind(counts.created)
            .bind(counts.updated)
            .bind(counts.unchanged)
            .execute()
            .await?;
        Ok(())
    }

    /// Changes the state.
    pub async fn set_state(&mut self, id: ImportId, state: ImportState, at: DateTime<Utc>) -> Result<()> {
        self.work
            .query(
                "UPDATE imports SET state = $3, finished_at = $4, lease = NULL, leased_until = NULL
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .bind(state)
            .bind(state.is_finished().then_some(at))
            .execute()
            .await?;
        Ok(())
    }

    /// Stores the errors of a row.
    pub async fn add_errors(&mut self, id: ImportId, row: i64, flaws: &[CellError]) -> Result<()> {
        let bad = flaws.iter().any(|cell| !cell.is_duplicate());
        let flaws = json(&flaws)?;
        self.work
            .query(
                "INSERT INTO import_errors (tenant_id, import_id, row_number, is_invalid, errors)
                     VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (tenant_id, import_id, row_number) DO UPDATE
                     SET is_invalid = $4, errors = $5",
            )
            .bind(id)
            .bind(row)
            .bind(bad)
            .bind(flaws)
            .execute()
            .await?;
        Ok(())
    }

    /// Stores the change that a row made.
    pub async fn add_step(&mut self, id: ImportId, step: &ImportStep) -> Result<()> {
        self.work
            .query(
                "INSERT INTO import_steps (tenant_id, import_id, row_number, client_id, before, contacts)
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(id)
            .bind(step.row)
            .bind(step.client)
            .bind(&step.before)
            .bind(&step.contacts)
            .execute()
            .await?;
        Ok(())
    }

    /// Deletes the steps from a row on, which are undone or no longer needed.
    pub async fn delete_steps(&mut self, id: ImportId, from: i64) -> Result<()> {
        self.work
            .query("DELETE FROM import_steps WHERE tenant_id = $1 AND import_id = $2 AND row_number >= $3")
            .bind(id)
            .bind(from)
            .execute()
            .await?;
        Ok(())
    }

    /// Records that the file was removed, and deletes the errors of its rows. An import that waits
    /// for a user is finished.
    pub async fn remove_file(&mut self, id: ImportId, at: DateTime<Utc>) -> Result<()> {
        self.delete_errors(id).await?;
        self.work
            .query(
                "UPDATE imports SET file_key = NULL, sample =
                     '{\"titles\":[],\"rows\":[],\"ambiguous\":false}',
                     finished_at = COALESCE(finished_at, $3),
                     state = CASE WHEN state IN ('mapping', 'checked') THEN 'cancelled' ELSE state END
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .bind(at)
            .execute()
            .await?;
        Ok(())
    }
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(AppError::internal)
}
