//! The registered providers. `docs/providers.md` shows how to add one.

use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::Client;
use secrecy::SecretString;
use url::Url;

use crate::domain::{Channel, ChannelProvider, SuppressionReason, Transport};
use crate::providers::{
    CheckResult, OutboundMessage, Outcome, Provider, SendFrom,
    calls::reason,
    media::{FetchError, Fetched, MediaFetcher},
    telegram, twilio,
    webhook::Webhook,
};

/// The static properties of a provider and its functions.
pub struct Registration {
    /// The provider's name.
    pub name: ChannelProvider,
    /// The sender of messages by a transport; `None` if the channel does not carry it.
    pub sender: fn(&Channel, Transport) -> Option<SendFrom>,
    /// True if a channel may write to an address from which it has not received a message.
    pub may_start: bool,
    /// The path below the public URL to which it reports what became of messages, if it does.
    pub status_path: Option<&'static str>,
    /// Classifies an error code by its consequences for other messages.
    pub classify: fn(&str) -> FailureClass,
    /// The code of a message that is not sent for a suppression, as if the provider had refused it.
    pub suppression_code: fn(SuppressionReason) -> &'static str,
    /// Checks with the provider that a channel works and that its webhooks lead to this server.
    pub check: for<'a> fn(&'a Connections, ChannelCheck<'a>) -> BoxFuture<'a, Vec<CheckResult>>,
    /// The code of a failure that a check found, which is remembered as the channel's last error; none for what keeps
    /// nothing from being sent.
    pub check_code: fn(&'static str) -> Option<&'static str>,
    /// The webhooks that the provider posts to.
    pub webhooks: &'static [Webhook],
    /// True if a user enters the webhooks' URLs at the provider; false if connecting a channel sets
    /// them.
    pub webhooks_by_hand: bool,
    /// Connects a channel with its decrypted credentials.
    pub open: fn(&Connections, &Channel, SecretString) -> Box<dyn Provider>,
}

/// A channel that is to be checked.
pub struct ChannelCheck<'a> {
    /// The channel.
    pub channel: &'a Channel,
    /// The decrypted credentials.
    pub secret: SecretString,
    /// The base URL under which providers reach this server.
    pub public_url: &'a Url,
}

/// The consequences of an error code beyond the message that failed. Each code has a translation
/// under the key `failure-CODE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureClass {
    /// The other messages that would fail, too.
    pub scope: FailureScope,
    /// The reason to suppress the recipient's address, if there is one.
    pub suppression: Option<SuppressionReason>,
}

/// The range of messages that a failure affects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureScope {
    /// The failed message alone.
    Message,
    /// All messages to the recipient.
    Recipient,
    /// All messages of the channel: the failure concerns credentials, the account or the sender, or
    /// the provider does not answer.
    Channel,
}

impl FailureClass {
    /// A failure of one message.
    pub const MESSAGE: Self = Self { scope: FailureScope::Message, suppression: None };
    /// A failure of the whole channel.
    pub const CHANNEL: Self = Self { scope: FailureScope::Channel, suppression: None };

    /// A failure after which nothing more can be sent to the recipient.
    pub const fn suppressed(reason: SuppressionReason) -> Self {
        Self { scope: FailureScope::Recipient, suppression: Some(reason) }
    }

    /// Classifies codes that all providers share: an HTTP status, or no answer.
    pub fn of_any_provider(code: &str) -> Self {
        let server_error = code.len() == 3 && code.starts_with('5');
        if server_error || ["401", "403", "404", NO_RESPONSE].contains(&code) {
            Self::CHANNEL
        } else {
            Self::MESSAGE
        }
    }
}

/// The code of a provider that could not be reached.
pub const NO_RESPONSE: &str = "no-answer";

/// The HTTP clients and base URLs for calls to providers.
#[derive(Clone, Debug)]
pub struct Connections {
    /// The client for calls without files.
    pub http: Client,
    /// The client for calls with files.
    pub uploads: Client,
    /// The downloader of files from clients.
    pub media: MediaFetcher,
    /// The base URL of Twilio's API.
    pub twilio_api_url: Url,
    /// The base URL of the Telegram Bot API.
    pub telegram_api_url: Url,
}

/// All providers, one line each.
static REGISTRATIONS: [&Registration; 2] = [&twilio::REGISTRATION, &telegram::REGISTRATION];

