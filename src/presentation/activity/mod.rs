//! Activity: the live stream and staff notifications.

pub(crate) mod live_stream;
pub(crate) mod notification_settings;
pub(crate) mod notification_texts;
