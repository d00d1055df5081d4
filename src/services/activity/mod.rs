//! Activity: the live stream, the audit log and staff notifications.

pub(in crate::services) mod audit;
mod event_hub;
pub(in crate::services) mod events;
pub(in crate::services) mod notifications;
pub(in crate::services) mod page_frame;

pub use crate::services::activity::audit::{AuditExport, AuditService};
pub use crate::services::activity::event_hub::{EventStream, LiveUpdate};
pub use crate::services::activity::events::EventService;
pub use crate::services::activity::notifications::{
    NotificationBot, NotificationContent, NotificationFormatter, NotificationPage, NotificationService,
};
pub(in crate::services) use crate::services::activity::page_frame::page_frame;
pub use crate::services::activity::page_frame::{Framed, PageFrame};
