//! Tests of clients and contacts.

pub mod contacts;
pub mod repository;
