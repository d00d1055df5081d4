//! Activity: domain events and staff notifications.

pub(in crate::domain) mod event;
pub(in crate::domain) mod notification;

pub use event::{Event, EventKind, Recorded};
pub use notification::{NotificationKind, NotificationWishes, QuietHours, ToldOf};
