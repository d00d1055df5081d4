//! Channels: repository, WhatsApp templates, suppressions and invite links.

pub(in crate::persistence) mod repository;
pub(in crate::persistence) mod suppressions;
pub(in crate::persistence) mod whatsapp_templates;

pub use crate::persistence::channels::repository::{Channels, NewChannel, SealedChannel, WebhookToken};
pub use crate::persistence::channels::whatsapp_templates::WhatsappTemplates;