/// The substitute for a provider that this version does not know; its channels send nothing.
static UNKNOWN: Registration = Registration {
    name: ChannelProvider::named("unknown"),
    sender: |_, _| None,
    may_start: false,
    status_path: None,
    classify: FailureClass::of_any_provider,
    suppression_code: |_| "closed",
    check: |_, check| {
        let name = check.channel.provider.as_str().to_owned();
        async move { vec![CheckResult::failed("other-answer", name)] }.boxed()
    },
    check_code: |_| Some(NO_RESPONSE),
    webhooks: &[],
    webhooks_by_hand: false,
    open: |_, _, _| Box::new(UnknownProvider),
};

struct UnknownProvider;

impl Provider for UnknownProvider {
    fn send<'a>(&'a self, _: &'a OutboundMessage) -> BoxFuture<'a, Outcome> {
        async { Outcome::Refused(reason("this version does not know the provider")) }.boxed()
    }

    fn fetch<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Fetched, FetchError>> {
        async { Err(FetchError::Refused("this version does not know the provider")) }.boxed()
    }
}

/// The webhooks of all providers.
pub fn webhooks() -> impl Iterator<Item = &'static Webhook> {
    REGISTRATIONS.iter().flat_map(|registration| registration.webhooks)
}

/// The registration of a provider.
pub fn registration(provider: &ChannelProvider) -> &'static Registration {
    REGISTRATIONS.iter().find(|registration| registration.name == *provider).copied().unwrap_or(&UNKNOWN)
}

/// True if any provider uses this code for a failure of the whole channel. Codes of different
/// providers are disjoint.
pub fn affects_whole_channel(code: &str) -> bool {
    REGISTRATIONS.iter().any(|registration| (registration.classify)(code).scope == FailureScope::Channel)
}

/// The sender of messages by this transport; `None` if the channel does not carry it or is
/// disabled.
pub fn sender(channel: &Channel, transport: Transport) -> Option<SendFrom> {
    if channel.disabled_at.is_some() {
        return None;
    }
    (registration(&channel.provider).sender)(channel, transport)
}

/// True if a channel carries a transport, even while it is disabled.
pub fn carries(channel: &Channel, transport: Transport) -> bool {
    (registration(&channel.provider).sender)(channel, transport).is_some()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn channel_failures_are_classified_by_code() {
        for code in
            ["20003", "21606", "30002", "63007", "telegram-unauthorized", "401", "404", "503", NO_RESPONSE]
        {
            assert!(affects_whole_channel(code), "{code}");
        }
        for code in ["30003", "21610", "telegram-blocked", "400", "429", "50", "5000", ""] {
            assert!(!affects_whole_channel(code), "{code}");
        }
    }

    #[test]
    fn unknown_providers_send_nothing() {
        let registration = registration(&ChannelProvider::named("pigeon"));
        assert!(!registration.may_start && registration.webhooks.is_empty());
        assert_eq!((registration.classify)("401"), FailureClass::CHANNEL);
    }

    #[test]
    fn names_and_paths_are_unique() {
        let mut names: Vec<_> = REGISTRATIONS.iter().map(|registration| registration.name.as_str()).collect();
        let mut paths: Vec<_> = webhooks().map(|webhook| webhook.path).collect();
        assert!(webhooks().all(|webhook| names.contains(&webhook.provider.as_str())));
        for list in [&mut names, &mut paths] {
            let before = list.len();
            list.sort_unstable();
            list.dedup();
            assert_eq!(list.len(), before, "{list:?}");
        }
    }

    /// Transports are words of the domain, and a provider may have the name of one.
    #[test]
    fn the_domain_names_no_provider() {
        let is_transport = |name: &str| Transport::ALL.iter().any(|transport| transport.as_str() == name);
        let names = REGISTRATIONS.iter().map(|registration| registration.name.as_str());
        let names: Vec<_> = names.filter(|name| !is_transport(name)).collect();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain")];
        let mut read = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = fs::read_to_string(&path).unwrap().to_lowercase();
                let path = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string();
                for name in &names {
                    assert!(!text.contains(name) && !path.contains(name), "{path} names {name}");
                }
                read += 1;
            }
        }
        assert!(read > 20, "{read} files");
    }
}
