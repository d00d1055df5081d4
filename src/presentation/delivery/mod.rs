//! Files of messages, failed messages and webhooks.

pub(crate) mod attachments;
pub(crate) mod byte_ranges;
pub(crate) mod failed_messages;
pub(crate) mod uploads;
pub(crate) mod webhooks;

use crate::presentation::http::{feature::Feature, routes};

/// The route of file downloads.
pub const FEATURE: Feature =
    Feature::new("uploads", |table| table.get(routes::Upload::PATTERN, uploads::show));
