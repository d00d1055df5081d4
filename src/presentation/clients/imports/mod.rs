//! Imports of clients: upload, mapping of columns, check, storage.

pub(crate) mod actions;
pub(crate) mod invalid_rows;
pub mod list;
pub(crate) mod pages;
pub(crate) mod view;
