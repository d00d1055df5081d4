//! Chats: repository, list, messages, drafts, message templates and scheduled messages.

pub(in crate::persistence) mod drafts;
pub(in crate::persistence) mod list;
pub(in crate::persistence) mod message_edits;
pub(in crate::persistence) mod message_pages;
pub(in crate::persistence) mod message_templates;
pub(in crate::persistence) mod messages;
pub(in crate::persistence) mod repository;
pub(in crate::persistence) mod scheduled_messages;
pub(in crate::persistence) mod summaries;

pub use drafts::Drafts;
pub use list::{ListPlace, ListStart};
pub use message_templates::{TemplateSort, Templates};
pub use messages::{InboundMedia, Messages, StatusReport};
pub use repository::{ChatFilter, Chats};
pub use scheduled_messages::Scheduled;
