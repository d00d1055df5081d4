//! The background workers. A [`Queue`] defines its jobs and how one is performed. Everything else
//! is implemented here for all queues: leases, wake-ups, the poll, back-off with jitter, fair
//! scheduling across tenants, draining, stopping and counting.
//!
//! A worker sleeps until it is woken: by a commit of this process, by the end of a job, or by the
//! poll, which asks with one statement for all queues whether something is due
//! (`docs/adr/0027-one-worker-for-all-queues.md`).
//!
//! A lease is much longer than a job, so that it only expires if the process died, perhaps between
//! a provider's success and the commit. If a queue's jobs may be repeated, such a job becomes due
//! again. If they must not be repeated silently, the queue returns it from [`Queue::expired`] and
//! records its unknown outcome in [`Queue::settle_unknown`].

mod backoff;
mod fair_scheduler;
mod metrics;

use std::{
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::instrument::WithSubscriber as _;

use crate::{
    error::{AppError, Result},
    persistence::WorkKind,
    services::Dependencies,
};

pub use crate::services::worker::metrics::WorkerMetrics;
pub(in crate::services) use crate::services::worker::{
    backoff::Backoff,
    fair_scheduler::{FairScheduler, Lane},
};
use crate::services::worker::{fair_scheduler::LaneKey, metrics::Counters};

/// The maximum interval of the poll, because another instance may have stored work without waking
/// this one.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// The minimum pause of a worker that leased jobs.
const MIN_PAUSE: Duration = Duration::from_millis(20);
/// The minimum pause of a worker that leased no jobs.
const MIN_IDLE_PAUSE: Duration = Duration::from_millis(100);
/// The minimum interval between searches for expired leases.
const EXPIRY_INTERVAL: Duration = Duration::from_secs(1);
/// The pauses after a database error.
const ERROR_BACKOFF: Backoff =
    Backoff { min: Duration::from_secs(1), max: Duration::from_secs(30), factor: 2 };

/// A kind of background work.
pub(in crate::services) trait Queue: Clone + Send + Sync + 'static {
    /// A group of jobs that is scheduled fairly with other groups: those of a tenant, or of a
    /// channel.
    type Lane: Lane;
    /// A leased job.
    type Job: Send + Sync + 'static;
    /// The queue's name in wake-ups, in the poll and in metrics.
    const KIND: WorkKind;
    /// The number of jobs of one lane that [`drain`] leases at once.
    const DRAIN_BATCH: usize = 1_000;

    /// The objects that all services share.
    fn dependencies(&self) -> &Dependencies;

    /// The scheduler, permits and counters of this process.
    fn worker(&self) -> &WorkerState<LaneKey<Self::Lane>>;

    /// The lanes with due jobs.
    fn due_lanes(&self, now: DateTime<Utc>) -> impl Future<Output = Result<Vec<Self::Lane>>> + Send;

    /// Leases up to the given number of jobs of each lane.
    fn lease_jobs(
        &self,
        shares: Vec<(Self::Lane, usize)>,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<Self::Job>>> + Send;

    /// The lane of a job.
    fn lane_of(job: &Self::Job) -> LaneKey<Self::Lane>;

    /// Performs a job, stores its result and returns the amount of work done. After 0 or an error,
    /// the lane pauses. A long job returns early when `stop` is cancelled.
    fn perform(
        &self,
        job: &Self::Job,
        stop: &CancellationToken,
    ) -> impl Future<Output = Result<usize>> + Send;

    /// The jobs with an expired lease that must not be repeated; at most one batch.
    fn expired(&self, _now: DateTime<Utc>) -> impl Future<Output = Result<Vec<Self::Job>>> + Send {
        async { Ok(Vec::new()) }
    }

    /// Records that the outcome of an expired job is unknown.
    fn settle_unknown(&self, _job: &Self::Job) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

/// The state of a queue's worker in this process.
#[derive(Debug)]
pub(in crate::services) struct WorkerState<K> {
    scheduler: FairScheduler<K>,
    permits: Arc<Semaphore>,
    counters: Arc<Counters>,
}

impl<K> Clone for WorkerState<K> {
    fn clone(&self) -> Self {
        Self {
            scheduler: self.scheduler.clone(),
            permits: self.permits.clone(),
            counters: self.counters.clone(),
        }
    }
}

impl<K: Copy + Eq + std::hash::Hash> WorkerState<K> {
    /// Creates a state with at most `concurrency` jobs in progress, and at most `per_lane` of one
    /// lane, so that a lane that hangs does not block the others.
    pub(in crate::services) fn new(concurrency: usize, per_lane: usize) -> Self {
        Self {
            scheduler: FairScheduler::new(per_lane),
            permits: Arc::new(Semaphore::new(concurrency)),
            counters: Arc::default(),
        }
    }

    pub(in crate::services) fn metrics(&self) -> WorkerMetrics {
        self.counters.read()
    }
}

/// Leases up to `most` due jobs, fairly across tenants and within the limits of the lanes. Also
/// returns the pause after which more jobs can be leased; `None` if nothing is due, or if a job has
/// to end first.
pub(in crate::services) async fn lease<Q: Queue>(
    queue: &Q,
    most: usize,
) -> Result<(Vec<Q::Job>, Option<Duration>)> {
    let (now, worker) = (queue.dependencies().clock.now(), queue.worker());
    let due = queue.due_lanes(now).await?;
    if due.is_empty() {
        return Ok((Vec::new(), None));
    }
    let shares = worker.scheduler.allocate(&due, most, Instant::now());
    let jobs = if shares.is_empty() { Vec::new() } else { queue.lease_jobs(shares, now).await? };
    for job in &jobs {
        worker.scheduler.charge(Q::lane_of(job), 1);
    }
    worker.counters.leased(jobs.len());
    let shortest = if jobs.is_empty() { MIN_IDLE_PAUSE } else { MIN_PAUSE };
    let pause = worker.scheduler.wait(&due, Instant::now());
    Ok((jobs, pause.map(|pause| pause.clamp(shortest, POLL_INTERVAL))))
}

/// Performs all due jobs one after the other without limits, and returns the amount of work done.
/// For tests and tools.
///
/// # Errors
/// The error that prevents a result from being stored.
pub(in crate::services) async fn drain<Q: Queue>(queue: &Q) -> Result<usize> {
    settle_expired(queue).await?;
    let (now, stop, mut total) = (queue.dependencies().clock.now(), CancellationToken::new(), 0);
    loop {
        let lanes = queue.due_lanes(now).await?;
        let shares: Vec<_> = lanes.into_iter().map(|lane| (lane, Q::DRAIN_BATCH)).collect();
        let mut done = 0;
        if !shares.is_empty() {
            for job in queue.lease_jobs(shares, now).await? {
                queue.worker().counters.leased(1);
                done += queue.perform(&job, &stop).await?;
                queue.worker().counters.succeeded();
            }
        }
        if done == 0 {
            return Ok(total);
        }
        total += done;
    }
}

async fn settle_expired<Q: Queue>(queue: &Q) -> Result<()> {
    for job in queue.expired(queue.dependencies().clock.now()).await? {
        queue.settle_unknown(&job).await?;
        queue.worker().counters.expired();
    }
    Ok(())
}

/// Runs the worker of a queue until `stop`, then finishes the jobs in progress. Errors are logged
/// and tried again.
async fn run<Q: Queue>(queue: Q, stop: CancellationToken) {
    let (running, wake_ups) = (TaskTracker::new(), queue.dependencies().database.wake_ups().clone());
    let (mut pause, mut failures, mut settled) = (None, 0, None);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            () = wake_ups.work_due(Q::KIND) => {}
            () = tokio::time::sleep(pause.unwrap_or(POLL_INTERVAL)), if pause.is_some() => {}
        }
        pause = match turn(&queue, &running, &mut settled, &stop).await {
            Ok(pause) => {
                failures = 0;
                pause
            }
            Err(error) => {
                failures += 1;
                tracing::error!(%error, queue = Q::KIND.as_str(), "the queue could not be read; trying again");
                Some(ERROR_BACKOFF.pause(failures))
            }
        };
    }
    running.close();
    running.wait().await;
}

