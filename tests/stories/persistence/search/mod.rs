//! Tests of the full-text index.

pub mod index;
