//! Clients.

pub mod contacts;
pub mod repository;
