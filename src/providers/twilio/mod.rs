//! Twilio: SMS and WhatsApp, through its Messages API and its signed webhooks.

mod address;
mod answer;
mod check;
mod client;
pub mod ids;
pub mod signature;
pub mod webhook;
mod webhook_client;

use futures_util::FutureExt as _;

use crate::domain::{Channel, ChannelProvider, SuppressionReason, Transport};
pub use crate::providers::twilio::client::Twilio;
pub use crate::providers::twilio::webhook_client::post_signed;
use crate::providers::{ChannelCheck, CheckResult, FailureClass, NO_RESPONSE, Registration, SendFrom};

/// The path to which Twilio reports what became of messages.
pub const STATUS_PATH: &str = "/crm/webhooks/twilio/status";

/// Twilio's error code for a recipient who has opted out.
const OPTED_OUT: &str = "21610";

/// The name of the provider.
pub const NAME: ChannelProvider = ChannelProvider::named("twilio");

/// The codes that would be the answer to every message of the channel: credentials, account, sender, channel.
const CHANNEL_CODES: [&str; 12] = [
    "20003", "20005", "20404", "21212", "21603", "21606", "21659", "21660", "21703", "21705", "30002",
    "63007",
];

/// The registration of Twilio.
pub(in crate::providers) static REGISTRATION: Registration = Registration {
    name: NAME,
    sender,
    may_start: true,
    webhooks: webhook::WEBHOOKS,
    webhooks_by_hand: true,
    status_path: Some(STATUS_PATH),
    classify: |code| match code {
        OPTED_OUT => FailureClass::suppressed(SuppressionReason::OptedOut),
        code if CHANNEL_CODES.contains(&code) => FailureClass::CHANNEL,
        code => FailureClass::of_any_provider(code),
    },
    suppression_code: |reason| if reason == SuppressionReason::OptedOut { OPTED_OUT } else { "closed" },
    check: |by, ChannelCheck { channel, secret, public_url }| {
        let twilio =
            Twilio::new(by.http.clone(), by.twilio_api_url.clone(), channel.account_sid.clone(), secret);
        async move {
            match public_url.join(webhook::INBOUND_PATH) {
                Ok(webhook) => twilio.check(&channel.senders(), &webhook).await,
                Err(error) => vec![CheckResult::failed("other-answer", error.to_string())],
            }
        }
        .boxed()
    },
    check_code: |kind| match kind {
        "credentials-refused" => Some("20003"),
        "account-suspended" | "account-closed" => Some("30002"),
        "account-unknown" | "number-missing" | "service-missing" | "whatsapp-missing" => Some("20404"),
        "no-answer" | "other-answer" => Some(NO_RESPONSE),
        _ => None,
    },
    open: |by, channel, token| {
        let api_url = by.twilio_api_url.clone();
        let twilio = Twilio::new(by.http.clone(), api_url, channel.account_sid.clone(), token);
        Box::new(twilio.with_media_fetcher(by.media.clone()))
    },
};

/// The sender of a transport. For SMS the Messaging Service takes precedence, since it selects the
/// number that the client knows.
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
