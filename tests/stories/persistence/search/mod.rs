//! Search.

pub mod index;
