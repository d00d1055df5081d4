//! Activity.

pub mod live_stream;
pub mod notifications;