/// Leases due jobs and starts them.
async fn turn<Q: Queue>(
    queue: &Q,
    running: &TaskTracker,
    settled: &mut Option<Instant>,
    stop: &CancellationToken,
) -> Result<Option<Duration>> {
    if settled.is_none_or(|at| at.elapsed() >= EXPIRY_INTERVAL) {
        settle_expired(queue).await?;
        *settled = Some(Instant::now());
    }
    let worker = queue.worker();
    let free = worker.permits.available_permits();
    if free == 0 {
        // The next job that ends wakes the worker.
        return Ok(None);
    }
    let (jobs, pause) = lease(queue, free).await?;
    for job in jobs {
        let permit = worker.permits.clone().acquire_owned().await.map_err(AppError::internal)?;
        let in_flight = worker.scheduler.in_flight(Q::lane_of(&job));
        let (queue, stop) = (queue.clone(), stop.clone());
        let job = async move {
            let done = queue.perform(&job, &stop).await;
            let counters = &queue.worker().counters;
            match done {
                Ok(done) => {
                    counters.succeeded();
                    in_flight.finish(done > 0);
                }
                Err(error) => {
                    counters.failed();
                    tracing::error!(%error, queue = Q::KIND.as_str(), "a job could not be finished");
                    in_flight.finish(false);
                }
            }
            drop(permit);
            // More jobs may be due than could be leased.
            queue.dependencies().database.wake_ups().notify_worker(Q::KIND);
        };
        running.spawn(job.with_current_subscriber());
    }
    Ok(pause)
}

