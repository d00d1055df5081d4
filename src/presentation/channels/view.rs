//! View models of channels, used as JSON and on pages. They contain no secrets.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{Channel, ChannelId, PhoneNumber, Transport},
    presentation::{AppState, chats::messages::view::failure_message, ui::i18n::I18n},
    providers::{Registration, carries, registration, registrations},
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
    #[serde(rename = "account_sid")]
    pub account: String,
    /// The addresses of all kinds that are fields of a provider; those that the channel does not have are null.
    #[serde(flatten)]
    pub addresses: BTreeMap<&'static str, Option<String>>,
    /// `working`, `failing` or `disabled`.
    pub state: &'static str,
    pub disabled_at: Option<DateTime<Utc>>,
    pub last_webhook_at: Option<DateTime<Utc>>,
    pub refused_webhook_at: Option<DateTime<Utc>>,
    /// The time until which missed messages were looked for. These three are absent before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_read_at: Option<DateTime<Utc>>,
    /// The time when missed messages were fetched last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filled_at: Option<DateTime<Utc>>,
    /// The number of messages that were fetched then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filled_count: Option<i64>,
    /// True if missed messages can be fetched.
    #[serde(skip)]
    pub keeps_inbound: bool,
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
        let to_copy = registration.webhooks.iter().filter(|_| registration.has_webhooks_by_hand());
        let kinds = registrations().flat_map(Registration::address_fields).map(|field| field.name);
        let webhooks = to_copy
            .map(|webhook| WebhookView { kind: webhook.kind, url: format!("{base}{}", webhook.path) })
            .collect();
        Self {
            id: channel.id,
            provider: channel.provider.as_str().to_owned(),
            name: name(&channel),
            transports: transports.map(|transport| transport.as_str()).collect(),
            state: channel.state().as_str(),
            addresses: kinds.map(|kind| (kind, channel.address(kind).map(str::to_owned))).collect(),
            last_error: channel.last_error.map(|error| ErrorView {
                at: error.at,
                message: failure_message(&error.failure, i18n),
                code: error.failure.code,
            }),
            account: channel.account,
            disabled_at: channel.disabled_at,
            last_webhook_at: channel.last_webhook_at,
            refused_webhook_at: refused_at,
            history_read_at: channel.history_read_at,
            filled_at: channel.filled.map(|(at, _)| at),
            filled_count: channel.filled.map(|(_, count)| count),
            keeps_inbound: registration.capabilities.keeps_inbound,
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
    let shown = |name: String| match PhoneNumber::parse_international(&name) {
        Ok(number) => number.format_international(),
        Err(_) => name,
    };
    let names: Vec<_> = (registration(&channel.provider).names)(channel).into_iter().map(shown).collect();
    if names.is_empty() { channel.account.clone() } else { names.join(" · ") }
}
