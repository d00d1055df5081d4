//! Delivery: the outbox, its leases, attachments and failed messages.

pub(in crate::persistence) mod attachments;
pub(in crate::persistence) mod deliveries;
pub(in crate::persistence) mod failed_messages;
pub(in crate::persistence) mod leases;

pub use crate::persistence::delivery::attachments::{
    Attachments, LeasedFetch, NewFile, Source, StoredFile, Thumbnail,
};
pub use crate::persistence::delivery::deliveries::{Deliveries, LeasedDelivery};
pub use crate::persistence::delivery::failed_messages::{ChannelBacklog, FailedMessages};
pub use crate::persistence::delivery::leases::DueChannel;
