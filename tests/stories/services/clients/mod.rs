//! Clients.

pub mod crud;
pub mod merges;
