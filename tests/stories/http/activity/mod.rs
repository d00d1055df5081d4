//! Tests of the live stream and of notifications.

pub mod live_stream;
pub mod notifications;
