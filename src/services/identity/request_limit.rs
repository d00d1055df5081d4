//! The limit on the number of requests with an API token.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::persistence::TokenHash;

/// The time in which requests are counted.
const WINDOW: Duration = Duration::from_mins(1);
/// The number of tokens above which the windows of those that are not used any more are removed.
const MANY_TOKENS: usize = 1_000;

/// The requests of each token in its current window. Each instance of the program counts for itself.
#[derive(Clone)]
pub(in crate::services) struct RequestLimit {
    per_window: u32,
    windows: Arc<Mutex<HashMap<TokenHash, Window>>>,
}

struct Window {
    began: Instant,
    requests: u32,
}

/// The quota of a token after a request, as the headers `RateLimit` and `RateLimit-Policy` report it
/// (draft-ietf-httpapi-ratelimit-headers).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestQuota {
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

impl RequestLimit {
    pub(in crate::services) fn new(per_window: u32) -> Self {
        Self { per_window, windows: Arc::default() }
    }

    /// Counts a request of a valid token.
    pub(in crate::services) fn count(&self, token: TokenHash, now: Instant) -> RequestQuota {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MANY_TOKENS && !windows.contains_key(&token) {
            windows.retain(|_, window| now.saturating_duration_since(window.began) < WINDOW);
        }
        let window = windows.entry(token).or_insert(Window { began: now, requests: 0 });
        if now.saturating_duration_since(window.began) >= WINDOW {
            *window = Window { began: now, requests: 0 };
        }
        let is_exceeded = window.requests >= self.per_window;
        window.requests = window.requests.saturating_add(1);
        RequestQuota {
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
        let limit = RequestLimit::new(3);
        let now = Instant::now();
        let (mine, other) = ([1; 32], [2; 32]);
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
        let limit = RequestLimit::new(3);
        let now = Instant::now();
        for number in 0..MANY_TOKENS {
            let mut token = [0; 32];
            token[..8].copy_from_slice(&number.to_le_bytes());
            limit.count(token, now);
        }
        limit.count([255; 32], now + WINDOW);
        assert_eq!(limit.windows.lock().unwrap().len(), 1);
    }
}
