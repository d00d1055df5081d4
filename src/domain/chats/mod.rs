//! Chats: members, messages, drafts, message templates, scheduled messages and presence.

pub(in crate::domain) mod chat;
pub(in crate::domain) mod draft;
pub(in crate::domain) mod member;
pub(in crate::domain) mod message;
pub(in crate::domain) mod message_details;
pub(in crate::domain) mod presence;
pub(in crate::domain) mod scheduled_message;
pub(in crate::domain) mod sms_segments;
pub(in crate::domain) mod template;
pub(in crate::domain) mod template_placeholders;

pub use crate::domain::chats::chat::{Chat, LastMessage};
pub use crate::domain::chats::draft::Draft;
pub use crate::domain::chats::member::{LastOfMember, Member, Sender, SenderType};
pub use crate::domain::chats::message::{
    Direction, Failure, IdempotencyKey, MESSAGE_LIMIT, Message, MessageStatus, MessageText, NewMessage,
    sort_by_writing,
};
pub use crate::domain::chats::message_details::{
    ContentKind, MessageDetails, PreviousText, Quote, Reactions, Referral, SharedContact,
    WhatsappTemplateMessage,
};
pub use crate::domain::chats::presence::{Presence, PresenceState};
pub use crate::domain::chats::scheduled_message::{
    SchedulePreset, ScheduledMessage, ensure_future, parse_scheduled_time,
};
pub use crate::domain::chats::sms_segments::{GSM_BASIC, GSM_EXTENDED, Segments, SmsEncoding};
pub use crate::domain::chats::template::{
    MessageTemplate, NewTemplate, PLACEHOLDERS, TemplateText, TemplateValues,
};
