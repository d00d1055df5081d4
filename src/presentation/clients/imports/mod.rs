//! Imports of clients: upload, mapping, check, storing.

pub mod cancel;
pub mod check;
pub mod flaws;
pub mod list;
pub mod show;
pub mod start;
pub mod upload;
mod view;
