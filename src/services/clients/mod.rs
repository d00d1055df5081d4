//! Clients: use cases of clients, contacts, duplicates, merges and imports.

pub(in crate::services) mod bulk;
pub(in crate::services) mod duplicates_worker;
pub(in crate::services) mod imports;
pub(in crate::services) mod merge_undo;
pub(in crate::services) mod merges;
pub(in crate::services) mod service;

pub use crate::services::clients::imports::{ImportService, InvalidRows, MAX_BYTES, MAX_ROWS};
pub use crate::services::clients::merges::{
    DuplicateSuggestion, MergeCandidate, MergeRequest, MergeService, UndoConflict, UndoneMerge,
};
pub use crate::services::clients::service::{BulkDeletion, ClientExport, ClientSelection, ClientService};
