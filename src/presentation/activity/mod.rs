//! Activity: the live stream, the audit log and staff notifications.

pub(crate) mod audit;
pub(crate) mod live_stream;
pub(crate) mod notification_settings;
pub(crate) mod notification_texts;
