//! Channels: repository, WhatsApp templates, suppressions and invite links.

pub(in crate::persistence) mod repository;
pub(in crate::persistence) mod suppressions;
pub(in crate::persistence) mod whatsapp_templates;

pub use repository::{Channels, NewChannel, SealedChannel, WebhookToken};
pub use whatsapp_templates::ApprovedTemplates;
