//! Search: the full-text index and what searches read from it.

pub(in crate::persistence) mod chat_search;
mod cross_tenant;
pub(in crate::persistence) mod found_messages;
pub(in crate::persistence) mod index;

use crate::persistence::UnitOfWork;
pub use found_messages::FoundMessage;
pub use index::{IndexProgress, SearchIndexMut};

impl UnitOfWork {
    /// Write access to the full-text tables.
    pub fn search_index_mut(&mut self) -> SearchIndexMut<'_> {
        SearchIndexMut { work: self }
    }
}
