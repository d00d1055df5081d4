//! Channels: use cases of channels, WhatsApp templates and invite links.

pub(in crate::services) mod health;
pub(in crate::services) mod invite_links;
pub(in crate::services) mod manage;
pub(in crate::services) mod service;
pub(in crate::services) mod telegram;
pub(in crate::services) mod whatsapp_templates;

pub use crate::services::channels::invite_links::Invitation;
pub use crate::services::channels::service::{
    ChannelContext, ChannelReport, ChannelService, NewTwilioChannel, OLD_TOKEN_VALID_FOR,
};
pub use crate::services::channels::whatsapp_templates::{FilledTemplate, WhatsappTemplateService};
