//! Tests of the client pages.

pub mod list_import_merge;
pub mod merge;
pub mod page;
