//! Chats: use cases of chats, messages, drafts, message templates and scheduled messages.

pub(in crate::services) mod drafts;
pub(in crate::services) mod live_parts;
pub(in crate::services) mod manual_status;
pub(in crate::services) mod message_templates;
pub(in crate::services) mod presence;
pub(in crate::services) mod scheduled_messages;
pub(in crate::services) mod service;
pub(in crate::services) mod suggestions;

pub use drafts::DraftService;
pub use live_parts::{ListPart, LogPart};
pub use message_templates::TemplateService;
pub use presence::PresenceService;
pub use scheduled_messages::ScheduleService;
pub use service::{ChatService, Conversation, Outgoing};
pub use suggestions::{Offer, Offered};
