//! Tests of the channel settings.

pub mod settings;
