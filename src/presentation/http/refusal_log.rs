//! The number of warnings about refused requests is limited, because a stranger decides how many requests are refused.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The number of warnings in a window. Metrics and the line of each request count all refusals.
const PER_WINDOW: u32 = 100;
const WINDOW: Duration = Duration::from_mins(1);

/// Decides which refusals are logged as warnings.
#[derive(Clone, Default)]
pub struct RefusalLog(Arc<Mutex<Option<Window>>>);

struct Window {
    began: Instant,
    logged: u32,
    omitted: u64,
}

impl RefusalLog {
    /// Returns the number of refusals that were not logged since the last one that was; `None` if this one is not to be
    /// logged.
    pub fn admit(&self, now: Instant) -> Option<u64> {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = window.get_or_insert(Window { began: now, logged: 0, omitted: 0 });
        if now.saturating_duration_since(window.began) >= WINDOW {
            (window.began, window.logged) = (now, 0);
        }
        if window.logged >= PER_WINDOW {
            window.omitted += 1;
            return None;
        }
        window.logged += 1;
        Some(std::mem::take(&mut window.omitted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_told_by_the_next_warning() {
        let (log, now) = (RefusalLog::default(), Instant::now());
        let logged = (0..1_000).filter(|_| log.admit(now).is_some()).count();
        assert_eq!(logged, 100);
        assert_eq!(log.admit(now + WINDOW), Some(900));
        assert_eq!(log.admit(now + WINDOW), Some(0));
    }
}
