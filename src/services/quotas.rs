//! The limits of what a tenant stores and of the work that waits for it, so that one tenant does not fill the disk or the
//! queues of all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    domain::{Problem, TenantId},
    error::{AppError, Result},
    persistence::{Database, TenantUsage},
};

/// The age at which a usage is read again. Until then, what this process adds is counted.
const READ_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(30);
/// The time after which a refused request may be repeated.
const RETRY_AFTER: Duration = Duration::from_mins(1);

/// The limits of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenantLimits {
    /// The maximum size of all stored files together, in bytes.
    pub stored_bytes: u64,
    /// The number of waiting deliveries from which programs and schedules add no more. A message that a user sends by hand
    /// is not counted.
    pub waiting_messages: u64,
    /// The number of imports that have not ended from which no more are uploaded.
    pub open_imports: u64,
}

impl Default for TenantLimits {
    fn default() -> Self {
        Self { stored_bytes: 100_000_000_000, waiting_messages: 100_000, open_imports: 20 }
    }
}

/// Compares what tenants use with their limits. Usage is read from the database at most twice a minute for a tenant, so a
/// limit can be exceeded by what other processes add in that time.
#[derive(Clone)]
pub struct Quotas {
    limits: TenantLimits,
    known: Arc<Mutex<HashMap<TenantId, Known>>>,
}

#[derive(Clone, Copy)]
struct Known {
    at: DateTime<Utc>,
    usage: TenantUsage,
}

impl Quotas {
    /// Creates the quotas with limits that are the same for all tenants.
    pub fn new(limits: TenantLimits) -> Self {
        Self { limits, known: Arc::default() }
    }

    /// The number of bytes that the tenant may still store.
    pub(super) async fn free_bytes(
        &self,
        database: &Database,
        tenant: TenantId,
        now: DateTime<Utc>,
    ) -> Result<u64> {
        let used = self.usage(database, tenant, now).await?.stored_bytes;
        Ok(self.limits.stored_bytes.saturating_sub(used.try_into().unwrap_or(0)))
    }

    /// Counts a file that was stored for a tenant.
    pub(super) fn count_bytes(&self, tenant: TenantId, bytes: u64) {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.count(tenant, |usage| usage.stored_bytes = usage.stored_bytes.saturating_add(bytes));
    }

    /// Admits a message of a program or schedule to the queue.
    ///
    /// # Errors
    /// [`AppError::TooManyAttempts`] if too many wait.
    pub(super) async fn admit_message(
        &self,
        database: &Database,
        tenant: TenantId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let waiting = self.usage(database, tenant, now).await?.waiting_messages;
        if waiting.try_into().unwrap_or(0) >= self.limits.waiting_messages {
            return Err(AppError::TooManyAttempts { retry_after: RETRY_AFTER });
        }
        self.count(tenant, |usage| usage.waiting_messages = usage.waiting_messages.saturating_add(1));
        Ok(())
    }

    /// Admits an import.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if too many have not ended.
    pub(super) async fn admit_import(
        &self,
        database: &Database,
        tenant: TenantId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        // Imports are few, and people wait for them: the number is read each time.
        self.known().remove(&tenant);
        let open = self.usage(database, tenant, now).await?.open_imports;
        if open.try_into().unwrap_or(0) >= self.limits.open_imports {
            let max = usize::try_from(self.limits.open_imports).unwrap_or(usize::MAX);
            return Err(AppError::invalid("file", Problem::TooManyImports { max }));
        }
        Ok(())
    }

    async fn usage(&self, database: &Database, tenant: TenantId, now: DateTime<Utc>) -> Result<TenantUsage> {
        let known = self.known().get(&tenant).copied();
        // A clock that was put back does not keep an old usage.
        let is_recent = |known: &Known| (TimeDelta::zero()..READ_AGAIN_AFTER).contains(&(now - known.at));
        if let Some(known) = known.filter(is_recent) {
            return Ok(known.usage);
        }
        let usage = database.read(tenant).await?.workspace().usage().await?;
        self.known().insert(tenant, Known { at: now, usage });
        Ok(usage)
    }

    fn count(&self, tenant: TenantId, add: impl FnOnce(&mut TenantUsage)) {
        if let Some(known) = self.known().get_mut(&tenant) {
            add(&mut known.usage);
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<TenantId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
