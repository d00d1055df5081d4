//! Content of a message besides its text and its files.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{ClientId, MessageId};

/// Content of a message besides its text and its files. Most messages have none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MessageDetails {
    /// The provider's id of the album that a picture belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub album: Option<String>,
    /// The contact that the client shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<SharedContact>,
    /// The parameter of the invite link that the client followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The client that the invite link was made for, when another known client followed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited: Option<ClientId>,
    /// The approved template that the message consists of, instead of free text.
    #[serde(rename = "approved", skip_serializing_if = "Option::is_none")]
    pub whatsapp_template: Option<WhatsappTemplateMessage>,
    /// The message that this one replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// The payload of the button that the client pressed, as the template's author defined it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub button: Option<String>,
}

/// A WhatsApp template in an outbound message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatsappTemplateMessage {
    /// The provider's id of the template.
    pub sid: String,
    /// The values of the variables, in order.
    pub variables: Vec<String>,
}

/// A message that another one replies to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The id of the quoted message.
    pub message: MessageId,
    /// The beginning of its text at the time of the reply.
    pub text: String,
}

/// A contact that the sender shared from the address book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedContact {
    /// The contact's name in the address book.
    pub name: String,
    /// The phone number as the provider sent it.
    pub phone: String,
    /// True if the provider confirms that the number is the sender's own.
    pub own: bool,
}

/// The text of a message before its sender edited it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviousText {
    /// The former text.
    pub text: String,
    /// The time when that text was written.
    pub written_at: DateTime<Utc>,
}

impl MessageDetails {
    /// True if there are no details to store.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
