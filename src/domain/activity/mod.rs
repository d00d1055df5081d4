//! Activity: domain events and staff notifications.

pub(in crate::domain) mod event;
pub(in crate::domain) mod notification;

pub use crate::domain::activity::event::{Event, EventKind, Recorded};
pub use crate::domain::activity::notification::{NotificationKind, NotificationWishes, QuietHours, ToldOf};
