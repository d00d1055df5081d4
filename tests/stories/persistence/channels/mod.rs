//! Tests of channels.

pub mod repository;
