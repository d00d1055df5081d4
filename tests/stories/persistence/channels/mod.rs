//! Channels.

pub mod repository;
