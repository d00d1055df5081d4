//! Scripted behaviour of a simulator.

use std::ops::RangeInclusive;
use std::time::Duration;

/// The behaviour for one request with valid credentials.
#[derive(Clone, Debug)]
pub enum Behaviour {
    /// Default: the request is checked, answered with 201, and the message is reported as queued,
    /// sent and delivered.
    Accept,
    /// Answered with 201, without any report.
    AcceptSilently,
    /// Answered with exactly this response; the message is not accepted.
    Answer {
        /// The HTTP status; an invalid one becomes 500.
        status: u16,
        /// The headers; invalid ones are omitted.
        headers: Vec<(String, String)>,
        /// The body of the response.
        body: String,
    },
    /// Not answered for a minute, which exceeds every time-out.
    Hang,
    /// The connection is closed within a 201, before its body is complete.
    CloseBeforeAnswer,
    /// Reported as queued, sent and delivered before it is answered with 201.
    CallbackBeforeAnswer,
    /// Like [`Behaviour::Accept`], and reported as read in the end.
    Read,
    /// Answered with 201, then reported as failed.
    Fail {
        /// Twilio's error code, such as 30008.
        code: u32,
    },
    /// Answered with 201, then reported as undelivered.
    Undeliver {
        /// Twilio's error code, such as 30003.
        code: u32,
    },
}

/// The delays of reports; each is a random time from its range.
#[derive(Clone, Debug)]
pub struct Pace {
    /// The time between the answer and the report as sent.
    pub sent: RangeInclusive<Duration>,
    /// The time between that report and the final one.
    pub delivered: RangeInclusive<Duration>,
}

impl Pace {
    /// Delays like those of real messages.
    pub const REALISTIC: Self = Self {
        sent: RangeInclusive::new(Duration::from_millis(200), Duration::from_millis(700)),
        delivered: RangeInclusive::new(Duration::from_millis(500), Duration::from_secs(2)),
    };

    /// No delays, for tests. Reports still arrive in order, but possibly before the answer.
    pub const INSTANT: Self = Self {
        sent: RangeInclusive::new(Duration::ZERO, Duration::ZERO),
        delivered: RangeInclusive::new(Duration::ZERO, Duration::ZERO),
    };
}
