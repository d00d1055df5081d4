//! Channels: repository, WhatsApp templates, suppressions and invite links.

mod cross_tenant;
pub(in crate::persistence) mod repository;
pub(in crate::persistence) mod suppressions;
pub(in crate::persistence) mod whatsapp_templates;

use crate::persistence::{Snapshot, UnitOfWork};
pub use cross_tenant::{SealedSecrets, TenantChannel};
pub use repository::{Channels, ChannelsMut, NewChannel, SealedChannel, WebhookToken};
pub use suppressions::Suppression;
pub use whatsapp_templates::{WhatsappTemplates, WhatsappTemplatesMut};

impl Snapshot {
    /// Channels, received webhooks and suppressions.
    pub fn channels(&mut self) -> Channels<'_> {
        Channels { snapshot: self }
    }

    /// WhatsApp templates.
    pub fn whatsapp_templates(&mut self) -> WhatsappTemplates<'_> {
        WhatsappTemplates { snapshot: self }
    }
}

impl UnitOfWork {
    /// Write access to channels.
    pub fn channels_mut(&mut self) -> ChannelsMut<'_> {
        ChannelsMut { work: self }
    }

    /// Write access to WhatsApp templates.
    pub fn whatsapp_templates_mut(&mut self) -> WhatsappTemplatesMut<'_> {
        WhatsappTemplatesMut { work: self }
    }
}
