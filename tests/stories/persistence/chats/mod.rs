//! Tests of chats, messages and message templates.

pub mod messages;
pub mod repository;
pub mod templates;
