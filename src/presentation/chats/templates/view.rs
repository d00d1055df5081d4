//! The shape of a message template: what programs read as JSON, and what pages are made of.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::{MessageTemplate, TemplateId};

/// A message template.
#[derive(Debug, Serialize)]
pub struct TemplateView {
    /// Its id.
    pub id: TemplateId,
    /// Its name.
    pub name: String,
    /// Its text.
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
