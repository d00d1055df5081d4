//! Rate limit for failed sign-ins.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::{AppError, Result};

const TRIES: u32 = 10;
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// The maximum number of keys. When it is reached, expired keys are removed, and if that is not
/// enough, new keys are refused rather than left uncounted.
const CAPACITY: usize = 10_000;

/// The number of failures and the time of the first one, by key.
type Failures = HashMap<String, (u32, DateTime<Utc>)>;

/// Counts failures by key within a period.
#[derive(Clone, Default)]
pub(in crate::services) struct LoginLimit(Arc<Mutex<Failures>>);

impl LoginLimit {
    /// Returns an error if the key has failed too often in the period.
    pub(in crate::services) fn check(&self, key: &str, now: DateTime<Utc>) -> Result<()> {
        check(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), key, now)
    }

    /// Counts a failure and checks the limit again: of many concurrent attempts, no more than the
    /// limit may learn their result.
    pub(in crate::services) fn failed(&self, key: &str, now: DateTime<Utc>) -> Result<()> {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        check(&mut failures, key, now)?;
        let entry = failures.entry(key.to_owned()).or_insert((0, now));
        if now >= entry.1 + WINDOW {
            *entry = (0, now);
        }
        entry.0 += 1;
        Ok(())
    }

    /// Removes a key's failures.
    pub(in crate::services) fn succeeded(&self, key: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

fn check(failures: &mut Failures, key: &str, now: DateTime<Utc>) -> Result<()> {
    if failures.len() >= CAPACITY {
        failures.retain(|_, (_, since)| now < *since + WINDOW);
    }
    let over = |since: DateTime<Utc>| {
        let left = (since + WINDOW - now).to_std().unwrap_or(Duration::from_secs(1));
        AppError::TooManyAttempts { retry_after: left }
    };
    match failures.get(key) {
        Some((count, since)) if *count >= TRIES && now < *since + WINDOW => Err(over(*since)),
        None if failures.len() >= CAPACITY => Err(over(now)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limit_applies_per_key() {
        let (limit, now) = (LoginLimit::default(), DateTime::UNIX_EPOCH);
        for _ in 0..TRIES {
            assert!(limit.check("a", now).is_ok());
            assert!(limit.failed("a", now).is_ok());
        }
        assert!(limit.failed("a", now).is_err(), "one that was under way learns nothing");
        let AppError::TooManyAttempts { retry_after } = limit.check("a", now).unwrap_err() else { panic!() };
        assert_eq!(retry_after, Duration::from_mins(15));
        assert!(limit.check("b", now).is_ok());
        assert!(limit.check("a", now + WINDOW).is_ok());
        limit.succeeded("a");
        assert!(limit.check("a", now).is_ok());
    }
    #[test]
    fn full_table_refuses_new_keys_until_others_expire() {
        let (limit, now) = (LoginLimit::default(), DateTime::UNIX_EPOCH);
        for number in 0..CAPACITY {
            assert!(limit.failed(&number.to_string(), now).is_ok());
        }
        assert!(limit.check("new", now).is_err());
        assert!(limit.check("0", now).is_ok(), "who is in it has nine tries left");
        assert!(limit.check("new", now + WINDOW).is_ok());
    }
}
