//! Tests of chats, the composer and message templates.

pub mod composer;
pub mod messages;
pub mod page;
pub mod service_window;
pub mod templates;
