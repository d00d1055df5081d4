//! Inbound events: reports of a provider in a form that all providers share.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::domain::{Consent, Failure, MessageDetails, MessageStatus, MessageText, Reactions, Transport};

/// A report in a webhook. An opt-out or a pressed button is part of its message, as `consent` and
/// `details.button`, so that it is stored together with the message.
#[derive(Debug, Clone)]
pub enum InboundEvent {
    /// A client wrote.
    Message(Box<InboundMessage>),
    /// A client changed a message that it had written.
    Edit(Box<InboundMessage>),
    /// The status of an outbound message.
    Status(ReportedStatus),
    /// A client reacted to a message, or took reactions back.
    Reaction {
        /// The key that identifies repeated reports.
        receipt: String,
        /// The provider's id of the message.
        message: String,
        /// All present reactions of the client, and the time of the change.
        reactions: Reactions,
    },
    /// A client blocked the channel, or allowed it to write again.
    Membership {
        /// The key that identifies repeated reports.
        receipt: String,
        /// The transport of the channel.
        transport: Transport,
        /// The client's address on the transport.
        address: String,
        /// True if the channel may write to the address.
        may_write: bool,
    },
}

/// A file of an inbound message, still at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundMedia {
    /// The location of the content at the provider.
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
    /// The key that identifies repeated reports, if it is not the message's id.
    pub receipt: Option<String>,
    /// The transport of the message.
    pub transport: Transport,
    /// The sender's address as the provider writes it: E.164, a short code or an opaque id.
    pub from: String,
    /// Further addresses of the sender on the transport, by which it may write the next time.
    pub aliases: Vec<String>,
    /// The name that the sender gave, or its first part.
    pub profile_name: Option<String>,
    /// The last part of that name.
    pub last_name: Option<String>,
    /// The sender's username, which may pass to another person.
    pub username: Option<String>,
    /// The sender's data that is specific to the transport; stored with the member.
    pub sender_data: Option<Value>,
    /// The text; may be empty when there are files.
    pub text: MessageText,
    /// The files, still at the provider.
    pub media: Vec<InboundMedia>,
    /// The provider's id of the message that it answers.
    pub reply_to: Option<String>,
    /// The opt-out or opt-in that the message consists of.
    pub consent: Option<Consent>,
    /// Content besides the text and the files.
    pub details: MessageDetails,
    /// The time at which the sender sent it, if the provider tells.
    pub sent_at: Option<DateTime<Utc>>,
    /// The time of the sender's last edit.
    pub changed_at: Option<DateTime<Utc>>,
}

/// A provider's report about a message that it accepted.
#[derive(Debug, Clone)]
pub struct ReportedStatus {
    /// The provider's id of the message.
    pub provider_id: String,
    /// Our reference of the message, by which it is found if the report arrives before the response
    /// of the call.
    pub reference: Option<String>,
    /// The recipient's address, if the report contains it.
    pub recipient: Option<String>,
    /// The status.
    pub status: MessageStatus,
    /// The reason of a failure.
    pub failure: Option<Failure>,
}

impl InboundMessage {
    /// Creates a message with a text and no further data.
    pub fn new(provider_id: String, transport: Transport, from: String, text: MessageText) -> Self {
        Self {
            provider_id,
            receipt: None,
            transport,
            from,
            aliases: Vec::new(),
            profile_name: None,
            last_name: None,
            username: None,
            sender_data: None,
            text,
            media: Vec::new(),
            reply_to: None,
            consent: None,
            details: MessageDetails::default(),
            sent_at: None,
            changed_at: None,
        }
    }

    /// The key that identifies repeated reports.
    pub fn receipt(&self) -> &str {
        self.receipt.as_deref().unwrap_or(&self.provider_id)
    }
}
