//! Behaviours of a simulated provider.

use std::{str::FromStr, time::Duration};

use serde_json::{Value, json};

use crate::{
    domain::{Problem, Transport},
    simulator::twilio::Behaviour,
};

/// The outcome of a message to a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SimulatedOutcome {
    /// The message is delivered.
    #[default]
    Deliver,
    /// The message is delivered and read.
    Read,
    /// The message is accepted; statuses are reported by hand only.
    Hold,
    /// The message is accepted and reported as undelivered.
    Undelivered,
    /// The message is accepted and reported as failed.
    Failed,
    /// The request is refused.
    Refused,
    /// The rate limit is exceeded: 429 with `Retry-After`.
    TooMany,
    /// The provider has a temporary failure: 503.
    Unavailable,
    /// The request is read and the connection is closed.
    Reset,
    /// The request is read and never answered.
    Hang,
}

impl SimulatedOutcome {
    const TWILIO: &[Self] = &[
        Self::Deliver,
        Self::Read,
        Self::Hold,
        Self::Undelivered,
        Self::Failed,
        Self::Refused,
        Self::TooMany,
        Self::Unavailable,
        Self::Reset,
        Self::Hang,
    ];
    const TELEGRAM: &[Self] =
        &[Self::Deliver, Self::Refused, Self::TooMany, Self::Unavailable, Self::Reset, Self::Hang];

    /// The outcomes that this transport supports.
    #[must_use]
    pub fn available_for(transport: Transport) -> &'static [Self] {
        if transport == Transport::Telegram { Self::TELEGRAM } else { Self::TWILIO }
    }

    /// The name in forms and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deliver => "deliver",
            Self::Read => "read",
            Self::Hold => "hold",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::TooMany => "too-many",
            Self::Unavailable => "unavailable",
            Self::Reset => "reset",
            Self::Hang => "hang",
        }
    }

    /// True if the provider accepts the message.
    #[must_use]
    pub fn is_accepted(self) -> bool {
        matches!(self, Self::Deliver | Self::Read | Self::Hold | Self::Undelivered | Self::Failed)
    }
}

impl FromStr for SimulatedOutcome {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        Self::TWILIO.iter().copied().find(|outcome| outcome.as_str() == text).ok_or(Problem::NotOneOf(
            "deliver, read, hold, undelivered, failed, refused, too-many, unavailable, reset, hang".into(),
        ))
    }
}

/// The behaviour of a provider towards a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhoneBehaviour {
    /// The outcome of messages.
    pub outcome: SimulatedOutcome,
    /// Twilio's error code of failures; `None` for the usual one.
    pub code: Option<u32>,
    /// The delay of each report in seconds, and the value of `Retry-After`.
    pub seconds: Option<u32>,
    /// True if the behaviour applies to the next message only.
    pub once: bool,
}

impl PhoneBehaviour {
    /// The error code of failures: the chosen one or a common one.
    pub(in crate::simulator) fn failure(&self) -> u32 {
        self.code.unwrap_or(match self.outcome {
            SimulatedOutcome::Failed => 30008,
            SimulatedOutcome::Refused => 21211,
            _ => 30003,
        })
    }

    /// The chosen delay of a report.
    pub(in crate::simulator) fn pause(&self) -> Option<Duration> {
        self.seconds.map(|seconds| Duration::from_secs(seconds.into()))
    }

    /// The behaviour of the Twilio simulator; `None` lets a script decide.
    pub(in crate::simulator) fn of_twilio(&self) -> Option<Behaviour> {
        let code = self.failure();
        Some(match self.outcome {
            SimulatedOutcome::Deliver => return None,
            SimulatedOutcome::Read => Behaviour::Read,
            SimulatedOutcome::Hold => Behaviour::AcceptSilently,
            SimulatedOutcome::Undelivered => Behaviour::Undeliver { code },
            SimulatedOutcome::Failed => Behaviour::Fail { code },
            SimulatedOutcome::Refused => answer(
                400,
                &json!({ "code": code, "message": "Refused by the simulator", "status": 400 }).to_string(),
            ),
            SimulatedOutcome::TooMany => {
                self.too_many(&json!({ "code": 20429, "message": "Too Many Requests" }))
            }
            SimulatedOutcome::Unavailable => answer(503, ""),
            SimulatedOutcome::Reset => Behaviour::CloseBeforeAnswer,
            SimulatedOutcome::Hang => Behaviour::Hang,
        })
    }

    /// The behaviour of the Telegram simulator; `None` lets a script decide.
    pub(in crate::simulator) fn of_telegram(&self) -> Option<Behaviour> {
        let seconds = self.seconds.unwrap_or(USUAL_WAIT);
        Some(match self.outcome {
            SimulatedOutcome::Refused => refusal(403, "Forbidden: bot was blocked by the user"),
            SimulatedOutcome::TooMany => self.too_many(&json!({
                "ok": false, "error_code": 429, "description": "Too Many Requests",
                "parameters": { "retry_after": seconds },
            })),
            SimulatedOutcome::Unavailable => refusal(503, "Service Unavailable"),
            SimulatedOutcome::Reset => Behaviour::CloseBeforeAnswer,
            SimulatedOutcome::Hang => Behaviour::Hang,
            _ => return None,
        })
    }

    fn too_many(&self, body: &Value) -> Behaviour {
        let wait = self.seconds.unwrap_or(USUAL_WAIT).to_string();
        let headers = vec![("Retry-After".to_owned(), wait)];
        Behaviour::Answer { status: 429, headers, body: body.to_string() }
    }
}

/// The default value of `Retry-After`, in seconds.
const USUAL_WAIT: u32 = 10;

fn answer(status: u16, body: &str) -> Behaviour {
    Behaviour::Answer { status, headers: Vec::new(), body: body.to_owned() }
}

fn refusal(status: u16, description: &str) -> Behaviour {
    let body = json!({ "ok": false, "error_code": status, "description": description });
    answer(status, &body.to_string())
}
