//! Files of messages, given out.

pub(crate) mod attachments;
pub(crate) mod byte_ranges;
pub(crate) mod failed_messages;
pub(crate) mod uploads;
pub(crate) mod webhooks;

use crate::presentation::http::{feature::Feature, routes};

/// Its place in the application.
pub const FEATURE: Feature =
    Feature::new("uploads", |table| table.get(routes::Upload::PATTERN, uploads::show));
