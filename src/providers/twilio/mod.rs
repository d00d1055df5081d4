//! Twilio: SMS and WhatsApp, out through its Messages API and in through its signed webhooks.

mod address;
mod answer;
mod check;
mod client;
pub mod signature;
pub mod webhook;
mod webhook_client;

pub use self::client::Twilio;
pub use self::webhook_client::post_signed;
