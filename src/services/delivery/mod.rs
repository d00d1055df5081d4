//! Delivery: inbound messages, the outbox, provider reports, failed messages, media and files.

pub(in crate::services) mod content_type;
pub(in crate::services) mod failed_messages;
pub(in crate::services) mod files;
pub(in crate::services) mod inbound;
pub(in crate::services) mod inbound_changes;
pub(in crate::services) mod inbound_sender;
pub(in crate::services) mod inbound_staff;
pub(in crate::services) mod media;
pub(in crate::services) mod missed;
pub(in crate::services) mod queue;
pub(in crate::services) mod routes;
pub(in crate::services) mod service;
pub(in crate::services) mod thumbnails;

pub use crate::services::delivery::failed_messages::{
    ChannelOutbox, FailedSelection, OutboxPage, OutboxService, RetryResult,
};
pub use crate::services::delivery::files::{FileService, LinkSignature, UPLOADS_PATH, Uploads};
pub use crate::services::delivery::inbound::{InboundService, Received};
pub use crate::services::delivery::media::MediaService;
pub use crate::services::delivery::missed::{MissedMessageService, MissedMessages};
pub use crate::services::delivery::queue::QueueWait;
pub use crate::services::delivery::routes::{
    DeliveryRoute, Reachability, UnreachableReason, UnreachableTransport,
};
pub use crate::services::delivery::service::{
    ADDRESS_REMOVED, CHANNEL_CHANGED, CHANNEL_DISABLED, CHANNEL_REMOVED, DELIVERY_UNCONFIRMED,
    DeliveryService, RETRIES_EXHAUSTED,
};
