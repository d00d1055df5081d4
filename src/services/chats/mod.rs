//! Chats: use cases of chats, messages, drafts, message templates and scheduled messages.

pub(in crate::services) mod drafts;
pub(in crate::services) mod live_parts;
pub(in crate::services) mod manual_status;
pub(in crate::services) mod message_templates;
pub(in crate::services) mod page;
pub(in crate::services) mod presence;
pub(in crate::services) mod scheduled_messages;
pub(in crate::services) mod service;
pub(in crate::services) mod suggestions;

pub use crate::services::chats::drafts::{DraftService, FilledTemplatesPage};
pub use crate::services::chats::live_parts::{
    ChatListSlice, ChatUpdates, ChatUpdatesRequest, MessagePage, MessageRange, MessageSlice,
};
pub use crate::services::chats::message_templates::TemplateService;
pub use crate::services::chats::page::{ChatDetails, ChatPage, ChatPageRequest, Conversation};
pub use crate::services::chats::presence::PresenceService;
pub use crate::services::chats::scheduled_messages::{ScheduleService, ScheduledMessageForm};
pub use crate::services::chats::service::{ChatService, OutgoingMessage};
pub use crate::services::chats::suggestions::{ChatSuggestion, SuggestedAction};
