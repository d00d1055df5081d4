//! The service window of a transport: free texts may be sent only for some time after the client's
//! last message, for WhatsApp within a day.

use chrono::{DateTime, TimeDelta, Utc};

/// The state of the service window of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceWindow {
    /// The client has written recently enough.
    Open {
        /// The time when the window closes.
        until: DateTime<Utc>,
    },
    /// The client's last message is too old.
    Closed,
    /// No message of the client is known.
    NeverOpened,
}

impl ServiceWindow {
    /// Returns the state of a window that each message of the client keeps open for `length`.
    pub fn after(last: Option<DateTime<Utc>>, length: TimeDelta, now: DateTime<Utc>) -> Self {
        match last.map(|last| last + length) {
            Some(until) if now < until => Self::Open { until },
            Some(_) => Self::Closed,
            None => Self::NeverOpened,
        }
    }

    /// The name that the page's script and styles use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Closed => "closed",
            Self::NeverOpened => "unopened",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn window_is_open_for_a_day_after_a_message() {
        let last = DateTime::UNIX_EPOCH;
        let day = TimeDelta::hours(24);
        let after = |span| ServiceWindow::after(Some(last), day, last + span);
        let until = last + day;
        assert_eq!(after(TimeDelta::zero()), ServiceWindow::Open { until });
        assert_eq!(after(TimeDelta::hours(24) - TimeDelta::microseconds(1)), ServiceWindow::Open { until });
        assert_eq!(after(TimeDelta::hours(24)), ServiceWindow::Closed);
        assert_eq!(ServiceWindow::after(None, day, last), ServiceWindow::NeverOpened);
    }
}
