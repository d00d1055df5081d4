//! Activity: the live stream and staff notifications.

pub(in crate::services) mod events;
pub(in crate::services) mod notifications;

pub use crate::services::activity::events::EventService;
pub use crate::services::activity::notifications::{
    NotificationBot, NotificationContent, NotificationFormatter, NotificationService,
};
