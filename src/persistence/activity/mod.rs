//! Activity: events, the audit log and staff notifications.

pub(in crate::persistence) mod audit;
mod cross_tenant;
pub(in crate::persistence) mod events;
pub(in crate::persistence) mod notifications;

use crate::persistence::{Snapshot, UnitOfWork};
pub use audit::{ActorFilter, AuditBatches, AuditEntry, AuditFilter, AuditLog, AuditLogMut};
pub use events::Events;
pub use notifications::{
    DueNotification, LinkedAccount, NotificationSettings, Notifications, NotificationsMut,
};

impl Snapshot {
    /// Events.
    pub fn events(&mut self) -> Events<'_> {
        Events { snapshot: self }
    }

    /// The audit log.
    pub fn audit_log(&mut self) -> AuditLog<'_> {
        AuditLog { snapshot: self }
    }

    /// Staff notifications.
    pub fn notifications(&mut self) -> Notifications<'_> {
        Notifications { snapshot: self }
    }
}

impl UnitOfWork {
    /// The audit log, for the removal of personal data.
    pub fn audit_log_mut(&mut self) -> AuditLogMut<'_> {
        AuditLogMut { work: self }
    }

    /// Write access to staff notifications.
    pub fn notifications_mut(&mut self) -> NotificationsMut<'_> {
        NotificationsMut { work: self }
    }
}
