//! The view model of a quick reply, used as JSON and on pages.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::{MessageTemplate, TemplateId};

/// A quick reply.
#[derive(Debug, Serialize)]
pub struct TemplateView {
    /// The id.
    pub id: TemplateId,
    /// The name.
    pub name: String,
    /// The text with its placeholders.
    pub template: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<MessageTemplate> for TemplateView {
    fn from(template: MessageTemplate) -> Self {
        Self {
            id: template.id,
            name: template.name,
            template: template.text,
            created_at: template.created_at,
            updated_at: template.updated_at,
        }
    }
}
