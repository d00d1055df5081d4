//! Tests of chats, drafts and scheduled messages.

pub mod drafts;
pub mod read_state;
pub mod scheduled_messages;
pub mod sending;
