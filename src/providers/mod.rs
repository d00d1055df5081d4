//! The companies that carry messages: what a message to send is, and what can become of it.
//!
//! Nothing here knows of tenants or storage; whoever sends records the outcome.

mod calls;
mod http;
pub mod media;
mod registry;
mod retry_after;
pub mod telegram;
pub mod twilio;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{future::BoxFuture, stream::BoxStream};
use url::Url;

use crate::domain::{SuppressionReason, Transport, WhatsappTemplateMessage};
use crate::providers::media::{FetchError, Fetched};
pub use crate::providers::{
    http::{http_client, upload_client},
    registry::{Connections, Registration, registration, sender},
};

/// A channel that is open: whoever can carry a message to a client's phone.
pub trait Provider: Send + Sync {
    /// Hands one message over, once, or the next part of one that goes in several. It never fails: whatever happens is
    /// one of the outcomes.
    fn send<'a>(&'a self, message: &'a OutboundMessage) -> BoxFuture<'a, Outcome>;

    /// Asks for a file that came by the channel, by what its webhook said of where it is.
    fn fetch<'a>(&'a self, source: &'a str) -> BoxFuture<'a, Result<Fetched, FetchError>>;
}

/// A message on its way out. It has no `Debug`, so that its text can't slip into a log.
#[derive(Clone)]
pub struct OutboundMessage {
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
    /// What goes out in place of text and files, when it is a text that the provider keeps itself.
    pub approved: Option<WhatsappTemplateMessage>,
    /// The files.
    pub media: Vec<OutboundFile>,
    /// What the provider called the parts that it has, when it takes a message in several: what comes next is not among
    /// them.
    pub parts: Vec<String>,
    /// Where the provider reports what became of the message, without our reference.
    pub status_callback: Option<Url>,
}

/// A file of a message on its way out.
#[derive(Clone)]
pub struct OutboundFile {
    /// A name to save it under.
    pub name: String,
    /// What it is.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    /// Where the provider can fetch it for some hours.
    pub link: Url,
    /// Its content, for providers that are handed it.
    pub content: Content,
}

/// Opens a file's content, from its beginning each time.
pub type Content = Arc<
    dyn Fn() -> BoxFuture<'static, std::io::Result<BoxStream<'static, std::io::Result<Bytes>>>> + Send + Sync,
>;

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
    /// The provider has a part of it and named that; the rest is to be sent now.
    PartAccepted {
        /// The provider's own id of the part.
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
    /// The provider does not have it, and will take nothing for this recipient until they write again.
    RecipientUnreachable {
        /// Why not, as for whoever sent it.
        reason: Reason,
        /// Why not, as for whoever would send more.
        suppression: SuppressionReason,
    },
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
pub struct CheckResult {
    /// Whether it is as it should be.
    pub passed: bool,
    /// What was found.
    pub kind: &'static str,
    /// What it is about: an account, a number, an answer.
    pub subject: String,
    /// More about it; may be empty.
    pub detail: String,
}

impl CheckResult {
    /// Something that is as it should be.
    pub fn passed(kind: &'static str, subject: impl Into<String>) -> Self {
        Self { passed: true, kind, subject: subject.into(), detail: String::new() }
    }

    /// Something to mend.
    pub fn failed(kind: &'static str, subject: impl Into<String>) -> Self {
        Self { passed: false, ..Self::passed(kind, subject) }
    }
}
