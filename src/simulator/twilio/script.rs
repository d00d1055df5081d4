//! What a simulator can be told to do.

use std::ops::RangeInclusive;
use std::time::Duration;

/// What happens to one request with good credentials.
#[derive(Clone, Debug)]
pub enum Behaviour {
    /// As Twilio: checked, answered 201, reported as queued, sent and delivered. What happens when
    /// nothing is scripted.
    Accept,
    /// Answered 201, and never heard of again.
    AcceptSilently,
    /// Answered with exactly this, and not taken.
    Answer {
        /// The HTTP status; what is none becomes 500.
        status: u16,
        /// Headers, of which impossible ones are left out.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
    /// Not answered for a minute, longer than anyone waits.
    Hang,
    /// The connection breaks within a 201, before its body is whole.
    CloseBeforeAnswer,
    /// Reported as queued, sent and delivered first, and answered 201 only then.
    CallbackBeforeAnswer,
    /// As [`Behaviour::Accept`], and reported as read at last.
    Read,
    /// Answered 201, then reported as failed for this reason.
    Fail {
        /// Twilio's error code, such as 30008.
        code: u32,
    },
    /// Answered 201, then reported as undelivered for this reason.
    Undeliver {
        /// Twilio's error code, such as 30003.
        code: u32,
    },
}

/// How long messages take, each a random time from these ranges.
#[derive(Clone, Debug)]
pub struct Pace {
    /// From the answer to the report that it was sent.
    pub sent: RangeInclusive<Duration>,
    /// From there to the report of its end.
    pub delivered: RangeInclusive<Duration>,
}

impl Pace {
    /// As quick as people know it.
    pub const REALISTIC: Self = Self {
        sent: RangeInclusive::new(Duration::from_millis(200), Duration::from_millis(700)),
        delivered: RangeInclusive::new(Duration::from_millis(500), Duration::from_secs(2)),
    };

    /// Without delay, for tests. The reports still come in order, but may overtake the answer.
    pub const INSTANT: Self = Self {
        sent: RangeInclusive::new(Duration::ZERO, Duration::ZERO),
        delivered: RangeInclusive::new(Duration::ZERO, Duration::ZERO),
    };
}
