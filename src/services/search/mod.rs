//! Search: the spotlight, and filling the full-text index.

pub(in crate::services) mod indexer;
pub(in crate::services) mod service;

pub use indexer::SearchService;
pub use service::{FindService, Part};
