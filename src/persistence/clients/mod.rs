//! Clients: repository, list, duplicates, merges and imports.

pub(in crate::persistence) mod bulk;
pub(in crate::persistence) mod duplicates;
pub(in crate::persistence) mod imports;
pub(in crate::persistence) mod list;
pub(in crate::persistence) mod list_statement;
pub(in crate::persistence) mod locks;
pub(in crate::persistence) mod lookup;
pub(in crate::persistence) mod merge_transfer;
pub(in crate::persistence) mod merges;
pub(in crate::persistence) mod repository;
pub(in crate::persistence) mod summaries;

pub use crate::persistence::clients::bulk::DeletionImpact;
pub use crate::persistence::clients::duplicates::{DuplicateCandidate, Duplicates};
pub use crate::persistence::clients::imports::{ImportStep, Imports, LeasedImport, NewImport};
pub use crate::persistence::clients::list::{
    ClientBatches, ClientCursor, ClientFilter, ClientPage, ClientPageStart, ClientSort,
};
pub use crate::persistence::clients::merge_transfer::{MergeTransfer, MovedChat};
pub use crate::persistence::clients::merges::{MergeRecord, Merges};
pub use crate::persistence::clients::repository::Clients;
pub use crate::persistence::clients::summaries::ClientSummary;
