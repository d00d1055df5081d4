//! What a provider reports to a channel, in terms that every provider has in common.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::domain::{Consent, Failure, MessageDetails, MessageStatus, MessageText, Transport};

/// One thing that a webhook reports. An opt-out and a pressed button come with a message: they are its `consent` and its
/// `details.button`, so that they are stored together with it.
#[derive(Debug, Clone)]
pub enum InboundEvent {
    /// A client wrote.
    Message(Box<InboundMessage>),
    /// A client changed a message that it had written.
    Edit(Box<InboundMessage>),
    /// How far a message to a client has come.
    Status(ReportedStatus),
    /// A client blocked the channel, or allowed it to write again.
    Membership {
        /// What makes a repeat a repeat.
        receipt: String,
        /// The transport on which it did.
        transport: Transport,
        /// Its address there.
        address: String,
        /// Whether the channel may write to it.
        may_write: bool,
    },
}

/// A file of an inbound message, still at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundMedia {
    /// Where the provider keeps it.
    pub url: String,
    /// The MIME type that the provider claims.
    pub content_type: String,
    /// A name to show.
    pub name: String,
}

/// A message as a provider delivered it.
#[derive(Debug, Clone)]
pub struct InboundMessage {
    /// The provider's id of the message.
    pub provider_id: String,
    /// What makes a repeat a repeat, where it is not the message's id.
    pub receipt: Option<String>,
    /// How it travelled.
    pub transport: Transport,
    /// Who sent it, as the provider writes it: E.164, a short code, an opaque id.
    pub from: String,
    /// The name that the sender gave itself, or its first part.
    pub profile_name: Option<String>,
    /// The last part of that name.
    pub last_name: Option<String>,
    /// A name by which the sender can be found, and which may become another's.
    pub username: Option<String>,
    /// What the transport knows of the sender; kept with the member.
    pub sender_data: Option<Value>,
    /// The text; may be empty when there are files.
    pub text: MessageText,
    /// The files, still at the provider.
    pub media: Vec<InboundMedia>,
    /// The provider's id of the message that it answers.
    pub reply_to: Option<String>,
    /// What it says of being written to.
    pub consent: Option<Consent>,
    /// What else it holds.
    pub details: MessageDetails,
    /// When the sender last changed it.
    pub changed_at: Option<DateTime<Utc>>,
}

/// A provider's report about a message that it took.
#[derive(Debug, Clone)]
pub struct ReportedStatus {
    /// The provider's id of the message.
    pub provider_id: String,
    /// The reference that we gave with the message; finds it when the report comes before the API's answer.
    pub reference: Option<String>,
    /// To whom it went, where that is said.
    pub recipient: Option<String>,
    /// The status.
    pub status: MessageStatus,
    /// Why it failed.
    pub failure: Option<Failure>,
}

impl InboundMessage {
    /// A text from an address about which nothing more is known.
    pub fn new(provider_id: String, transport: Transport, from: String, text: MessageText) -> Self {
        Self {
            provider_id,
            receipt: None,
            transport,
            from,
            profile_name: None,
            last_name: None,
            username: None,
            sender_data: None,
            text,
            media: Vec::new(),
            reply_to: None,
            consent: None,
            details: MessageDetails::default(),
            changed_at: None,
        }
    }

    /// What makes a repeat a repeat.
    pub fn receipt(&self) -> &str {
        self.receipt.as_deref().unwrap_or(&self.provider_id)
    }
}
