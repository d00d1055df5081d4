//! A chat: the one conversation that a company has with a client.

use chrono::{DateTime, Utc};

use crate::domain::{ChatId, ClientId, Direction, MessageId, MessageStatus, PhoneNumber, Transport};

/// A chat as lists show it; its messages are read apart.
#[derive(Debug, Clone)]
pub struct Chat {
    /// Its id.
    pub id: ChatId,
    /// The client that it is with.
    pub client: ClientId,
    /// The client's full name.
    pub client_name: String,
    /// The client's phone.
    pub client_phone: Option<PhoneNumber>,
    /// Inbound messages that no one has read.
    pub unread_count: i64,
    /// What was said last.
    pub last_message: Option<LastMessage>,
    /// In a list of what was looked for: the newest message that says it.
    pub matching_message: Option<MessageId>,
    /// When something was said last, or when it was made while nothing was.
    pub active_at: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What a chat's row knows of its last message, so that a list is one statement.
#[derive(Debug, Clone)]
pub struct LastMessage {
    /// The message.
    pub id: MessageId,
    /// When it was made, or came.
    pub at: DateTime<Utc>,
    /// Its first words; empty for files alone.
    pub preview: String,
    /// Which way it went.
    pub direction: Direction,
    /// How it travelled.
    pub transport: Transport,
    /// How far it has come.
    pub status: MessageStatus,
}
