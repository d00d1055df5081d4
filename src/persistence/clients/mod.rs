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

pub use crate::persistence::clients::bulk::Belongings;
pub use crate::persistence::clients::duplicates::{Match, Matches};
pub use crate::persistence::clients::imports::{ClaimedImport, ImportStep, Imports, NewImport};
pub use crate::persistence::clients::list::{
    ClientCursor, ClientFilter, ClientPage, ClientPlace, ClientSort, ClientWalk,
};
pub use crate::persistence::clients::merge_transfer::{Carrying, MovedChat};
pub use crate::persistence::clients::merges::{MergeRecord, Merges};
pub use crate::persistence::clients::repository::Clients;
pub use crate::persistence::clients::summaries::ClientBrief;
