//! Activity: the live stream and staff notifications.

mod event_hub;
pub(in crate::services) mod events;
pub(in crate::services) mod notifications;
pub(in crate::services) mod page_frame;

pub use crate::services::activity::event_hub::{EventStream, LiveUpdate};
pub use crate::services::activity::events::EventService;
pub use crate::services::activity::notifications::{
    NotificationBot, NotificationContent, NotificationFormatter, NotificationPage, NotificationService,
};
pub(in crate::services) use crate::services::activity::page_frame::page_frame;
pub use crate::services::activity::page_frame::{Framed, PageFrame};
