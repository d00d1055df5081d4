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

pub use bulk::Belongings;
pub use duplicates::{Match, Matches};
pub use imports::{ClaimedImport, ImportStep, Imports, NewImport};
pub use list::{ClientCursor, ClientFilter, ClientPage, ClientPlace, ClientSort, ClientWalk};
pub use merge_transfer::{Carrying, MovedChat};
pub use merges::{MergeRecord, Merges};
pub use repository::Clients;
pub use summaries::ClientBrief;
