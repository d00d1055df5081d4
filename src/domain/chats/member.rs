//! Who takes part in a chat, and by which transport.

use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::domain::{ClientId, ContactId, MemberId, Problem, Transport, UserId};

/// The kind of a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderType {
    /// A member of staff.
    User,
    /// The client.
    Client,
    /// Aloqa itself.
    System,
}

impl SenderType {
    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Client => "client",
            Self::System => "system",
        }
    }
}

impl FromStr for SenderType {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        [Self::User, Self::Client, Self::System]
            .into_iter()
            .find(|t| t.as_str() == text)
            .ok_or(Problem::NotOneOf("user, client, system"))
    }
}

/// Who a member speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// A member of staff.
    User(UserId),
    /// A client by one of its addresses on the transport; the contact may have been removed since.
    Client {
        /// The client.
        client: ClientId,
        /// The contact that the address belongs to.
        contact: Option<ContactId>,
        /// The address as the provider writes it: E.164, a short code, an opaque id.
        address: String,
    },
    /// Aloqa itself.
    System,
}

impl Sender {
    /// What makes the member unique in its chat and transport, so that it is reused and never doubled.
    pub fn participant(&self) -> String {
        match self {
            Self::User(user) => format!("user:{user}"),
            Self::Client { address, .. } => format!("client:{address}"),
            Self::System => "system".to_owned(),
        }
    }

    /// Its kind.
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
    /// Its id.
    pub id: MemberId,
    /// The transport.
    pub transport: Transport,
    /// The kind of sender.
    pub sender_type: SenderType,
    /// The user's or client's id; none for the system and for users that are gone.
    pub sender_id: Option<i64>,
    /// The sender's name as it is now.
    pub name: String,
    /// When it first took part.
    pub created_at: DateTime<Utc>,
}
