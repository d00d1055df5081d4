//! The worker of imports: it leases an import and processes it in batches. Any instance can
//! continue any import, but only one at a time.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::services::clients::imports::{
    ImportService,
    row_check::{SeenValues, check_row},
    store::RowWriter,
    table::Table,
    undo::StepUndo,
};
use crate::{
    domain::{
        Country, Import, ImportCounts, ImportId, ImportState, TenantId,
        table::{CellError, ColumnMapping, ParsedRow},
    },
    error::{AppError, Result},
    persistence::{LeasedImport, WorkKind},
    services::{
        Dependencies,
        worker::{self, Queue, WorkerState, Workers},
    },
    storage::FileKey,
};

/// The duration of a lease, which is much longer than a batch takes, so that only a dead worker's
/// lease expires.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// The number of imports that an instance processes concurrently, so that a long one does not block
/// the others.
pub(super) const CONCURRENCY: usize = 3;
/// The number of imports of one tenant that an instance processes concurrently.
pub(super) const TENANT_CONCURRENCY: usize = 2;
/// The number of rows in a transaction. On SQLite all other writers wait for it.
const BATCH_SIZE: usize = 200;
/// The number of rows after which the progress of a check is stored.
const PROGRESS_INTERVAL: usize = 500;
/// The time for which an uploaded file is kept.
const FILE_RETENTION: TimeDelta = TimeDelta::hours(24);

/// An import leased by this worker.
pub(in crate::services) struct ImportJob {
    tenant: TenantId,
    import: ImportId,
    /// The id of the lease, by which a worker notices that its lease has expired and another worker
    /// has the import.
    lease: String,
}

/// An import that is being processed.
struct ImportInProgress {
    tenant: TenantId,
    import: Import,
    lease: String,
    country: Country,
    today: NaiveDate,
}

type Read = std::result::Result<ParsedRow, Vec<CellError>>;

impl ImportInProgress {
    fn reader(&self) -> impl Fn(&[&str]) -> Read + Send + 'static {
        let (mapping, country, today): (Arc<ColumnMapping>, _, _) =
            (Arc::new(self.import.mapping.clone()), self.country, self.today);
        move |cells| mapping.read(cells, country, today)
    }
}

impl ImportService {
    /// Runs the worker until `stop`, then releases its leases.
    pub async fn run(&self, stop: CancellationToken) {
        Workers::new(self.deps.clone()).queue(self.clone()).run(stop).await;
    }

    /// Processes everything that is due and returns the number of steps. For tests and tools.
    ///
    /// # Errors
    /// The error that stops an import.
    pub async fn drain(&self) -> Result<usize> {
        worker::drain(self).await
    }

    /// Processes an import until its state changes.
    async fn process(&self, job: &ImportJob, stop: &CancellationToken) -> Result<()> {
        let mut cross_tenant = self.deps.database.read_cross_tenant().await?;
        let tenant = cross_tenant.tenant(job.tenant).await?;
        drop(cross_tenant);
        let mut tx = self.deps.database.read(job.tenant).await?;
        let import = tx.imports().get(job.import).await?.ok_or(AppError::NotFound)?;
        drop(tx);
        let today = tenant.time_zone.local(self.deps.clock.now()).date_naive();
        let (country, lease) = (tenant.country, job.lease.clone());
        let leased = ImportInProgress { tenant: job.tenant, import, lease, country, today };
        let worked = match leased.import.state {
            ImportState::Checking => self.check_all(&leased, stop).await,
            ImportState::Running => self.store_all(&leased, stop).await,
            ImportState::Cancelling => self.undo_all(&leased, ImportState::Cancelled).await,
            ImportState::Failing => self.undo_all(&leased, ImportState::Failed).await,
            _ => Ok(()),
        };
        match worked {
            Ok(()) => self.release(&leased).await,
            Err(error @ AppError::Unavailable(_)) => {
                // If this fails, too, the lease expires. The import is tried again in any case.
                let _ = self.release(&leased).await;
                Err(error)
            }
            Err(error) => {
                tracing::error!(%error, import = %leased.import.id, "an import failed");
                let next = if leased.import.state == ImportState::Failing {
                    ImportState::Failed
                } else {
                    ImportState::Failing
                };
                self.transition(&leased, leased.import.state, next).await
            }
        }
    }

