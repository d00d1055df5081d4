//! Channels.

pub mod settings;
