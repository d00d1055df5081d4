//! Providers for the tests: signed webhooks and simulators.

pub mod telegram;
pub mod twilio;
pub mod webhook;
