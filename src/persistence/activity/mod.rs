//! Activity: events and staff notifications.

pub(in crate::persistence) mod events;
pub(in crate::persistence) mod notifications;
pub(in crate::persistence) mod pending_notifications;

pub use events::{Deed, Events};
pub use notifications::{DueNotification, NotificationLink, NotificationSettings, Notifications};
