//! Activity: the live stream and staff notifications.

pub(in crate::services) mod events;
pub(in crate::services) mod notifications;

pub use crate::services::activity::events::EventService;
pub use crate::services::activity::notifications::{Notice, NotificationBot, NotificationService, Words};
