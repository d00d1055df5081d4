//! The worker that goes on with imports: claims one under a lease, works it off in portions, and gives it back. Of several
//! instances any can go on with any import, and only one at a time does.

use std::{sync::Arc, time::Duration};

use chrono::{NaiveDate, TimeDelta};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::services::clients::imports::{
    ImportService,
    row_check::{Seen, look},
    store::Storing,
    table::Table,
    undo::Undoing,
};
use crate::{
    domain::{
        Country, Import, ImportCounts, ImportState, TenantId,
        table::{FlawedCell, Mapping, ReadRow},
    },
    error::{AppError, Result},
    persistence::ClaimedImport,
    storage::FileKey,
};

/// Longer than a portion takes by far: only a worker that died lets a lease run out.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// The longest sleep: another instance may have been told, not we.
const POLL: Duration = Duration::from_secs(1);
/// Imports that an instance works at side by side, so that a long one is in nobody's way.
const SIDE_BY_SIDE: usize = 2;
/// Rows of a transaction. All others who write wait for it on SQLite, so it is short.
const PORTION: usize = 200;
/// Rows that are looked at before that is noted.
const CHECKED: usize = 500;
/// How long an uploaded file is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
const SWEEP: Duration = Duration::from_mins(10);

/// An import that is being worked at.
struct Held {
    tenant: TenantId,
    import: Import,
    lease: String,
    country: Country,
    today: NaiveDate,
}

type Read = std::result::Result<ReadRow, Vec<FlawedCell>>;

impl Held {
    fn reader(&self) -> impl Fn(&[&str]) -> Read + Send + 'static {
        let (mapping, country, today): (Arc<Mapping>, _, _) =
            (Arc::new(self.import.mapping.clone()), self.country, self.today);
        move |cells| mapping.read(cells, country, today)
    }
}

