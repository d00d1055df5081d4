//! Tests of clients and merges.

pub mod crud;
pub mod merges;
