//! Search.

pub mod chat_search;
pub mod spotlight;
