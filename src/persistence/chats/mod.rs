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

pub use crate::persistence::chats::drafts::Drafts;
pub use crate::persistence::chats::list::{ChatCursor, ChatListStart};
pub use crate::persistence::chats::message_templates::{TemplateSort, Templates};
pub use crate::persistence::chats::messages::{InboundMedia, Messages, StatusReport};
pub use crate::persistence::chats::repository::{ChatFilter, Chats};
pub use crate::persistence::chats::scheduled_messages::ScheduledMessages;
