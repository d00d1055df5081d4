//! Delivery: inbound messages, the outbox, provider reports, failed messages, media and files.

pub(in crate::services) mod content_type;
pub(in crate::services) mod failed_messages;
pub(in crate::services) mod fair_scheduler;
pub(in crate::services) mod files;
pub(in crate::services) mod inbound;
pub(in crate::services) mod inbound_changes;
pub(in crate::services) mod inbound_sender;
pub(in crate::services) mod inbound_staff;
pub(in crate::services) mod media;
pub(in crate::services) mod routes;
pub(in crate::services) mod service;
pub(in crate::services) mod thumbnails;

pub use crate::services::delivery::failed_messages::{ChannelQueue, FailedSelection, QueueService, Resent};
pub use crate::services::delivery::files::{FileService, Signature, UPLOADS_PATH, Uploads};
pub use crate::services::delivery::inbound::{InboundMessage, InboundService, Received};
pub use crate::services::delivery::media::MediaService;
pub use crate::services::delivery::routes::{Closed, Reach, Why};
pub use crate::services::delivery::service::{
    CHANNEL_CHANGED, CHANNEL_DISABLED, CHANNEL_REMOVED, DeliveryService, GAVE_UP, ReportedStatus,
    TWILIO_INBOUND_PATH, UNKNOWN_FATE,
};
