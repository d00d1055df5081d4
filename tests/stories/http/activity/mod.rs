//! Tests of the audit log, the live stream and notifications.

pub mod audit;
pub mod live_stream;
pub mod notifications;
