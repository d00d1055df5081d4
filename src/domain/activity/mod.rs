//! Activity: domain events and staff notifications.

pub(in crate::domain) mod event;
pub(in crate::domain) mod notification;

pub use crate::domain::activity::event::{Event, EventKind, RecordedEvent};
pub use crate::domain::activity::notification::{
    InboundNotifications, NotificationKind, NotificationPreferences, QuietHours,
};
