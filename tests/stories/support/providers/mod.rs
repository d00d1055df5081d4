//! Providers for the tests: simulators and signed webhooks.

pub mod telegram;
pub mod twilio;
pub mod webhook;
