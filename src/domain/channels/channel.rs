//! A tenant's connection to a provider.

use std::{borrow::Cow, collections::BTreeMap, str::FromStr};

use chrono::{DateTime, Utc};

use crate::domain::{ChannelId, Failure, Problem, TenantId};

/// The name of a channel's provider in the registry of providers. The domain does not know which
/// providers exist.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelProvider(Cow<'static, str>);

impl ChannelProvider {
    /// The longest name.
    const MAX_LENGTH: usize = 32;

    /// A name that is written in the code.
    pub const fn named(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The name in JSON and in the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ChannelProvider {
    type Err = Problem;

    /// Parses a name: lower-case Latin letters, digits and hyphens.
    fn from_str(text: &str) -> Result<Self, Problem> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if text.is_empty() {
            Err(Problem::Required)
        } else if text.len() > Self::MAX_LENGTH {
            Err(Problem::TooLong { max: Self::MAX_LENGTH })
        } else if text.bytes().all(allowed) {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(Problem::BadCharacters)
        }
    }
}

/// The reason why a channel must not send to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuppressionReason {
    /// The recipient blocked the sender.
    Blocked,
    /// The address no longer exists.
    Gone,
    /// The recipient opted out, for example by replying STOP.
    OptedOut,
}

impl SuppressionReason {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Gone => "gone",
            Self::OptedOut => "opted-out",
        }
    }

    /// Reads the name in the database; unknown names are read as [`Blocked`](Self::Blocked).
    pub fn parse(text: &str) -> Self {
        let known = [Self::Gone, Self::OptedOut].into_iter().find(|why| why.as_str() == text);
        known.unwrap_or(Self::Blocked)
    }
}

/// A channel without its credentials, which only the services that need them decrypt.
#[derive(Debug, Clone)]
pub struct Channel {
    /// The channel's id.
    pub id: ChannelId,
    /// The tenant that the channel belongs to.
    pub tenant: TenantId,
    /// The provider that carries the messages.
    pub provider: ChannelProvider,
    /// The provider's id of the account or bot.
    pub account: String,
    /// The addresses that the channel sends from and receives at.
    pub addresses: ChannelAddresses,
    /// The settings that only the provider reads, none of them secret.
    pub settings: ChannelSettings,
    /// The time when the channel was connected.
    pub created_at: DateTime<Utc>,
    /// The time when the provider accepted the credentials; `None` for a channel that is not proven. A webhook proves
    /// nothing, because whoever made up the credentials can sign it.
    pub proven_at: Option<DateTime<Utc>>,
    /// The time since when the channel is disabled: it neither sends nor receives messages.
    pub disabled_at: Option<DateTime<Utc>>,
    /// The time of the provider's last webhook, accurate to 30 seconds.
    pub last_webhook_at: Option<DateTime<Utc>>,
    /// The time until which the provider's list of inbound messages was read.
    pub history_read_at: Option<DateTime<Utc>>,
    /// The time when missed messages were fetched last, and their number.
    pub filled: Option<(DateTime<Utc>, i64)>,
    /// The most recent failure.
    pub last_error: Option<ChannelError>,
    /// True if that failure was the channel's own and no message has been accepted by the provider
    /// since.
    pub failing: bool,
}

/// The last failure of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelError {
    /// The provider's code and text.
    pub failure: Failure,
    /// The time of the failure.
    pub at: DateTime<Utc>,
}

/// The health of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelState {
    /// No failure of the channel itself is known.
    Working,
    /// The last attempt failed for a reason that concerns every message, such as wrong credentials.
    Failing,
    /// The credentials are not confirmed by the provider yet.
    Unproven,
    /// A user disabled the channel.
    Disabled,
}

impl ChannelState {
    /// All variants.
    pub const ALL: [Self; 4] = [Self::Working, Self::Failing, Self::Unproven, Self::Disabled];

    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Failing => "failing",
            Self::Unproven => "unproven",
            Self::Disabled => "disabled",
        }
    }
}

/// Settings of a channel that only its provider reads, such as a bot's username. They are stored as JSON.
pub type ChannelSettings = BTreeMap<String, String>;

/// The addresses that a channel sends from and receives at, by kind. The kinds are words of the provider, such as
/// `sms_number`; an address is written as the provider writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChannelAddresses(BTreeMap<String, String>);

impl ChannelAddresses {
    /// The address of a kind.
    pub fn get(&self, kind: &str) -> Option<&str> {
        self.0.get(kind).map(String::as_str)
    }

    /// Sets the address of a kind, or removes it.
    pub fn set(&mut self, kind: &str, address: Option<String>) {
        match address {
            Some(address) => drop(self.0.insert(kind.to_owned(), address)),
            None => drop(self.0.remove(kind)),
        }
    }

    /// The kinds with their addresses, sorted by kind.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(kind, address)| (kind.as_str(), address.as_str()))
    }

    /// True if there is no address at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Into<String>, A: Into<String>> FromIterator<(K, A)> for ChannelAddresses {
    fn from_iter<I: IntoIterator<Item = (K, A)>>(addresses: I) -> Self {
        Self(addresses.into_iter().map(|(kind, address)| (kind.into(), address.into())).collect())
    }
}

impl Channel {
    /// The channel's health, derived from `disabled_at`, `failing` and `proven_at`.
    pub fn state(&self) -> ChannelState {
        match (self.disabled_at, self.failing) {
            (Some(_), _) => ChannelState::Disabled,
            (None, true) => ChannelState::Failing,
            (None, false) if self.proven_at.is_none() => ChannelState::Unproven,
            (None, false) => ChannelState::Working,
        }
    }

    /// The channel's address of a kind.
    pub fn address(&self, kind: &str) -> Option<&str> {
        self.addresses.get(kind)
    }

    /// True if `address` is one of the channel's own. Webhooks identify the channel by it.
    pub fn has_address(&self, address: &str) -> bool {
        !address.is_empty() && self.addresses.iter().any(|(_, own)| own == address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provider_names_are_validated() {
        assert_eq!("gateway-2".parse(), Ok(ChannelProvider::named("gateway-2")));
        for (text, problem) in [
            ("", Problem::Required),
            ("Gateway", Problem::BadCharacters),
            ("a b", Problem::BadCharacters),
            ("шлюз", Problem::BadCharacters),
        ] {
            assert_eq!(text.parse::<ChannelProvider>(), Err(problem), "{text}");
        }
        assert_eq!("a".repeat(33).parse::<ChannelProvider>(), Err(Problem::TooLong { max: 32 }));
    }
}
