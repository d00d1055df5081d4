//! Imports of clients: upload, mapping, check, storing.

pub(crate) mod actions;
pub mod cancel;
pub mod check;
pub(crate) mod invalid_rows;
pub mod list;
pub(crate) mod pages;
pub mod start;
pub(crate) mod view;
