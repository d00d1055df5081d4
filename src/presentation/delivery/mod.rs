//! Files of messages, failed messages and webhooks.

pub(crate) mod attachments;
pub(crate) mod byte_ranges;
pub(crate) mod failed_messages;
pub(crate) mod uploads;
pub(crate) mod webhooks;

use crate::presentation::http::{feature::Feature, routes};

/// The routes of file downloads and of failed messages. Webhooks are a feature of their own,
/// [`webhooks::FEATURE`].
pub const FEATURE: Feature = Feature::new("delivery", |table| {
    table
        .get(routes::Upload::PATTERN, uploads::show)
        .get(routes::Deliveries::PATTERN, failed_messages::show)
        .post(routes::ResendDeliveries::PATTERN, failed_messages::resend)
});
