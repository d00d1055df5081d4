//! Imports of clients: a table is uploaded and looked through, someone says what its columns mean, all rows are
//! checked, and then stored in small portions. Each portion is one transaction that also notes how far it is, under a lease,
//! so that an import goes on where it was after a crash, and never in two places (`docs/adr/0012-client-imports.md`).

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

use crate::services::{Actor, Dependencies, worker::WorkerState};
use crate::{
    domain::{
        Import, ImportId, ImportOptions, Permission, TenantId,
        table::{CharsetDetector, ColumnMapping},
    },
    error::{AppError, Result},
    persistence::{NewImport, Page, PageRequest, WorkKind},
    storage::FilePurpose,
};

pub use crate::services::clients::imports::rejected_rows::InvalidRows;

/// Rows that a table may have.
pub const MAX_ROWS: i64 = 50_000;
/// Bytes that a table may have.
pub const MAX_BYTES: i64 = 32 * 1024 * 1024;

/// Use cases of imports.
#[derive(Clone)]
pub struct ImportService {
    deps: Arc<Dependencies>,
    worker: WorkerState<TenantId>,
}

impl ImportService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps, worker: WorkerState::new(worker::CONCURRENCY, worker::TENANT_CONCURRENCY) }
    }

    /// Keeps a table, and looks through it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::TableTooLarge`]; [`AppError::Invalid`] for what is no table.
    #[tracing::instrument(name = "upload_import", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn upload(
        &self,
        actor: &Actor,
        file_name: &str,
        content: impl Stream<Item = Result<Bytes>> + Send,
    ) -> Result<Import> {
        actor.require(Permission::ClientCreate)?;
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

    /// A page of imports, the newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_imports", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list(&self, actor: &Actor, page: PageRequest) -> Result<Page<Import>> {
        actor.require(Permission::ClientCreate)?;
        self.deps.database.read(actor.tenant_id()).await?.imports().page(page).await
    }

    /// One import.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_import", skip_all, fields(tenant = %actor.tenant.id, import = %id))]
    pub async fn get(&self, actor: &Actor, id: ImportId) -> Result<Import> {
        actor.require(Permission::ClientCreate)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        tx.imports().get(id).await?.ok_or(AppError::NotFound)
    }

    /// Has all rows checked, read as the mapping says. Nothing is stored by that.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] when it is too late for that.
    #[tracing::instrument(name = "check_import", skip_all, fields(tenant = %actor.tenant.id, import = %id))]
    pub async fn check(&self, actor: &Actor, id: ImportId, mapping: &ColumnMapping) -> Result<Import> {
        self.change(actor, id, async |tx| tx.imports_mut().check(id, mapping).await).await
    }

    /// Has the rows stored.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] when it is not checked, has started
    /// already, or has bad rows though it is to be whole.
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

    /// Ends an import. What is stored stays, unless it is to be whole.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] when it is over.
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
        actor.require(Permission::ClientCreate)?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.imports().get(id).await?.ok_or(AppError::NotFound)?;
        if !change(&mut tx).await? {
            return Err(AppError::value_taken("state", None));
        }
        let import = tx.imports().get(id).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        self.deps.database.wake_ups().notify_worker(WorkKind::Imports);
        Ok(import)
    }
}
