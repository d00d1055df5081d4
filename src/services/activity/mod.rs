//! Activity: the live stream and staff notifications.

pub(in crate::services) mod events;
pub(in crate::services) mod notifications;

pub use events::EventService;
pub use notifications::{Notice, NotificationBot, NotificationService, Words};
