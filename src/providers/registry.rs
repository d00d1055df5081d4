//! Which providers there are. `docs/providers.md` shows how to add one.

use reqwest::Client;
use secrecy::SecretString;
use url::Url;

use crate::domain::{Channel, ChannelProvider, SuppressionReason, Transport};
use crate::providers::{Provider, SendFrom, media::MediaFetcher, telegram, twilio, webhook::Webhook};

/// What is known of a provider's channels without calling anyone.
pub struct Registration {
    /// Where a message leaves from; none when the channel does not carry the transport.
    pub sender: fn(&Channel, Transport) -> Option<SendFrom>,
    /// Whether a channel may write first: to an address that has not written to it.
    pub may_start: bool,
    /// The path below the public URL to which it reports what became of messages, if it does.
    pub status_path: Option<&'static str>,
    /// The codes of failures after which nothing more can be sent to an address, and why not.
    pub suppressions: &'static [(&'static str, SuppressionReason)],
    /// Where it posts what comes in.
    pub webhooks: &'static [Webhook],
    /// Whether a person enters the webhooks' addresses at the provider; else connecting a channel does.
    pub webhooks_by_hand: bool,
    /// Opens a channel with its secret.
    pub open: fn(&Connections, &Channel, SecretString) -> Box<dyn Provider>,
}

impl Registration {
    /// Why nothing more can be sent after a failure, where that is so.
    pub fn suppression(&self, code: &str) -> Option<SuppressionReason> {
        self.suppressions.iter().find(|(of, _)| *of == code).map(|(_, why)| *why)
    }

    /// The code of what is not sent because a way is closed, as if the provider had refused it.
    pub fn suppression_code(&self, suppression: SuppressionReason) -> &'static str {
        self.suppressions.iter().find(|(_, of)| *of == suppression).map_or("closed", |(code, _)| code)
    }
}

/// By what providers are reached.
#[derive(Clone, Debug)]
pub struct Connections {
    /// Calls them.
    pub http: Client,
    /// Calls those that are handed files.
    pub uploads: Client,
    /// Fetches what clients sent from wherever a provider says that it is.
    pub media: MediaFetcher,
    /// Where Twilio's API is.
    pub twilio_api_url: Url,
    /// Where the Telegram Bot API is.
    pub telegram_api_url: Url,
}

/// All providers.
const REGISTRATIONS: [&Registration; 2] = [&twilio::REGISTRATION, &telegram::REGISTRATION];

/// The webhooks of all providers.
pub fn webhooks() -> impl Iterator<Item = &'static Webhook> {
    REGISTRATIONS.into_iter().flat_map(|registration| registration.webhooks)
}

/// What is known of a provider.
pub fn registration(provider: ChannelProvider) -> &'static Registration {
    match provider {
        ChannelProvider::Twilio => &twilio::REGISTRATION,
        ChannelProvider::Telegram => &telegram::REGISTRATION,
    }
}

/// Where a message of this transport leaves from; none when the channel does not carry it, or is switched off.
pub fn sender(channel: &Channel, transport: Transport) -> Option<SendFrom> {
    if channel.disabled_at.is_some() {
        return None;
    }
    (registration(channel.provider).sender)(channel, transport)
}
