//! Clients: use cases of clients, contacts, duplicates, merges and imports.

pub(in crate::services) mod bulk;
pub(in crate::services) mod duplicates_worker;
pub(in crate::services) mod imports;
pub(in crate::services) mod merge_undo;
pub(in crate::services) mod merges;
pub(in crate::services) mod page;
pub(in crate::services) mod service;

pub use crate::services::clients::bulk::{BulkDeletion, ClientSelection, SelectionImpact};
pub use crate::services::clients::imports::{ImportPage, ImportService, InvalidRows, MAX_BYTES, MAX_ROWS};
pub use crate::services::clients::merges::{
    DuplicateSuggestion, MergeCandidate, MergeChoice, MergeRequest, MergeService, UndoConflict, UndoneMerge,
};
pub use crate::services::clients::page::{ClientActionsPage, ClientMessagesPage, ClientPage};
pub use crate::services::clients::service::{ClientExport, ClientService};
