//! What someone has begun to write, and not sent.

use chrono::{DateTime, Utc};

use crate::domain::{TemplateId, Transport};

/// The draft of one user in one chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// The transport that was chosen.
    pub transport: Option<Transport>,
    /// The template that was put in.
    pub template: Option<TemplateId>,
    /// The key under which it will be sent, so that a reload in the middle of sending can't send twice.
    pub key: String,
    /// When it was written, which is before it arrived: an older save never overwrites a newer one.
    pub written_at: DateTime<Utc>,
}
