//! The companies that carry messages: what a message to send is, and what can become of it.
//!
//! Nothing here knows of tenants or storage; whoever sends records the outcome.

mod http;
pub mod media;
mod retry_after;
pub mod simulator;
pub mod twilio;

use std::time::Duration;

use futures_util::future::BoxFuture;
use url::Url;

pub use self::http::http_client;
use crate::domain::Transport;

/// Whoever can carry a message to a client's phone.
pub trait Provider: Send + Sync {
    /// Hands one message over, once. It never fails: whatever happens is one of the outcomes.
    fn send<'a>(&'a self, message: &'a Outbound) -> BoxFuture<'a, Outcome>;
}

/// A message on its way out. It has no `Debug`, so that its text can't slip into a log.
#[derive(Clone)]
pub struct Outbound {
    /// Our own id of the message. It goes into the status callback's query as `message`, so that a
    /// callback that comes before the answer, or instead of it, still finds its message.
    pub reference: String,
    /// Decides how the addresses are written.
    pub transport: Transport,
    /// Usually a number in E.164; an address that the provider made up stays as it came.
    pub to: String,
    /// The sender that the recipient sees.
    pub from: SendFrom,
    /// May be empty when there are media.
    pub body: String,
    /// Links that the provider can fetch, one per attachment.
    pub media: Vec<Url>,
    /// Where the provider reports what became of the message, without our reference.
    pub status_callback: Url,
}

/// The sender of a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SendFrom {
    /// A number in E.164, a short code or an alphanumeric sender, without any prefix.
    Number(String),
    /// A pool of senders (Twilio's `MG…`), from which the provider picks one.
    MessagingService(String),
}

/// What became of the attempt to hand a message over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The provider has it and named it.
    Accepted {
        /// The provider's own id, which its callbacks repeat.
        provider_id: String,
    },
    /// The provider certainly does not have it, and may take it later.
    Retry {
        /// How long the provider asked us to wait, at most an hour.
        after: Option<Duration>,
        /// Why not now.
        reason: Reason,
    },
    /// The provider does not have it, and asking again as it stands would change nothing.
    Refused(Reason),
    /// The provider may or may not have it, so it must not be sent again by itself.
    Unknown(Reason),
}

/// Why a message was not accepted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reason {
    /// The provider's error code, else the HTTP status; none when there was no answer.
    pub code: Option<String>,
    /// The provider's words, or a short technical text. For logs, and for people when the code has
    /// no sentence of its own.
    pub text: String,
}

/// One thing that a look at a channel's provider found. The catalogues have a sentence for each kind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// Whether it is as it should be.
    pub fine: bool,
    /// What was found.
    pub kind: &'static str,
    /// What it is about: an account, a number, an answer.
    pub subject: String,
    /// More about it; may be empty.
    pub detail: String,
}

impl Finding {
    /// Something that is as it should be.
    pub fn fine(kind: &'static str, subject: impl Into<String>) -> Self {
        Self { fine: true, kind, subject: subject.into(), detail: String::new() }
    }

    /// Something to mend.
    pub fn wrong(kind: &'static str, subject: impl Into<String>) -> Self {
        Self { fine: false, ..Self::fine(kind, subject) }
    }
}
