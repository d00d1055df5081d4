//! Drafts: texts that a user has begun to write and not sent.

use chrono::{DateTime, Utc};

use crate::domain::{TemplateId, Transport};

/// The draft of one user in one chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The text, without any check.
    pub text: String,
    /// The transport that the user selected.
    pub transport: Option<Transport>,
    /// The message template that the text was taken from.
    pub template: Option<TemplateId>,
    /// The idempotency key that the message will be sent with, so that a page reload while sending
    /// cannot send it twice.
    pub key: String,
    /// The time on the user's device, before the request arrived: an older save never overwrites a
    /// newer one.
    pub written_at: DateTime<Utc>,
}
