//! Imports of clients: upload, mapping, check, storing.

pub(crate) mod actions;
pub(crate) mod invalid_rows;
pub mod list;
pub(crate) mod pages;
pub(crate) mod view;
