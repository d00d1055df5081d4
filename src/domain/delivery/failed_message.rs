//! Failed messages, as the page of that name lists them.

use chrono::{DateTime, Utc};

use crate::domain::{ChannelId, ChatId, Failure, MessageId, MessageStatus, Transport};

/// The row of a message that failed or whose delivery is unconfirmed.
#[derive(Debug, Clone)]
pub struct FailedMessage {
    /// The message's id.
    pub id: MessageId,
    /// The chat that it belongs to.
    pub chat: ChatId,
    /// The channel that it was to be sent by; `None` if the channel was removed.
    pub channel: Option<ChannelId>,
    /// The recipient's full name.
    pub client_name: String,
    /// The transport that it was to be sent by.
    pub transport: Transport,
    /// Either `Failed` or `Unknown`.
    pub status: MessageStatus,
    /// The text.
    pub text: String,
    /// The reason of the failure.
    pub failure: Option<Failure>,
    /// The time when it was written.
    pub created_at: DateTime<Utc>,
}
