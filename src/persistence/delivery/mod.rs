//! Delivery: the outbox, its leases, attachments and failed messages.

pub(in crate::persistence) mod attachments;
pub(in crate::persistence) mod deliveries;
pub(in crate::persistence) mod failed_messages;
pub(in crate::persistence) mod leases;

pub use crate::persistence::delivery::attachments::{
    Attachments, ClaimedFetch, NewFile, Source, StoredFile, Thumbnail,
};
pub use crate::persistence::delivery::deliveries::{ClaimedDelivery, Deliveries};
pub use crate::persistence::delivery::failed_messages::{Backlogs, Undeliveries};
pub use crate::persistence::delivery::leases::DueChannel;
