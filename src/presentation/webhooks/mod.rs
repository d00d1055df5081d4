//! What providers post. Only here is anything done for someone who is not signed in, and only after a signature.

mod telegram;
mod twilio;

use super::{feature::Feature, routes, spotlight::Spotlight};

/// Webhooks of all providers.
pub const FEATURE: Feature = Feature {
    name: "webhooks",
    navigation: None,
    spotlight: Spotlight::NONE,
    routes: |table| {
        table
            .post(routes::TwilioWebhook::PATTERN, twilio::inbound)
            .post(routes::TwilioStatus::PATTERN, twilio::status)
            .post(routes::TelegramWebhook::PATTERN, telegram::update)
    },
};
