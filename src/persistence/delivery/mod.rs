//! Delivery: the outbox, its leases, attachments and failed messages.

pub(in crate::persistence) mod attachments;
mod cross_tenant;
pub(in crate::persistence) mod deliveries;
pub(in crate::persistence) mod failed_messages;

use crate::persistence::{Snapshot, UnitOfWork};
pub use attachments::{Attachments, AttachmentsMut, LeasedFetch, NewFile, Source, StoredFile, Thumbnail};
pub use cross_tenant::DueLane;
pub use deliveries::{Deliveries, DeliveriesMut, LeasedDelivery, QueuePosition};
pub use failed_messages::{ChannelBacklog, FailedMessages};

impl Snapshot {
    /// Files of messages.
    pub fn attachments(&mut self) -> Attachments<'_> {
        Attachments { snapshot: self }
    }

    /// The outbox.
    pub fn deliveries(&mut self) -> Deliveries<'_> {
        Deliveries { snapshot: self }
    }

    /// Waiting and failed messages.
    pub fn failed_messages(&mut self) -> FailedMessages<'_> {
        FailedMessages { snapshot: self }
    }
}

impl UnitOfWork {
    /// Write access to attachments.
    pub fn attachments_mut(&mut self) -> AttachmentsMut<'_> {
        AttachmentsMut { work: self }
    }

    /// Write access to deliveries.
    pub fn deliveries_mut(&mut self) -> DeliveriesMut<'_> {
        DeliveriesMut { work: self }
    }
}
