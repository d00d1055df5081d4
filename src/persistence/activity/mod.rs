//! Activity: events and staff notifications.

pub(in crate::persistence) mod events;
pub(in crate::persistence) mod notifications;
pub(in crate::persistence) mod pending_notifications;

pub use crate::persistence::activity::events::{AuditEntry, Events};
pub use crate::persistence::activity::notifications::{
    DueNotification, LinkedAccount, NotificationSettings, Notifications,
};