type TaskFuture = Pin<Box<dyn Future<Output = ()> + Send>>;
type Task = Box<dyn FnOnce(CancellationToken) -> TaskFuture + Send>;

/// Workers that are started and stopped together, with a common poll.
pub struct Workers {
    deps: Arc<Dependencies>,
    kinds: Vec<WorkKind>,
    tasks: Vec<Task>,
}

impl Workers {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps, kinds: Vec::new(), tasks: Vec::new() }
    }

    /// Registers a queue.
    #[must_use]
    pub(in crate::services) fn queue<Q: Queue>(mut self, queue: Q) -> Self {
        self.kinds.push(Q::KIND);
        self.task(move |stop| run(queue, stop))
    }

    /// Registers a task that runs until it is cancelled.
    #[must_use]
    pub(in crate::services) fn task<F>(
        mut self,
        task: impl FnOnce(CancellationToken) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.tasks.push(Box::new(move |stop| -> TaskFuture { Box::pin(task(stop)) }));
        self
    }

    /// Registers a periodic task, which also runs at the start.
    #[must_use]
    pub(in crate::services) fn every<F>(
        self,
        interval: Duration,
        name: &'static str,
        run: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        self.task(move |stop| async move {
            while !stop.is_cancelled() {
                if let Err(error) = run().await {
                    tracing::warn!(%error, task = name, "a periodic task failed; trying again next time");
                }
                // The jitter prevents several instances from running a task at the same time.
                let pause = interval.mul_f64(rand::random_range(0.9..=1.0));
                let _ = stop.run_until_cancelled(tokio::time::sleep(pause)).await;
            }
        })
    }

    /// Runs the workers until `stop`, then finishes the jobs in progress.
    pub async fn run(self, stop: CancellationToken) {
        let running = TaskTracker::new();
        for task in self.tasks {
            running.spawn(task(stop.clone()).with_current_subscriber());
        }
        running.close();
        poll(&self.deps, &self.kinds, &stop).await;
        running.wait().await;
    }
}

/// Wakes workers that have due jobs.
async fn poll(deps: &Dependencies, kinds: &[WorkKind], stop: &CancellationToken) {
    let mut failures = 0;
    while !stop.is_cancelled() {
        let pause = match wake_due_workers(deps, kinds).await {
            Ok(pause) => {
                failures = 0;
                pause
            }
            Err(error) => {
                failures += 1;
                tracing::warn!(%error, "the queues could not be polled; trying again");
                ERROR_BACKOFF.pause(failures)
            }
        };
        let _ = stop.run_until_cancelled(tokio::time::sleep(pause)).await;
    }
}

/// Asks with one statement which queues have due jobs, wakes their workers, and returns the pause
/// until the next poll.
async fn wake_due_workers(deps: &Dependencies, kinds: &[WorkKind]) -> Result<Duration> {
    let now = deps.clock.now();
    let due = deps.database.read_cross_tenant().await?.due_work(now).await?;
    let mut pause = POLL_INTERVAL;
    for (kind, at) in due {
        if !kinds.contains(&kind) {
            continue;
        }
        match (at - now).to_std() {
            Ok(later) if !later.is_zero() => pause = pause.min(later.max(MIN_PAUSE)),
            _ => deps.database.wake_ups().notify_worker(kind),
        }
    }
    Ok(pause)
}
