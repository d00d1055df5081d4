//! Twilio: SMS and WhatsApp, through its Messages API and its signed webhooks.

mod address;
mod answer;
mod check;
mod client;
mod history;
pub mod ids;
pub mod signature;
pub mod webhook;
mod webhook_client;

use chrono::TimeDelta;
use futures_util::{FutureExt as _, future::BoxFuture};
use secrecy::SecretString;

use crate::domain::{
    Channel, ChannelAddresses, ChannelProvider, ChannelSettings, FieldErrors, FileLimits, MAX_FILES, Problem,
    SuppressionReason, Transport,
};
pub use crate::providers::twilio::client::Twilio;
pub use crate::providers::twilio::webhook_client::post_signed;
use crate::providers::{
    Capabilities, ChannelCheck, CheckResult, ConnectRequest, Connected, ConnectionField, Connections,
    FailureClass, FieldRole, NO_RESPONSE, Registration, SendFrom, TransportCapabilities, WebhookSetup,
};

/// The path to which Twilio reports what became of messages.
pub const STATUS_PATH: &str = "/crm/webhooks/twilio/status";

/// Twilio's error code for a recipient who has opted out.
const OPTED_OUT: &str = "21610";

/// The name of the provider.
pub const NAME: ChannelProvider = ChannelProvider::named("twilio");

/// The field of the account's SID.
pub const ACCOUNT_SID: &str = "account_sid";
/// The field of the auth token.
pub const AUTH_TOKEN: &str = "auth_token";
/// The sender of SMS: a number in E.164, a short code or a name.
pub const SMS_NUMBER: &str = "sms_number";
/// The WhatsApp sender, without a prefix.
pub const WHATSAPP_NUMBER: &str = "whatsapp_number";
/// The Messaging Service for SMS, which takes precedence over the number.
pub const MESSAGING_SERVICE: &str = "messaging_service_sid";

const FIELDS: &[ConnectionField] = &[
    ConnectionField {
        name: ACCOUNT_SID,
        role: FieldRole::Account,
        parse: |text, _| ids::parse_sid("AC", text),
    },
    ConnectionField {
        name: AUTH_TOKEN,
        role: FieldRole::Secret,
        parse: |text, _| ids::parse_auth_token(text),
    },
    ConnectionField { name: SMS_NUMBER, role: FieldRole::Address, parse: ids::parse_sms_sender },
    ConnectionField {
        name: WHATSAPP_NUMBER,
        role: FieldRole::Address,
        parse: |text, country| ids::parse_whatsapp_sender(text, country).map(|number| number.to_string()),
    },
    ConnectionField {
        name: MESSAGING_SERVICE,
        role: FieldRole::Address,
        parse: |text, _| ids::parse_sid("MG", text),
    },
];

/// Appends the MIME types of office documents to a list.
macro_rules! with_office {
    ($($own:literal),*) => {
        &[$($own,)* "application/pdf", "application/msword", "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint", "application/vnd.openxmlformats-officedocument.", "text/csv",
            "text/plain", "text/vcard"]
    };
}

/// The limits that Twilio publishes in "Accepted content types for media" and "Send media messages": an MMS has up to
/// ten files, a WhatsApp message one. WhatsApp accepts any text for a day after the client's last message.
const TRANSPORTS: &[TransportCapabilities] = &[
    TransportCapabilities {
        transport: Transport::Sms,
        max_text: 1_600,
        splits_text: false,
        files: Some(FileLimits {
            count: MAX_FILES,
            total: 5_000_000,
            types: with_office!(
                "image/jpeg",
                "image/png",
                "image/gif",
                "image/bmp",
                "image/tiff",
                "image/heif",
                "image/heic",
                "audio/",
                "video/",
                "text/calendar",
                "text/rtf",
                "application/rtf"
            ),
        }),
        window: None,
        templates: false,
    },
    TransportCapabilities {
        transport: Transport::Whatsapp,
        max_text: 1_600,
        splits_text: false,
        files: Some(FileLimits {
            count: 1,
            total: 16_000_000,
            types: with_office!("image/jpeg", "image/png", "image/webp", "audio/", "video/mp4", "video/3gpp"),
        }),
        window: Some(TimeDelta::hours(24)),
        templates: true,
    },
];

/// The codes that would be the answer to every message of the channel: credentials, account, sender, channel.
const CHANNEL_CODES: [&str; 12] = [
    "20003", "20005", "20404", "21212", "21603", "21606", "21659", "21660", "21703", "21705", "30002",
    "63007",
];

