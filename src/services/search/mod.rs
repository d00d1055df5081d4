//! Search: the spotlight, and the indexer of the full-text tables.

pub(in crate::services) mod indexer;
pub(in crate::services) mod service;

pub use crate::services::search::indexer::SearchIndexer;
pub use crate::services::search::service::{
    FoundRecords, RecordKind, SearchQuery, SearchResults, SearchService,
};
