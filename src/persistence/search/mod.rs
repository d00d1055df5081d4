//! Search: the full-text index and what searches read from it.

pub(in crate::persistence) mod chat_search;
pub(in crate::persistence) mod found_messages;
pub(in crate::persistence) mod index;

pub use crate::persistence::search::found_messages::FoundMessage;
pub use crate::persistence::search::index::{IndexProgress, SearchIndex};
