//! The limits of connections.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The maximum number of connections, even if the process may open more files.
const CONNECTIONS: u64 = 8192;
/// The number of file descriptors that are left for the database, files, and requests to providers.
const OTHER_FILES: u64 = 96;

/// The limits of connections, and of the time that a client may keep the server waiting.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The maximum number of open connections.
    pub connections: usize,
    /// The number of connections, included in the maximum, that serve only health checks and webhooks.
    pub reserve: usize,
    /// The maximum number of connections of one peer: an IPv4 address or an IPv6 network of 64 bits.
    pub per_peer: usize,
    /// The time for sending the head of a request.
    pub head: Duration,
    /// The time that a connection stays open without a request.
    pub idle: Duration,
    /// The period over which the rate of bodies is measured.
    pub window: Duration,
    /// The minimum number of bytes in each window that a client sends of a body that is waited for, or receives of an answer.
    pub bytes_per_window: u64,
}

impl Limits {
    /// The limits of this process. Raises its limit of open files as far as the system allows.
    pub fn of_process() -> Self {
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let raised = maximum.is_none_or(|maximum| maximum > current.unwrap_or(u64::MAX));
        // A failure leaves the limit as it is; what is possible is read afterwards.
        if raised && setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).is_err() {
            tracing::debug!("the limit of open files could not be raised");
        }
        let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
        let connections = files.saturating_sub(OTHER_FILES).clamp(OTHER_FILES / 2, CONNECTIONS);
        Self::of(usize::try_from(connections).unwrap_or(usize::MAX))
    }

    /// The default times, and shares of this number of connections.
    pub fn of(connections: usize) -> Self {
        Self {
            connections,
            reserve: (connections / 8).max(8),
            per_peer: connections / 4,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            window: Duration::from_secs(15),
            bytes_per_window: 15 * 1024,
        }
    }

    /// The interval at which connections are checked.
    pub(super) fn sweep_interval(&self) -> Duration {
        (self.head.min(self.window) / 4).min(Duration::from_secs(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_limit_of_files_leaves_connections_for_each_purpose() {
        for connections in [48, 160, 8192] {
            let limits = Limits::of(connections);
            assert!(limits.per_peer + limits.reserve < limits.connections, "{limits:?}");
            assert!(limits.per_peer >= 12 && limits.reserve >= 6, "{limits:?}");
        }
    }
}
