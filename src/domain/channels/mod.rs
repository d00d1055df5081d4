//! Channels: a tenant's connections to providers, transports and WhatsApp templates.

pub(in crate::domain) mod channel;
pub(in crate::domain) mod transport;
pub(in crate::domain) mod twilio;
pub(in crate::domain) mod whatsapp_template;

pub use channel::{Channel, ChannelError, ChannelProvider, ChannelState, Closing, Senders};
pub use transport::Transport;
pub use twilio::{is_sender_name, parse_sid, parse_sms_sender, parse_whatsapp_sender};
pub use whatsapp_template::{ApprovedBody, ApprovedTemplate, NewApprovedTemplate, parse_variable};
