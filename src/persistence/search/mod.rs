//! Search: the full-text index and what searches read from it.

pub(in crate::persistence) mod chat_search;
pub(in crate::persistence) mod found_messages;
pub(in crate::persistence) mod index;

pub use found_messages::FoundMessage;
pub use index::{Backlog, SearchIndex};
