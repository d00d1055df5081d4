//! Search: the spotlight, and filling the full-text index.

pub(in crate::services) mod indexer;
pub(in crate::services) mod service;

pub use crate::services::search::indexer::SearchIndexer;
pub use crate::services::search::service::{SearchResults, SearchService};
