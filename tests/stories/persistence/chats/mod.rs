//! Chats.

pub mod messages;
pub mod repository;
pub mod templates;