impl ImportService {
    /// Works until `stop`, then gives back what it holds.
    pub async fn run(&self, stop: CancellationToken) {
        let work = || async {
            while !stop.is_cancelled() {
                match self.turn(&stop).await {
                    Ok(true) => continue,
                    Ok(false) => {}
                    Err(error) => tracing::error!(%error, "an import could not go on; trying again"),
                }
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = self.wake.notified() => {}
                    () = tokio::time::sleep(POLL) => {}
                }
            }
        };
        let sweep = async {
            while !stop.is_cancelled() {
                if let Err(error) = self.sweep().await {
                    tracing::warn!(%error, "old files of imports could not be removed; trying again later");
                }
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(SWEEP) => {}
                }
            }
        };
        tokio::join!(futures_util::future::join_all((0..SIDE_BY_SIDE).map(|_| work())), sweep);
    }

    /// Works off what there is to do now, and says how many turns that took. For tests and tools.
    ///
    /// # Errors
    /// What keeps an import from going on.
    pub async fn drain(&self) -> Result<usize> {
        let mut turns = 0;
        while self.turn(&CancellationToken::new()).await? {
            turns += 1;
        }
        Ok(turns)
    }

    /// Goes on with one import until its state changes; `false` when there is none.
    pub(super) async fn turn(&self, stop: &CancellationToken) -> Result<bool> {
        let now = self.base.clock.now();
        if !self.base.database.read_as_operator().await?.directory().import_waits(now).await? {
            return Ok(false);
        }
        let lease = Uuid::new_v4().to_string();
        let mut operator = self.base.database.begin_as_operator().await?;
        let Some(claimed) = operator.directory().claim_import(&lease, now, now + LEASE).await? else {
            return Ok(false);
        };
        let tenant = operator.directory().tenant(claimed.tenant).await?;
        operator.commit().await?;
        let mut tx = self.base.database.read(claimed.tenant).await?;
        let import = tx.imports().get(claimed.import).await?.ok_or(AppError::NotFound)?;
        drop(tx);
        let today = tenant.time_zone.local(now).date_naive();
        let held = Held { tenant: claimed.tenant, import, lease, country: tenant.country, today };
        let worked = match held.import.state {
            ImportState::Checking => self.check_all(&held, stop).await,
            ImportState::Running => self.store_all(&held, stop).await,
            ImportState::Cancelling => self.undo_all(&held, ImportState::Cancelled).await,
            ImportState::Failing => self.undo_all(&held, ImportState::Failed).await,
            _ => Ok(()),
        };
        match worked {
            Ok(()) => self.release(&held).await?,
            Err(error @ AppError::Unavailable(_)) => {
                // If this can't be stored either, the lease runs out. Someone tries again in any case.
                let _ = self.release(&held).await;
                return Err(error);
            }
            Err(error) => {
                tracing::error!(%error, import = %held.import.id, "an import failed");
                let next = if held.import.state == ImportState::Failing {
                    ImportState::Failed
                } else {
                    ImportState::Failing
                };
                self.enter(&held, held.import.state, next).await?;
            }
        }
        Ok(true)
    }

    async fn release(&self, held: &Held) -> Result<()> {
        let mut tx = self.base.database.begin(held.tenant).await?;
        tx.imports().release(held.import.id, &held.lease).await?;
        tx.commit().await
    }

    /// Leaves a state for the next, if the import is still ours and in it.
    async fn enter(&self, held: &Held, from: ImportState, to: ImportState) -> Result<()> {
        let now = self.base.clock.now();
        let mut tx = self.base.database.begin(held.tenant).await?;
        if tx.imports().hold(held.import.id, from, &held.lease, now + LEASE).await? {
            if to == ImportState::Done {
                tx.imports().forget_steps(held.import.id, 0).await?;
            }
            tx.imports().enter(held.import.id, to, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Looks at all rows. What was found is not worth keeping across a crash: it begins anew.
    #[tracing::instrument(name = "check_import_rows", skip_all, fields(tenant = %held.tenant, import = %held.import.id))]
    async fn check_all(&self, held: &Held, stop: &CancellationToken) -> Result<()> {
        let (id, database) = (held.import.id, &self.base.database);
        let mut table = Table::open(&self.base, &held.import, 0).await?;
        let (mut seen, mut counts, mut position) = (Seen::default(), ImportCounts::default(), 0);
        while !stop.is_cancelled() {
            let rows;
            (table, rows) = table.next(CHECKED, held.reader()).await?;
            let (mut flawed, is_first) = (Vec::new(), position == 0);
            let mut tx = database.read(held.tenant).await?;
            for (number, row) in &rows {
                position += 1;
                let flaws = match row {
                    Err(flaws) => flaws.clone(),
                    Ok(row) => {
                        let mut looked = look(&mut tx, row).await?;
                        seen.repeats(*number, row, &mut looked);
                        looked.flaws
                    }
                };
                if flaws.is_empty() {
                    counts.good += 1;
                } else if flaws.iter().all(FlawedCell::is_duplicate) {
                    counts.duplicates += 1;
                } else {
                    counts.bad += 1;
                }
                if !flaws.is_empty() {
                    flawed.push((*number, flaws));
                }
            }
            drop(tx);
            let now = self.base.clock.now();
            let mut tx = database.begin(held.tenant).await?;
            if !tx.imports().hold(id, ImportState::Checking, &held.lease, now + LEASE).await? {
                return Ok(());
            }
            if is_first {
                tx.imports().forget_flaws(id).await?;
            }
            for (number, flaws) in &flawed {
                tx.imports().add_flaws(id, *number, flaws).await?;
            }
            tx.imports().advance(id, position, &counts).await?;
            if rows.is_empty() {
                tx.imports().enter(id, ImportState::Checked, now).await?;
            }
            tx.commit().await?;
            if rows.is_empty() {
                break;
            }
        }
        Ok(())
    }

    /// Stores the rows from where it is.
    #[tracing::instrument(name = "store_import_rows", skip_all, fields(tenant = %held.tenant, import = %held.import.id))]
    async fn store_all(&self, held: &Held, stop: &CancellationToken) -> Result<()> {
        let import = &held.import;
        let (mut counts, mut position) = (import.counts, import.position);
        let mut table = Table::open(&self.base, import, position).await?;
        while !stop.is_cancelled() {
            let rows;
            (table, rows) = table.next(PORTION, held.reader()).await?;
            if rows.is_empty() {
                return self.enter(held, ImportState::Running, ImportState::Done).await;
            }
            let now = self.base.clock.now();
            let mut tx = self.base.database.begin(held.tenant).await?;
            if !tx.imports().hold(import.id, ImportState::Running, &held.lease, now + LEASE).await? {
                return Ok(());
            }
            if position == 0 {
                tx.imports().forget_flaws(import.id).await?;
            }
            let given: Vec<_> = rows.iter().filter_map(|(_, row)| row.as_ref().ok()).collect();
            tx.clients().claim(&given.into_iter().flat_map(ReadRow::claims).collect::<Vec<_>>()).await?;
            let mut storing = Storing { tx: &mut tx, import, counts, now };
            let mut torn = false;
            for (number, row) in &rows {
                position += 1;
                if !storing.row(*number, row).await? && import.choice.whole {
                    torn = true;
                    break;
                }
            }
            counts = storing.counts;
            tx.imports().advance(import.id, position, &counts).await?;
            if torn {
                tx.imports().enter(import.id, ImportState::Failing, now).await?;
            }
            tx.commit().await?;
            if torn {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Undoes what an import has done that is to be whole; others have nothing to undo.
    #[tracing::instrument(name = "undo_import", skip_all, fields(tenant = %held.tenant, import = %held.import.id))]
    async fn undo_all(&self, held: &Held, end: ImportState) -> Result<()> {
        let import = &held.import;
        let mut counts = import.counts;
        if import.choice.whole && (counts.created, counts.updated) != (0, 0) {
            // From here on they count what could not be undone.
            counts = ImportCounts { created: 0, updated: 0, kept: 0, ..counts };
        }
        loop {
            let now = self.base.clock.now();
            let mut tx = self.base.database.begin(held.tenant).await?;
            if !tx.imports().hold(import.id, import.state, &held.lease, now + LEASE).await? {
                return Ok(());
            }
            let steps = tx.imports().last_steps(import.id, i64::try_from(PORTION).unwrap_or(0)).await?;
            let undoing = steps.iter().map(Undoing::of).collect::<Result<Vec<_>>>()?;
            tx.clients().claim(&undoing.iter().flat_map(Undoing::claims).collect::<Vec<_>>()).await?;
            for step in &undoing {
                if !step.undo(&mut tx, import, held.country, now).await? {
                    counts.kept += 1;
                }
            }
            match steps.last() {
                Some(step) => tx.imports().forget_steps(import.id, step.row).await?,
                None => tx.imports().enter(import.id, end, now).await?,
            }
            tx.imports().advance(import.id, import.position, &counts).await?;
            tx.commit().await?;
            if steps.is_empty() {
                return Ok(());
            }
        }
    }

    /// Removes files that nobody needs any more.
    ///
    /// # Errors
    /// What keeps a file from being removed; the next sweep tries again.
    pub async fn sweep(&self) -> Result<()> {
        let now = self.base.clock.now();
        let old = self
            .base
            .database
            .read_as_operator()
            .await?
            .directory()
            .imports_with_files(now - KEPT, 100)
            .await?;
        for ClaimedImport { tenant, import } in old {
            let mut tx = self.base.database.read(tenant).await?;
            let key = tx.imports().get(import).await?.and_then(|import| import.file_key);
            drop(tx);
            if let Some(key) = key {
                self.base.storage.delete(&key.parse::<FileKey>()?).await?;
            }
            let mut tx = self.base.database.begin(tenant).await?;
            tx.imports().forget_file(import, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
