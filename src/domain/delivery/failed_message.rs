//! What did not reach a client.

use chrono::{DateTime, Utc};

use crate::domain::{ChannelId, ChatId, Failure, MessageId, MessageStatus, Transport};

/// A message that failed, or of which nobody knows, as lists of them show it.
#[derive(Debug, Clone)]
pub struct FailedMessage {
    /// The message.
    pub id: MessageId,
    /// Its chat.
    pub chat: ChatId,
    /// The channel that it should have left by.
    pub channel: Option<ChannelId>,
    /// The client's name.
    pub client_name: String,
    /// How it should have travelled.
    pub transport: Transport,
    /// Failed or unknown.
    pub status: MessageStatus,
    /// The text.
    pub text: String,
    /// Why.
    pub failure: Option<Failure>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}
