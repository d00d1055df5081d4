//! Activity: events and staff notifications.

mod cross_tenant;
pub(in crate::persistence) mod events;
pub(in crate::persistence) mod notifications;

use crate::persistence::{Snapshot, UnitOfWork};
pub use events::{AuditEntry, Events};
pub use notifications::{
    DueNotification, LinkedAccount, NotificationSettings, Notifications, NotificationsMut,
};

impl Snapshot {
    /// Events.
    pub fn events(&mut self) -> Events<'_> {
        Events { snapshot: self }
    }

    /// Staff notifications.
    pub fn notifications(&mut self) -> Notifications<'_> {
        Notifications { snapshot: self }
    }
}

impl UnitOfWork {
    /// Write access to staff notifications.
    pub fn notifications_mut(&mut self) -> NotificationsMut<'_> {
        NotificationsMut { work: self }
    }
}
