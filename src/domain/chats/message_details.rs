//! Content of a message besides its text and its files.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

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
    /// The kind of a content that has no words of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ContentKind>,
    /// The author of a message that the client forwarded; empty if the provider does not name the author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded_from: Option<String>,
    /// The advertisement that the message answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
    /// The provider's number of the message in the chat, by which messages that arrive in another order are sorted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<i64>,
    /// The provider's ids of the contents of the files, by which an edit that replaces a file is recognised.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// The ids of the contents of files that were replaced.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub former_files: Vec<String>,
    /// The client's reactions to the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reactions: Option<Reactions>,
    /// The payload of the button that the client pressed, as the template's author defined it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub button: Option<String>,
}

/// The kind of a content that has no words of its own, or only a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum ContentKind {
    /// A request to pay.
    Invoice,
    /// A list of tasks.
    Checklist,
    /// A story that the client forwarded.
    Story,
    /// Pictures or videos that are shown to those who pay.
    PaidMedia,
    /// A raffle, or its winners.
    Giveaway,
    /// A game.
    Game,
}

impl ContentKind {
    /// All kinds.
    pub const ALL: &[Self] = <Self as VariantArray>::VARIANTS;

    /// The name, by which pages find the words.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The text that is stored if there is no title, so that lists of any language show the message.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Invoice => "🧾",
            Self::Checklist => "☑️",
            Self::Story => "📖",
            Self::PaidMedia => "⭐",
            Self::Giveaway => "🎁",
            Self::Game => "🎮",
        }
    }
}

/// The reactions of a client to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reactions {
    /// The emoji; none after the client took them back.
    pub emoji: Vec<String>,
    /// The time of the last change, before which reports are older.
    pub changed_at: DateTime<Utc>,
}

/// The advertisement through which a client wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Referral {
    /// The headline.
    pub headline: String,
    /// The text.
    pub body: String,
    /// The address of the advertisement or post, as the provider sent it.
    pub url: String,
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
