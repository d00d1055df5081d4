//! The limits on the number of requests: of an API token, and of an address.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The time in which requests are counted.
const WINDOW: Duration = Duration::from_mins(1);
/// The minimum time between two removals of old windows.
const SWEEP_INTERVAL: Duration = Duration::from_secs(5);
/// The number of keys above which the windows of those that are not used any more are removed.
const MANY_KEYS: usize = 1_000;

/// The requests of each key, such as a token, in its current window. Each instance of the program counts for itself.
#[derive(Clone)]
pub(in crate::services) struct RequestLimit<K> {
    policy: &'static str,
    per_window: u32,
    windows: Arc<Mutex<HashMap<K, Window>>>,
    /// The time of the last removal of old windows.
    swept: Arc<Mutex<Option<Instant>>>,
}

struct Window {
    began: Instant,
    requests: u32,
}

/// The quota of a token or an address after a request, as the headers `RateLimit` and `RateLimit-Policy` report it
/// (draft-ietf-httpapi-ratelimit-headers).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestQuota {
    /// The name of the limit.
    pub policy: &'static str,
    /// The number of requests in a window.
    pub limit: u32,
    /// The length of a window.
    pub window: Duration,
    /// The number of requests that are left in the current window.
    pub remaining: u32,
    /// The time until the next window begins.
    pub resets_in: Duration,
    /// True if the request exceeds the quota and is refused.
    pub is_exceeded: bool,
}

impl<K: Eq + Hash> RequestLimit<K> {
    pub(in crate::services) fn new(policy: &'static str, per_window: u32) -> Self {
        Self { policy, per_window, windows: Arc::default(), swept: Arc::default() }
    }

    /// True at most once in a while: looking through all windows takes long when there are many.
    fn is_sweep_due(&self, now: Instant) -> bool {
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = swept.is_none_or(|at| now.saturating_duration_since(at) >= SWEEP_INTERVAL);
        if is_due {
            *swept = Some(now);
        }
        is_due
    }

    /// Counts a request.
    pub(in crate::services) fn count(&self, key: K, now: Instant) -> RequestQuota {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MANY_KEYS && self.is_sweep_due(now) {
            windows.retain(|_, window| now.saturating_duration_since(window.began) < WINDOW);
        }
        let window = windows.entry(key).or_insert(Window { began: now, requests: 0 });
        if now.saturating_duration_since(window.began) >= WINDOW {
            *window = Window { began: now, requests: 0 };
        }
        let is_exceeded = window.requests >= self.per_window;
        window.requests = window.requests.saturating_add(1);
        RequestQuota {
            policy: self.policy,
            limit: self.per_window,
            window: WINDOW,
            remaining: self.per_window.saturating_sub(window.requests),
            resets_in: WINDOW.saturating_sub(now.saturating_duration_since(window.began)),
            is_exceeded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_token_has_its_own_quota_in_each_window() {
        let limit = RequestLimit::new("token", 3);
        let now = Instant::now();
        let (mine, other) = ([1_u8; 32], [2; 32]);
        let remaining: Vec<_> = (0..4).map(|_| limit.count(mine, now).remaining).collect();
        assert_eq!(remaining, [2, 1, 0, 0]);
        let quota = limit.count(mine, now + Duration::from_secs(20));
        assert_eq!((quota.is_exceeded, quota.resets_in), (true, Duration::from_secs(40)));
        assert!(!limit.count(other, now).is_exceeded);
        let next = limit.count(mine, now + WINDOW);
        assert_eq!((next.is_exceeded, next.remaining, next.resets_in), (false, 2, WINDOW));
    }

    #[test]
    fn the_windows_of_unused_tokens_are_removed() {
        let limit = RequestLimit::new("token", 3);
        let now = Instant::now();
        for number in 0..MANY_KEYS {
            let mut token = [0_u8; 32];
            token[..8].copy_from_slice(&number.to_le_bytes());
            limit.count(token, now);
        }
        limit.count([255; 32], now + WINDOW);
        assert_eq!(limit.windows.lock().unwrap().len(), 1);
    }
}
