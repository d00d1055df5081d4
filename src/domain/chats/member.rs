//! Participants of a chat, one for each sender and transport.

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::domain::{ChannelId, ClientId, ContactId, MemberId, MessageId, Problem, Transport, UserId};

/// The kind of a message's sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum SenderType {
    /// A user of the tenant.
    User,
    /// The client of the chat.
    Client,
    /// Aloqa itself, for automatic messages.
    System,
}

impl SenderType {
    /// The name in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The person or system that a member represents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// A user of the tenant.
    User(UserId),
    /// A client, identified by an address on the transport. The contact may have been removed
    /// since.
    Client {
        /// The client.
        client: ClientId,
        /// The contact that holds the address.
        contact: Option<ContactId>,
        /// The address as the provider writes it: E.164, a short code or an opaque id.
        address: String,
    },
    /// Aloqa itself, for automatic messages.
    System,
}

impl Sender {
    /// The key that is unique for a chat and a transport, so that a member is reused and never
    /// duplicated.
    pub fn participant(&self) -> String {
        match self {
            Self::User(user) => format!("user:{user}"),
            Self::Client { address, .. } => format!("client:{address}"),
            Self::System => "system".to_owned(),
        }
    }

    /// The sender's kind without its data.
    pub fn kind(&self) -> SenderType {
        match self {
            Self::User(_) => SenderType::User,
            Self::Client { .. } => SenderType::Client,
            Self::System => SenderType::System,
        }
    }
}

/// A participant of a chat on one transport.
#[derive(Debug, Clone)]
pub struct Member {
    /// The member's id.
    pub id: MemberId,
    /// The transport of the member's messages.
    pub transport: Transport,
    /// The kind of sender.
    pub sender_type: SenderType,
    /// The id of the user or client; `None` for the system and for deleted users.
    pub sender_id: Option<i64>,
    /// The sender's current name.
    pub name: String,
    /// The address of a client.
    pub address: Option<String>,
    /// The member's last message. That of a client is inbound.
    pub last_message: Option<LastOfMember>,
    /// The time of the first message.
    pub created_at: DateTime<Utc>,
}

/// The last message of a member.
#[derive(Debug, Clone, Copy)]
pub struct LastOfMember {
    /// The message's id.
    pub id: MessageId,
    /// The channel that carried it; `None` for a channel that is not known.
    pub channel: Option<ChannelId>,
    /// The time when it was created or received.
    pub at: DateTime<Utc>,
}
