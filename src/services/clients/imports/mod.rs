//! Imports of clients. A table is uploaded and analysed, a user maps its columns, all rows are
//! checked and then stored in batches. Each batch is one transaction that also stores the position
//! and renews a lease, so that an import continues after a crash and is never processed twice at
//! the same time (`docs/adr/0012-client-imports.md`).

mod rejected_rows;
mod row_check;
mod sample;
mod store;
mod table;
mod undo;
mod worker;

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _};

use crate::services::{Actor, Dependencies, Framed, PageFrame, activity::page_frame, worker::WorkerState};
use crate::{
    domain::{
        Import, ImportId, ImportOptions, Permission, TenantId, UserId,
        table::{CellError, CharsetDetector, ColumnMapping},
    },
    error::{AppError, Result},
    persistence::{NewImport, Page, PageRequest, Snapshot, WorkKind},
    storage::FilePurpose,
};

pub use crate::services::clients::imports::rejected_rows::InvalidRows;

/// The maximum number of rows of a table.
pub const MAX_ROWS: i64 = 50_000;
/// The maximum size of a table in bytes.
pub const MAX_BYTES: i64 = 32 * 1024 * 1024;

/// The number of rejected rows on an import's page; the CSV file has all of them.
const FIRST_ERRORS: i64 = 20;

/// The data of an import's page.
#[derive(Debug, Clone)]
pub struct ImportPage {
    /// The import.
    pub import: Import,
    /// The numbers of the first rejected rows, with their errors.
    pub first_errors: Vec<(i64, Vec<CellError>)>,
    /// The frame of the page.
    pub frame: PageFrame,
}

/// The use cases of imports.
#[derive(Clone)]
pub struct ImportService {
    deps: Arc<Dependencies>,
    worker: WorkerState<TenantId>,
}

