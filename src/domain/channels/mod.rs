//! Channels: a tenant's connections to providers, transports and WhatsApp templates.

pub(in crate::domain) mod channel;
pub(in crate::domain) mod consent;
pub(in crate::domain) mod transport;
pub(in crate::domain) mod whatsapp_template;

pub use crate::domain::channels::channel::{
    Channel, ChannelAddresses, ChannelError, ChannelProvider, ChannelSettings, ChannelState,
    SuppressionReason,
};
pub use crate::domain::channels::consent::ConsentSenders;
pub use crate::domain::channels::transport::Transport;
pub use crate::domain::channels::whatsapp_template::{
    NewWhatsappTemplate, WhatsappTemplate, WhatsappTemplateBody, parse_variable_value,
};
