//! Tests of channels.

pub mod connecting;