impl ImportService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps, worker: WorkerState::new(worker::CONCURRENCY, worker::TENANT_CONCURRENCY) }
    }

    /// Stores a table as a new import, and analyses it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::TableTooLarge`]; [`AppError::Invalid`] if the file is
    /// not a table.
    #[tracing::instrument(name = "upload_import", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn upload(
        &self,
        actor: &Actor,
        file_name: &str,
        content: impl Stream<Item = Result<Bytes>> + Send,
    ) -> Result<Import> {
        actor.require(Permission::ClientCreate)?;
        let deps = &self.deps;
        deps.quotas.admit_import(&deps.database, actor.tenant_id(), deps.clock.now()).await?;
        let guess = Mutex::new(CharsetDetector::default());
        let content =
            content.inspect_ok(|bytes| guess.lock().unwrap_or_else(PoisonError::into_inner).feed(bytes));
        let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
        let stored = self.deps.storage.put(actor.tenant_id(), FilePurpose::Imports, content, limit).await;
        let stored = stored.map_err(|error| match error {
            AppError::TooLarge => AppError::TableTooLarge,
            error => error,
        })?;
        let charset = guess.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
        let checked = async {
            let text = table::text(&self.deps, &stored.key, charset).await?;
            let seen = tokio::task::spawn_blocking(move || sample::analyse(text));
            let seen = seen.await.map_err(AppError::internal)??;
            let new = NewImport {
                user: actor.user.id,
                file_name: file_name.chars().filter(|c| !c.is_control()).take(255).collect(),
                file_key: stored.key.to_string(),
                charset,
                delimiter: seen.delimiter,
                preamble_bytes: seen.skipped,
                sample: seen.sample,
                mapping: seen.mapping,
                total: seen.total,
            };
            let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
            let id = tx.imports_mut().create(&new, self.deps.clock.now()).await?;
            let import = tx.imports().get(id).await?.ok_or(AppError::NotFound)?;
            tx.commit().await?;
            Ok(import)
        };
        let checked = checked.await;
        if checked.is_err() {
            self.deps.storage.delete(&stored.key).await?;
        }
        checked
    }

    /// Lists a page of imports, the newest first: the user's own, or all of them for those who may delete clients.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_imports", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list(&self, actor: &Actor, page: PageRequest) -> Result<Framed<Page<Import>>> {
        actor.require(Permission::ClientCreate)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let found = tx.imports().page(only_own(actor), page).await?;
        Framed::new(found, &mut tx, actor).await
    }

    /// Loads an import.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_import", skip_all, fields(tenant = %actor.tenant.id, import = %id))]
    pub async fn get(&self, actor: &Actor, id: ImportId) -> Result<Import> {
        visible(&mut self.deps.database.read(actor.tenant_id()).await?, actor, id).await
    }

    /// Loads an import with the errors of the first rejected rows.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "open_import", skip_all, fields(tenant = %actor.tenant.id, import = %id))]
    pub async fn open(&self, actor: &Actor, id: ImportId) -> Result<ImportPage> {
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let import = visible(&mut tx, actor, id).await?;
        let first_errors = tx.imports().errors(id, 0, true, FIRST_ERRORS).await?;
        Ok(ImportPage { import, first_errors, frame: page_frame(&mut tx, actor).await? })
    }

    /// Starts checking all rows with the mapping. No client is stored.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] if the import is in
    /// a state that does not allow it.
    #[tracing::instrument(name = "check_import", skip_all, fields(tenant = %actor.tenant.id, import = %id))]
    pub async fn check(&self, actor: &Actor, id: ImportId, mapping: &ColumnMapping) -> Result<Import> {
        self.change(actor, id, async |tx| tx.imports_mut().check(id, mapping).await).await
    }

    /// Starts storing the rows.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] if the import is not
    /// checked or was started already, or if it has invalid rows and has to be complete.
    #[tracing::instrument(name = "start_import", skip_all, fields(tenant = %actor.tenant.id, import = %id))]
    pub async fn start(&self, actor: &Actor, id: ImportId, choice: ImportOptions) -> Result<Import> {
        if choice.update_existing {
            actor.require(Permission::ClientUpdate)?;
        }
        let start = async |tx: &mut crate::persistence::UnitOfWork| {
            let import = tx.imports().get(id).await?.ok_or(AppError::NotFound)?;
            let torn = choice.all_or_nothing && import.counts.bad > 0;
            Ok(!torn && tx.imports_mut().start(id, choice).await?)
        };
        self.change(actor, id, start).await
    }

    /// Cancels an import. Stored clients are kept, unless the import has to be complete.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] if the import has
    /// ended.
    #[tracing::instrument(name = "cancel_import", skip_all, fields(tenant = %actor.tenant.id, import = %id))]
    pub async fn cancel(&self, actor: &Actor, id: ImportId) -> Result<Import> {
        let now = self.deps.clock.now();
        self.change(actor, id, async |tx| tx.imports_mut().cancel(id, now).await).await
    }

    async fn change(
        &self,
        actor: &Actor,
        id: ImportId,
        change: impl AsyncFnOnce(&mut crate::persistence::UnitOfWork) -> Result<bool>,
    ) -> Result<Import> {
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        visible(&mut tx, actor, id).await?;
        if !change(&mut tx).await? {
            return Err(AppError::value_taken("state", None));
        }
        let import = tx.imports().get(id).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        self.deps.database.wake_ups().notify_worker(WorkKind::Imports);
        Ok(import)
    }
}

/// The user whose imports are the only ones that `actor` may see. The imports of others are for those who may delete
/// clients: cancelling one may delete the clients that it has stored, and its rows may be more than its user may read.
fn only_own(actor: &Actor) -> Option<UserId> {
    (!actor.may(Permission::ClientDelete)).then_some(actor.user.id)
}

/// Loads an import that the user may see and change.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
async fn visible(tx: &mut Snapshot, actor: &Actor, id: ImportId) -> Result<Import> {
    actor.require(Permission::ClientCreate)?;
    let import = tx.imports().get(id).await?.ok_or(AppError::NotFound)?;
    let is_visible = only_own(actor).is_none_or(|user| user == import.user);
    if is_visible { Ok(import) } else { Err(AppError::NotFound) }
}