/// The registration of Twilio.
pub(in crate::providers) static REGISTRATION: Registration = Registration {
    name: NAME,
    api_url: "https://api.twilio.com",
    fields: FIELDS,
    connect,
    webhook_setup: WebhookSetup::ByHand,
    names,
    username: |_| None,
    invite_link: |_, _| None,
    sender,
    consent_addresses,
    capabilities: Capabilities {
        transports: TRANSPORTS,
        rate,
        may_start: true,
        reports_delivery: true,
        reports_read: true,
        keeps_inbound: true,
        edits: false,
    },
    webhooks: webhook::WEBHOOKS,
    status_path: Some(STATUS_PATH),
    parse_template_id: Some(ids::parse_content_sid),
    classify: |code| match code {
        OPTED_OUT => FailureClass::suppressed(SuppressionReason::OptedOut),
        code if CHANNEL_CODES.contains(&code) => FailureClass::CHANNEL,
        code => FailureClass::of_any_provider(code),
    },
    suppression_code: |reason| if reason == SuppressionReason::OptedOut { OPTED_OUT } else { "closed" },
    check: |by, ChannelCheck { channel, secret, public_url }| {
        let twilio = twilio(by, &channel.account, secret);
        async move {
            match public_url.join(webhook::INBOUND_PATH) {
                Ok(webhook) => twilio.check(&channel.addresses, &webhook).await,
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
        Box::new(twilio(by, &channel.account, token).with_media_fetcher(by.media.clone()))
    },
};

fn twilio(by: &Connections, account: &str, token: SecretString) -> Twilio {
    Twilio::new(by.http.clone(), by.api_url(&NAME), account.to_owned(), token)
}

/// Credentials that Twilio certainly refuses are a typing mistake; if it can't be asked, they are accepted.
fn connect<'a>(
    by: &'a Connections,
    request: ConnectRequest<'a>,
) -> BoxFuture<'a, Result<Connected, FieldErrors>> {
    async move {
        let values = request.values;
        let account = values.get(ACCOUNT_SID).to_owned();
        let mut unproven = Some("unverified".to_owned());
        if request.verify {
            let found = twilio(by, &account, values.get(AUTH_TOKEN).into()).account().await;
            let field = match found.kind {
                "credentials-refused" => Some(AUTH_TOKEN),
                "account-unknown" => Some(ACCOUNT_SID),
                _ => None,
            };
            if let Some(field) = field {
                return Err(FieldErrors::one(field, Problem::CredentialsRefused));
            }
            let known = ["account-active", "account-suspended", "account-closed"].contains(&found.kind);
            unproven = (!known).then_some(found.subject);
        }
        let addresses = values.addresses(FIELDS);
        Ok(Connected { account, addresses, settings: ChannelSettings::new(), unproven })
    }
    .boxed()
}

/// The numbers of a channel, or its Messaging Service.
fn names(channel: &Channel) -> Vec<String> {
    let address = |kind| channel.address(kind).map(str::to_owned);
    let mut names: Vec<_> = [SMS_NUMBER, WHATSAPP_NUMBER].into_iter().filter_map(address).collect();
    names.dedup();
    if names.is_empty() {
        names.extend(address(MESSAGING_SERVICE));
    }
    names
}

/// Twilio queues what exceeds the rate of the sender itself, so this only avoids answers of 429. Short codes, services and
/// WhatsApp senders have the rate of many numbers.
fn rate(addresses: &ChannelAddresses, transport: Transport) -> u32 {
    match addresses.get(SMS_NUMBER) {
        Some(number)
            if transport == Transport::Sms
                && number.starts_with('+')
                && addresses.get(MESSAGING_SERVICE).is_none() =>
        {
            10
        }
        _ => 40,
    }
}

/// The numbers of a transport, and the Messaging Service for SMS: the channel may be connected again with one of them.
fn consent_addresses(channel: &Channel, transport: Transport) -> Vec<String> {
    let kinds: &[&str] = match transport {
        Transport::Sms => &[SMS_NUMBER, MESSAGING_SERVICE],
        Transport::Whatsapp => &[WHATSAPP_NUMBER],
        _ => &[],
    };
    kinds.iter().filter_map(|kind| channel.address(kind)).map(str::to_owned).collect()
}

/// The sender of a transport. For SMS the Messaging Service takes precedence, since it selects the
/// number that the client knows.
fn sender(channel: &Channel, transport: Transport) -> Option<SendFrom> {
    let address = |kind| channel.address(kind).map(str::to_owned);
    match transport {
        Transport::Sms => {
            let service = address(MESSAGING_SERVICE).map(SendFrom::MessagingService);
            service.or_else(|| address(SMS_NUMBER).map(SendFrom::Number))
        }
        Transport::Whatsapp => address(WHATSAPP_NUMBER).map(SendFrom::Number),
        _ => None,
    }
}