    async fn release(&self, leased: &ImportInProgress) -> Result<()> {
        let mut tx = self.deps.database.begin(leased.tenant).await?;
        tx.imports_mut().release_lease(leased.import.id, &leased.lease).await?;
        tx.commit().await
    }

    /// Changes the state, if the import is still leased by this worker and in the state `from`.
    async fn transition(&self, leased: &ImportInProgress, from: ImportState, to: ImportState) -> Result<()> {
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(leased.tenant).await?;
        if tx.imports_mut().renew_lease(leased.import.id, from, &leased.lease, now + LEASE).await? {
            if to == ImportState::Done {
                tx.imports_mut().delete_steps(leased.import.id, 0).await?;
            }
            tx.imports_mut().set_state(leased.import.id, to, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Checks all rows. After a crash the check begins anew, because its results need not be kept.
    #[tracing::instrument(name = "check_import_rows", skip_all, fields(tenant = %leased.tenant, import = %leased.import.id))]
    async fn check_all(&self, leased: &ImportInProgress, stop: &CancellationToken) -> Result<()> {
        let (id, database) = (leased.import.id, &self.deps.database);
        let mut table = Table::open(&self.deps, &leased.import, 0).await?;
        let (mut seen, mut counts, mut position) = (SeenValues::default(), ImportCounts::default(), 0);
        while !stop.is_cancelled() {
            let rows;
            (table, rows) = table.next(PROGRESS_INTERVAL, leased.reader()).await?;
            let (mut flawed, is_first) = (Vec::new(), position == 0);
            let mut tx = database.read(leased.tenant).await?;
            for (number, row) in &rows {
                position += 1;
                let errors = match row {
                    Err(errors) => errors.clone(),
                    Ok(row) => {
                        let mut checked = check_row(&mut tx, row).await?;
                        seen.repeats(*number, row, &mut checked);
                        checked.errors
                    }
                };
                if errors.is_empty() {
                    counts.good += 1;
                } else if errors.iter().all(CellError::is_duplicate) {
                    counts.duplicates += 1;
                } else {
                    counts.bad += 1;
                }
                if !errors.is_empty() {
                    flawed.push((*number, errors));
                }
            }
            drop(tx);
            let now = self.deps.clock.now();
            let mut tx = database.begin(leased.tenant).await?;
            if !tx.imports_mut().renew_lease(id, ImportState::Checking, &leased.lease, now + LEASE).await? {
                return Ok(());
            }
            if is_first {
                tx.imports_mut().delete_errors(id).await?;
            }
            for (number, errors) in &flawed {
                tx.imports_mut().add_errors(id, *number, errors).await?;
            }
            tx.imports_mut().set_progress(id, position, &counts).await?;
            if rows.is_empty() {
                tx.imports_mut().set_state(id, ImportState::Checked, now).await?;
            }
            tx.commit().await?;
            if rows.is_empty() {
                break;
            }
        }
        Ok(())
    }

    /// Stores the rows after the import's position.
    #[tracing::instrument(name = "store_import_rows", skip_all, fields(tenant = %leased.tenant, import = %leased.import.id))]
    async fn store_all(&self, leased: &ImportInProgress, stop: &CancellationToken) -> Result<()> {
        let import = &leased.import;
        let (mut counts, mut position) = (import.counts, import.position);
        let mut table = Table::open(&self.deps, import, position).await?;
        while !stop.is_cancelled() {
            let rows;
            (table, rows) = table.next(BATCH_SIZE, leased.reader()).await?;
            if rows.is_empty() {
                return self.transition(leased, ImportState::Running, ImportState::Done).await;
            }
            let now = self.deps.clock.now();
            let mut tx = self.deps.database.begin(leased.tenant).await?;
            if !tx
                .imports_mut()
                .renew_lease(import.id, ImportState::Running, &leased.lease, now + LEASE)
                .await?
            {
                return Ok(());
            }
            if position == 0 {
                tx.imports_mut().delete_errors(import.id).await?;
            }
            let given: Vec<_> = rows.iter().filter_map(|(_, row)| row.as_ref().ok()).collect();
            tx.clients_mut()
                .lock_values(&given.into_iter().flat_map(ParsedRow::unique_values).collect::<Vec<_>>())
                .await?;
            let mut storing = RowWriter { tx: &mut tx, import, counts, now };
            let mut torn = false;
            for (number, row) in &rows {
                position += 1;
                if !storing.row(*number, row).await? && import.options.all_or_nothing {
                    torn = true;
                    break;
                }
            }
            counts = storing.counts;
            tx.imports_mut().set_progress(import.id, position, &counts).await?;
            if torn {
                tx.imports_mut().set_state(import.id, ImportState::Failing, now).await?;
            }
            tx.commit().await?;
            if torn {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Undoes an import that has to be complete; for others there is nothing to undo.
    #[tracing::instrument(name = "undo_import", skip_all, fields(tenant = %leased.tenant, import = %leased.import.id))]
    async fn undo_all(&self, leased: &ImportInProgress, end: ImportState) -> Result<()> {
        let import = &leased.import;
        let mut counts = import.counts;
        if import.options.all_or_nothing && (counts.created, counts.updated) != (0, 0) {
            // From here on, the counts are those of clients that could not be undone.
            counts = ImportCounts { created: 0, updated: 0, unchanged: 0, ..counts };
        }
        loop {
            let now = self.deps.clock.now();
            let mut tx = self.deps.database.begin(leased.tenant).await?;
            if !tx.imports_mut().renew_lease(import.id, import.state, &leased.lease, now + LEASE).await? {
                return Ok(());
            }
            let steps = tx.imports().last_steps(import.id, i64::try_from(BATCH_SIZE).unwrap_or(0)).await?;
            let undoing = steps.iter().map(StepUndo::of).collect::<Result<Vec<_>>>()?;
            tx.clients_mut()
                .lock_values(&undoing.iter().flat_map(StepUndo::unique_values).collect::<Vec<_>>())
                .await?;
            for step in &undoing {
                if !step.undo(&mut tx, import, leased.country, now).await? {
                    counts.unchanged += 1;
                }
            }
            match steps.last() {
                Some(step) => tx.imports_mut().delete_steps(import.id, step.row).await?,
                None => tx.imports_mut().set_state(import.id, end, now).await?,
            }
            tx.imports_mut().set_progress(import.id, import.position, &counts).await?;
            tx.commit().await?;
            if steps.is_empty() {
                return Ok(());
            }
        }
    }

    /// Removes files whose retention period has ended.
    ///
    /// # Errors
    /// The error that prevents a file from being removed; the next call tries again.
    pub async fn sweep(&self) -> Result<()> {
        let now = self.deps.clock.now();
        let old = self
            .deps
            .database
            .read_cross_tenant()
            .await?
            .imports_with_files(now - FILE_RETENTION, 100)
            .await?;
        for LeasedImport { tenant, import } in old {
            let mut tx = self.deps.database.read(tenant).await?;
            let key = tx.imports().get(import).await?.and_then(|import| import.file_key);
            drop(tx);
            if let Some(key) = key {
                self.deps.storage.delete(&key.parse::<FileKey>()?).await?;
            }
            let mut tx = self.deps.database.begin(tenant).await?;
            tx.imports_mut().remove_file(import, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Each batch stores its position in its own transaction, so that an import whose worker died is
/// continued.
impl Queue for ImportService {
    type Lane = TenantId;
    type Job = ImportJob;
    const KIND: WorkKind = WorkKind::Imports;
    // An import takes longer than its lease, which each batch renews.
    const DRAIN_BATCH: usize = 1;

    fn dependencies(&self) -> &Dependencies {
        &self.deps
    }

    fn worker(&self) -> &WorkerState<TenantId> {
        &self.worker
    }

    async fn due_lanes(&self, now: DateTime<Utc>) -> Result<Vec<TenantId>> {
        self.deps.database.read_cross_tenant().await?.tenants_with_waiting_imports(now).await
    }

    async fn lease_jobs(&self, shares: Vec<(TenantId, usize)>, now: DateTime<Utc>) -> Result<Vec<ImportJob>> {
        let mut cross_tenant = self.deps.database.begin_cross_tenant().await?;
        let mut jobs = Vec::new();
        for (tenant, share) in shares {
            for _ in 0..share {
                let lease = Uuid::new_v4().to_string();
                let leased = cross_tenant.lease_import(tenant, &lease, now, now + LEASE).await?;
                let Some(leased) = leased else { break };
                jobs.push(ImportJob { tenant, import: leased.import, lease });
            }
        }
        cross_tenant.commit().await?;
        Ok(jobs)
    }

    fn lane_of(job: &ImportJob) -> TenantId {
        job.tenant
    }

    async fn perform(&self, job: &ImportJob, stop: &CancellationToken) -> Result<usize> {
        self.process(job, stop).await.map(|()| 1)
    }
}
