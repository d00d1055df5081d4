//! Tests of the chat pages.

pub mod attachments;
pub mod composer;
pub mod conversation;
pub mod duplicate_sends;
pub mod list;
pub mod live_conversation;
pub mod service_window;
pub mod template_editor;
