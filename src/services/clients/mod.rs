//! Clients: use cases of clients, contacts, duplicates, merges and imports.

pub(in crate::services) mod bulk;
pub(in crate::services) mod duplicates_worker;
pub(in crate::services) mod imports;
pub(in crate::services) mod merge_undo;
pub(in crate::services) mod merges;
pub(in crate::services) mod service;

pub use imports::{FlawedRows, ImportService, MAX_BYTES, MAX_ROWS};
pub use merges::{Candidate, Left, MergeOrder, MergeService, Suggestion, Undone};
pub use service::{ClientExport, ClientSelection, ClientService, Deleted};
