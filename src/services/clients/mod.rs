//! Clients: use cases of clients, contacts, duplicates, merges and imports.

pub(in crate::services) mod bulk;
pub(in crate::services) mod duplicates_worker;
pub(in crate::services) mod imports;
pub(in crate::services) mod merge_undo;
pub(in crate::services) mod merges;
pub(in crate::services) mod service;

pub use crate::services::clients::imports::{FlawedRows, ImportService, MAX_BYTES, MAX_ROWS};
pub use crate::services::clients::merges::{Candidate, Left, MergeOrder, MergeService, Suggestion, Undone};
pub use crate::services::clients::service::{ClientExport, ClientSelection, ClientService, Deleted};
