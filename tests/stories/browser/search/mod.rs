//! Search.

pub mod spotlight;
