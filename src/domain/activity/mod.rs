//! Activity: domain events, the audit log and staff notifications.

pub(in crate::domain) mod audit;
pub(in crate::domain) mod event;
pub(in crate::domain) mod notification;

pub use crate::domain::activity::audit::{Author, AuthorKind, Changes, DetailedEvent, ObjectType, Origin};
pub use crate::domain::activity::event::{Event, EventKind, RecordedEvent};
pub use crate::domain::activity::notification::{
    InboundNotifications, NotificationKind, NotificationPreferences, QuietHours,
};
