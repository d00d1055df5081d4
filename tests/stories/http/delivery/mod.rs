//! Tests of webhooks, files and failed messages.

pub mod addresses;
pub mod failed_messages;
pub mod files;
pub mod lanes;
pub mod missed_messages;
pub mod provider_failures;
pub mod quotas;
pub mod telegram_content;
pub mod telegram_webhooks;
pub mod twilio_content;
pub mod twilio_webhooks;
pub mod webhook_load;
