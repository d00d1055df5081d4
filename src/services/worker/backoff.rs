//! Pauses between attempts.

use std::time::Duration;

use chrono::TimeDelta;

/// Pauses that grow with each attempt up to a maximum, with jitter, so that many clients do not
/// call a recovered provider at the same time.
#[derive(Debug, Clone, Copy)]
pub(in crate::services) struct Backoff {
    /// The pause after the first attempt.
    pub min: Duration,
    /// The maximum pause.
    pub max: Duration,
    /// The factor by which each pause is longer than the previous one.
    pub factor: u32,
}

impl Backoff {
    /// The pause after this many attempts: 75 to 100 % of the longest one.
    pub(in crate::services) fn pause(&self, attempts: i64) -> Duration {
        self.longest(attempts).mul_f64(rand::random_range(0.75..=1.0))
    }

    /// The pause as a [`TimeDelta`].
    pub(in crate::services) fn delta(&self, attempts: i64) -> TimeDelta {
        TimeDelta::from_std(self.pause(attempts)).unwrap_or(TimeDelta::MAX)
    }

    /// The pause without jitter.
    pub(in crate::services) fn longest(&self, attempts: i64) -> Duration {
        let steps = u32::try_from(attempts - 1).unwrap_or(0).min(16);
        self.min.saturating_mul(self.factor.saturating_pow(steps)).min(self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_to_a_minute_with_jitter() {
        let backoff = Backoff { min: Duration::from_secs(1), max: Duration::from_mins(1), factor: 2 };
        for (attempts, most) in [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (1_000, 60)] {
            let pause = backoff.pause(attempts);
            let most = Duration::from_secs(most);
            assert!(pause <= most && pause >= most.mul_f64(0.75), "{attempts}: {pause:?}");
        }
    }
}
