//! The service window of WhatsApp: free texts may be sent only within a day after the client's last
//! message.

use chrono::{DateTime, TimeDelta, Utc};

/// The time for which a client's message keeps the window open.
const WINDOW_LENGTH: TimeDelta = TimeDelta::hours(24);

/// The state of the service window of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessagingWindow {
    /// The client has written within the last day.
    Open {
        /// The time when the window closes.
        until: DateTime<Utc>,
    },
    /// The client's last message is too old.
    Closed,
    /// No message of the client is known.
    NeverOpened,
}

impl MessagingWindow {
    /// Returns the state of the window after the client's last message.
    pub fn after(last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        match last.map(|last| last + WINDOW_LENGTH) {
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
        let after = |span| MessagingWindow::after(Some(last), last + span);
        let until = last + TimeDelta::hours(24);
        assert_eq!(after(TimeDelta::zero()), MessagingWindow::Open { until });
        assert_eq!(after(TimeDelta::hours(24) - TimeDelta::microseconds(1)), MessagingWindow::Open { until });
        assert_eq!(after(TimeDelta::hours(24)), MessagingWindow::Closed);
        assert_eq!(MessagingWindow::after(None, last), MessagingWindow::NeverOpened);
    }
}
