//! Tests of chat search and the spotlight.

pub mod chat_search;
pub mod ranking;
pub mod spotlight;
