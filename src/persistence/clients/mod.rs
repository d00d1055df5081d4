//! Clients: repository, list, duplicates, merges and imports.

pub(in crate::persistence) mod bulk;
mod cross_tenant;
pub(in crate::persistence) mod duplicates;
pub(in crate::persistence) mod imports;
pub(in crate::persistence) mod list;
pub(in crate::persistence) mod locks;
pub(in crate::persistence) mod lookup;
pub(in crate::persistence) mod merge_transfer;
pub(in crate::persistence) mod merges;
pub(in crate::persistence) mod repository;
pub(in crate::persistence) mod summaries;

use crate::persistence::{Snapshot, UnitOfWork};
pub use bulk::DeletionImpact;
pub use duplicates::{DuplicateCandidate, Duplicates, DuplicatesMut};
pub use imports::{ImportStep, Imports, ImportsMut, LeasedImport, NewImport};
pub use list::{ClientBatches, ClientFilter, ClientSort};
pub use merge_transfer::{MergeTransfer, MergeTransferMut, MovedChat};
pub use merges::{MergeRecord, Merges, MergesMut};
pub use repository::{Clients, ClientsMut};
pub use summaries::ClientSummary;

impl Snapshot {
    /// Clients and their contacts.
    pub fn clients(&mut self) -> Clients<'_> {
        Clients { snapshot: self }
    }

    /// Possible duplicates of clients.
    pub fn duplicates(&mut self) -> Duplicates<'_> {
        Duplicates { snapshot: self }
    }

    /// Merges of clients.
    pub fn merges(&mut self) -> Merges<'_> {
        Merges { snapshot: self }
    }

    /// The transfer of data between the clients of a merge, and back.
    pub fn merge_transfer(&mut self) -> MergeTransfer<'_> {
        MergeTransfer { snapshot: self }
    }

    /// Imports of clients.
    pub fn imports(&mut self) -> Imports<'_> {
        Imports { snapshot: self }
    }
}

impl UnitOfWork {
    /// Write access to clients.
    pub fn clients_mut(&mut self) -> ClientsMut<'_> {
        ClientsMut { work: self }
    }

    /// Write access to duplicates.
    pub fn duplicates_mut(&mut self) -> DuplicatesMut<'_> {
        DuplicatesMut { work: self }
    }

    /// Write access to merges.
    pub fn merges_mut(&mut self) -> MergesMut<'_> {
        MergesMut { work: self }
    }

    /// Write access to merge transfers.
    pub fn merge_transfer_mut(&mut self) -> MergeTransferMut<'_> {
        MergeTransferMut { work: self }
    }

    /// Write access to imports.
    pub fn imports_mut(&mut self) -> ImportsMut<'_> {
        ImportsMut { work: self }
    }
}
