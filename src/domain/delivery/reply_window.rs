//! The time in which a client can be written to freely: WhatsApp allows it for a day after the client wrote.

use chrono::{DateTime, TimeDelta, Utc};

/// How long a client's message keeps the window open.
const WINDOW_LENGTH: TimeDelta = TimeDelta::hours(24);

/// Whether a client can be written to freely by a transport that limits it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessagingWindow {
    /// It has written lately.
    Open {
        /// When that is too long ago.
        until: DateTime<Utc>,
    },
    /// It wrote too long ago.
    Closed,
    /// It has not written yet, as far as we know.
    NeverOpened,
}

impl MessagingWindow {
    /// The window after the client's last message.
    pub fn after(last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        match last.map(|last| last + WINDOW_LENGTH) {
            Some(until) if now < until => Self::Open { until },
            Some(_) => Self::Closed,
            None => Self::NeverOpened,
        }
    }

    /// The name on the page.
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
    fn a_message_keeps_it_open_for_a_day() {
        let last = DateTime::UNIX_EPOCH;
        let after = |span| MessagingWindow::after(Some(last), last + span);
        let until = last + TimeDelta::hours(24);
        assert_eq!(after(TimeDelta::zero()), MessagingWindow::Open { until });
        assert_eq!(after(TimeDelta::hours(24) - TimeDelta::microseconds(1)), MessagingWindow::Open { until });
        assert_eq!(after(TimeDelta::hours(24)), MessagingWindow::Closed);
        assert_eq!(MessagingWindow::after(None, last), MessagingWindow::NeverOpened);
    }
}
