//! Metrics of a worker since the process started.

use std::sync::atomic::{AtomicU64, Ordering};

/// The numbers of a queue's jobs in this process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkerMetrics {
    /// Leased jobs.
    pub leased: u64,
    /// Jobs whose result was stored, including refusals by a provider.
    pub succeeded: u64,
    /// Jobs whose result could not be stored.
    pub failed: u64,
    /// Jobs whose lease expired and that were recorded as unknown.
    pub expired: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    leased: AtomicU64,
    succeeded: AtomicU64,
    failed: AtomicU64,
    expired: AtomicU64,
}

impl Counters {
    pub(super) fn leased(&self, count: usize) {
        self.leased.fetch_add(u64::try_from(count).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn succeeded(&self) {
        self.succeeded.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn expired(&self) {
        self.expired.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> WorkerMetrics {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        WorkerMetrics {
            leased: count(&self.leased),
            succeeded: count(&self.succeeded),
            failed: count(&self.failed),
            expired: count(&self.expired),
        }
    }
}
