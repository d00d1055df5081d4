//! Providers, which carry messages: the contract of sending a message and fetching a file, and the
//! possible outcomes.
//!
//! This layer knows neither tenants nor the database; the caller stores the outcome.

mod calls;
mod capabilities;
mod connect;
mod connections;
#[cfg(test)]
mod example;
mod http;
pub mod media;
mod registration;
mod registry;
mod retry_after;
pub mod telegram;
pub mod twilio;
pub mod webhook;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{FutureExt as _, future::BoxFuture, stream::BoxStream};
use url::Url;

use crate::domain::{
    ChannelAddresses, InboundMessage, SuppressionReason, Transport, WhatsappTemplateMessage,
};
use crate::providers::media::{FetchError, Fetched};
pub use crate::providers::{
    capabilities::{Capabilities, TransportCapabilities},
    connect::{
        Connect, ConnectRequest, Connected, ConnectionField, FieldRole, FieldValues, WebhookChange,
        WebhookSetup,
    },
    connections::{ApiUrls, Connections},
    http::{http_client, upload_client},
    registration::{ChannelCheck, FailureClass, FailureScope, NO_RESPONSE, ParseId, Registration},
    registry::{
        affects_whole_channel, carries, consent_senders, registration, registrations, sender, webhooks,
    },
};

/// A connected channel: sends messages to clients and fetches their files.
pub trait Provider: Send + Sync {
    /// Hands a message to the provider once, or the next part of a message that is sent in several.
    /// It is infallible: every result is one of the outcomes.
    fn send<'a>(&'a self, message: &'a OutboundMessage) -> BoxFuture<'a, Outcome>;

    /// Requests a file of an inbound message. `source` is the reference to it from the webhook.
    fn fetch<'a>(&'a self, source: &'a str) -> BoxFuture<'a, Result<Fetched, FetchError>>;

    /// Lists the messages that clients have sent to these addresses since a time, the oldest first; none if the provider
    /// does not keep them ([`Capabilities::keeps_inbound`]).
    ///
    /// # Errors
    /// The reason why the list could not be read.
    fn list_inbound<'a>(
        &'a self,
        _addresses: &'a ChannelAddresses,
        _since: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<InboundMessage>, Reason>> {
        async { Ok(Vec::new()) }.boxed()
    }
}

/// A message to send. There is no `Debug`, so that its text cannot appear in a log.
#[derive(Clone)]
pub struct OutboundMessage {
    /// Our own id of the message. It is in the query of the callback URL as `message`, so that a
    /// callback that arrives before the answer, or instead of it, can be assigned to its message.
    pub reference: String,
    /// The transport, which determines the format of the addresses.
    pub transport: Transport,
    /// The recipient: usually a number in E.164; an address that the provider made up is passed
    /// unchanged.
    pub to: String,
    /// The sender that the recipient sees.
    pub from: SendFrom,
    /// The text; may be empty if there are files.
    pub body: String,
    /// A template that the provider stores, sent instead of text and files.
    pub whatsapp_template: Option<WhatsappTemplateMessage>,
    /// The files to send.
    pub media: Vec<OutboundFile>,
    /// The provider's ids of the parts that it has accepted already, for a message that is sent in
    /// several parts; sending continues after them.
    pub parts: Vec<String>,
    /// The URL for status callbacks, without our reference.
    pub status_callback: Option<Url>,
}

/// A file to send.
#[derive(Clone)]
pub struct OutboundFile {
    /// The file's name.
    pub name: String,
    /// The MIME type.
    pub content_type: String,
    /// The size in bytes.
    pub size: u64,
    /// A URL from which the provider can download the file for some hours.
    pub link: Url,
    /// The content, for providers to which files are uploaded.
    pub content: Content,
}

/// Opens a file's content; each call starts at its beginning.
pub type Content = Arc<
    dyn Fn() -> BoxFuture<'static, std::io::Result<BoxStream<'static, std::io::Result<Bytes>>>> + Send + Sync,
>;

/// The sender of a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SendFrom {
    /// A number in E.164, a short code or an alphanumeric sender, without any prefix.
    Number(String),
    /// A pool of senders, from which the provider selects one.
    MessagingService(String),
}

/// The outcome of an attempt to hand a message to a provider.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The provider accepted the message.
    Accepted {
        /// The provider's id of the message, which its callbacks repeat.
        provider_id: String,
    },
    /// The provider accepted a part of the message; the next part is to be sent now.
    PartAccepted {
        /// The provider's id of the part.
        provider_id: String,
    },
    /// The provider certainly did not accept the message; a later attempt may succeed.
    Retry {
        /// The time that the provider asks to wait, at most an hour.
        after: Option<Duration>,
        /// The reason of the failure.
        reason: Reason,
    },
    /// The provider refused the message; another attempt without changes would fail, too.
    Refused(Reason),
    /// The provider refused the message and will refuse further ones to this recipient until they
    /// write again.
    RecipientUnreachable {
        /// The reason of the failure.
        reason: Reason,
        /// The reason to suppress the address.
        suppression: SuppressionReason,
    },
    /// The provider may or may not have accepted the message, so it must not be sent again
    /// automatically.
    Unknown(Reason),
}

/// The reason why a message was not accepted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reason {
    /// The provider's error code, else the HTTP status; `None` without an answer.
    pub code: Option<String>,
    /// The provider's text, or a short technical one, for logs and for codes without a translation.
    pub text: String,
}

/// One result of checking a channel with its provider. Each kind has a translation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CheckResult {
    /// True if there is nothing to fix.
    pub passed: bool,
    /// The kind of result, which is part of the translation key.
    pub kind: &'static str,
    /// The subject: an account, a number or an answer.
    pub subject: String,
    /// Further details; may be empty.
    pub detail: String,
}

impl CheckResult {
    /// A result with nothing to fix.
    pub fn passed(kind: &'static str, subject: impl Into<String>) -> Self {
        Self { passed: true, kind, subject: subject.into(), detail: String::new() }
    }

    /// A result that has to be fixed.
    pub fn failed(kind: &'static str, subject: impl Into<String>) -> Self {
        Self { passed: false, ..Self::passed(kind, subject) }
    }
}
