//! Twilio: SMS and WhatsApp, out through its Messages API and in through its signed webhooks.

mod address;
mod answer;
mod check;
mod client;
pub mod signature;
pub mod webhook;
mod webhook_client;

use crate::domain::{Channel, SuppressionReason, Transport};
pub use crate::providers::twilio::client::Twilio;
pub use crate::providers::twilio::webhook_client::post_signed;
use crate::providers::{Registration, SendFrom};

/// The path to which Twilio reports what became of messages.
pub const STATUS_PATH: &str = "/crm/webhooks/twilio/status";

/// Twilio's code for a recipient who has said STOP.
const OPTED_OUT: &str = "21610";

/// Twilio among the providers.
pub(in crate::providers) const REGISTRATION: Registration = Registration {
    sender,
    may_start: true,
    webhooks: webhook::WEBHOOKS,
    webhooks_by_hand: true,
    status_path: Some(STATUS_PATH),
    suppressions: &[(OPTED_OUT, SuppressionReason::OptedOut)],
    open: |by, channel, token| {
        let api_url = by.twilio_api_url.clone();
        let twilio = Twilio::new(by.http.clone(), api_url, channel.account_sid.clone(), token);
        Box::new(twilio.with_media_fetcher(by.media.clone()))
    },
};

/// SMS prefer the Messaging Service, which picks the number that the client knows.
fn sender(channel: &Channel, transport: Transport) -> Option<SendFrom> {
    let number = |number: &Option<String>| number.clone().map(SendFrom::Number);
    match transport {
        Transport::Sms => {
            let service = channel.messaging_service_sid.clone().map(SendFrom::MessagingService);
            service.or_else(|| number(&channel.sms_number))
        }
        Transport::Whatsapp => number(&channel.whatsapp_number),
        _ => None,
    }
}
