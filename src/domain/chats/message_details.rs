//! What a message holds besides its text and its files.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{ClientId, MessageId};

/// What a message holds besides its text and its files. Most hold nothing more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MessageDetails {
    /// What the pictures of one album have in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub album: Option<String>,
    /// The contact that was shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<SharedContact>,
    /// What the link said by which the client came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The client that was invited, when someone else came who is known already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited: Option<ClientId>,
    /// The approved template that it is, rather than a free text.
    #[serde(rename = "approved", skip_serializing_if = "Option::is_none")]
    pub whatsapp_template: Option<WhatsappTemplateMessage>,
    /// What it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// What the button meant that the client pressed, in the words of whoever made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub button: Option<String>,
}

/// A template that WhatsApp approved, as it goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatsappTemplateMessage {
    /// Twilio's id of it.
    pub sid: String,
    /// The values of its variables, in their order.
    pub variables: Vec<String>,
}

/// A message that another one answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Which.
    pub message: MessageId,
    /// How it began, when it was answered.
    pub text: String,
}

/// A contact out of the sender's address book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedContact {
    /// The name that it has there.
    pub name: String,
    /// The number as it was sent.
    pub phone: String,
    /// Whether the provider vouches that it is the sender's own.
    pub own: bool,
}

/// A text that a message had before its sender changed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviousText {
    /// The text.
    pub text: String,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

impl MessageDetails {
    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
