//! View models of channels, used as JSON and on pages. They contain no secrets.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{Channel, ChannelId, PhoneNumber, Transport},
    presentation::{AppState, chats::messages::view::failure_message, ui::i18n::I18n},
    providers::{carries, registration},
    services::ChannelReport,
};

/// A channel.
#[derive(Debug, Serialize)]
pub struct ChannelView {
    pub id: ChannelId,
    pub provider: String,
    /// The name: the bot's username, the numbers, or else the id of the service or account.
    pub name: String,
    pub transports: Vec<&'static str>,
    pub account_sid: String,
    pub sms_number: Option<String>,
    pub whatsapp_number: Option<String>,
    pub messaging_service_sid: Option<String>,
    /// `working`, `failing` or `disabled`.
    pub state: &'static str,
    pub disabled_at: Option<DateTime<Utc>>,
    pub last_webhook_at: Option<DateTime<Utc>>,
    pub refused_webhook_at: Option<DateTime<Utc>>,
    pub last_error: Option<ErrorView>,
    pub queued: i64,
    pub scheduled: i64,
    pub webhooks: Vec<WebhookView>,
    pub created_at: DateTime<Utc>,
}

/// The last error.
#[derive(Debug, Serialize)]
pub struct ErrorView {
    pub at: DateTime<Utc>,
    pub code: String,
    pub message: String,
}

/// An address to which the provider posts.
#[derive(Debug, Serialize)]
pub struct WebhookView {
    /// `message` or `status`.
    pub kind: &'static str,
    pub url: String,
}

impl ChannelView {
    /// Creates the view in the reader's language.
    pub fn new(report: ChannelReport, state: &AppState, i18n: I18n) -> Self {
        let ChannelReport { channel, queued, scheduled, refused_at } = report;
        let transports = Transport::ALL.iter().filter(|transport| carries(&channel, **transport));
        let base = state.services.dependencies().public_url.as_str().trim_end_matches('/').to_owned();
        // Webhooks that were registered with the provider automatically need not be shown for
        // copying.
        let registration = registration(&channel.provider);
        let to_copy = registration.webhooks.iter().filter(|_| registration.webhooks_by_hand);
        let webhooks = to_copy
            .map(|webhook| WebhookView { kind: webhook.kind, url: format!("{base}{}", webhook.path) })
            .collect();
        Self {
            id: channel.id,
            provider: channel.provider.as_str().to_owned(),
            name: name(&channel),
            transports: transports.map(|transport| transport.as_str()).collect(),
            state: channel.state().as_str(),
            last_error: channel.last_error.map(|error| ErrorView {
                at: error.at,
                message: failure_message(&error.failure, i18n),
                code: error.failure.code,
            }),
            account_sid: channel.account_sid,
            sms_number: channel.sms_number,
            whatsapp_number: channel.whatsapp_number,
            messaging_service_sid: channel.messaging_service_sid,
            disabled_at: channel.disabled_at,
            last_webhook_at: channel.last_webhook_at,
            refused_webhook_at: refused_at,
            queued,
            scheduled,
            webhooks,
            created_at: channel.created_at,
        }
    }
}

/// The name of a channel: the bot's username, the numbers, or else the id of the service or
/// account.
pub(in crate::presentation) fn name(channel: &Channel) -> String {
    if let Some(username) = &channel.username {
        return format!("@{username}");
    }
    let shown = |address: &String| {
        PhoneNumber::parse_e164(address)
            .map_or_else(|_| address.clone(), |number| number.format_international())
    };
    let mut names: Vec<String> =
        [&channel.sms_number, &channel.whatsapp_number].into_iter().flatten().map(shown).collect();
    names.dedup();
    if names.is_empty() {
        names.extend(channel.messaging_service_sid.clone());
    }
    if names.is_empty() { channel.account_sid.clone() } else { names.join(" · ") }
}
