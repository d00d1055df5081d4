//! Channels: use cases of channels, WhatsApp templates and invite links.

pub(in crate::services) mod audit_details;
pub(in crate::services) mod connect;
pub(in crate::services) mod health;
pub(in crate::services) mod invite_links;
pub(in crate::services) mod key_rotation;
pub(in crate::services) mod manage;
pub(in crate::services) mod service;
pub(in crate::services) mod whatsapp_templates;

pub use crate::services::channels::connect::OLD_TOKEN_VALID_FOR;
pub use crate::services::channels::invite_links::{Invitation, InvitationPage};
pub use crate::services::channels::manage::{ChannelPage, ChannelReport};
pub use crate::services::channels::service::{ChannelContext, ChannelService};
pub use crate::services::channels::whatsapp_templates::{
    AvailableTemplate, AvailableTemplates, FilledTemplate, WhatsappTemplateService,
};
