//! Chats: each client has exactly one.

use chrono::{DateTime, Utc};

use crate::domain::{ChatId, ClientId, Direction, MessageId, MessageStatus, PhoneNumber, Transport};

/// A chat as lists show it; its messages are loaded separately.
#[derive(Debug, Clone)]
pub struct Chat {
    /// The chat's id.
    pub id: ChatId,
    /// The client that the chat is with.
    pub client: ClientId,
    /// The client's full name.
    pub client_name: String,
    /// The client's primary phone number.
    pub client_phone: Option<PhoneNumber>,
    /// The number of inbound messages that no user has read.
    pub unread_count: i64,
    /// The most recent message.
    pub last_message: Option<LastMessage>,
    /// The time of the last message, or of the chat's creation when it has none. Lists sort by it.
    pub active_at: DateTime<Utc>,
    /// The time when the chat was created.
    pub created_at: DateTime<Utc>,
}

/// The last message as stored in the chat's row, so that a list needs a single statement.
#[derive(Debug, Clone)]
pub struct LastMessage {
    /// The message's id.
    pub id: MessageId,
    /// The time when it was created or received.
    pub at: DateTime<Utc>,
    /// The beginning of its text; empty for a message of files alone.
    pub preview: String,
    /// Inbound or outbound.
    pub direction: Direction,
    /// The transport that carried it.
    pub transport: Transport,
    /// Its delivery status.
    pub status: MessageStatus,
}
