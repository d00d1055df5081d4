//! Channels.

pub mod connecting;
