//! Tests of clients, imports, exports and merges.

pub mod concurrent_changes;
pub mod crud;
pub mod export;
pub mod fields;
pub mod imports;
pub mod imports_of_programs;
pub mod list;
pub mod merges;
pub mod page;
