//! A tenant's connection to a provider.

use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::domain::{ChannelId, Failure, Problem, TenantId, Transport};

/// The company behind a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelProvider {
    /// Twilio: SMS and WhatsApp.
    Twilio,
    /// Telegram, by a bot.
    Telegram,
}

impl ChannelProvider {
    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Telegram => "telegram",
        }
    }
}

impl FromStr for ChannelProvider {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = [Self::Twilio, Self::Telegram].into_iter().find(|provider| provider.as_str() == text);
        found.ok_or(Problem::NotOneOf("twilio, telegram"))
    }
}

/// Why a channel can't send to an address any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuppressionReason {
    /// Whoever is there does not want it.
    Blocked,
    /// Nobody is there any more.
    Gone,
    /// Whoever is there said STOP.
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

    /// What the database says; anything unknown is blocked.
    pub fn parse(text: &str) -> Self {
        let known = [Self::Gone, Self::OptedOut].into_iter().find(|why| why.as_str() == text);
        known.unwrap_or(Self::Blocked)
    }
}

/// A channel without its secret, which only the services that need it decrypt.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// The tenant that it belongs to.
    pub tenant: TenantId,
    /// The provider.
    pub provider: ChannelProvider,
    /// Twilio's `AccountSid`, a bot's number.
    pub account_sid: String,
    /// The number or short code that SMS come to and leave from.
    pub sms_number: Option<String>,
    /// The WhatsApp sender, without Twilio's `whatsapp:` prefix.
    pub whatsapp_number: Option<String>,
    /// The Messaging Service that SMS leave by, preferred over the number.
    pub messaging_service_sid: Option<String>,
    /// The bot's username, without `@`.
    pub username: Option<String>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// Since when it is switched off: nothing leaves by it, and nothing that comes by it is taken.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When its provider posted something last, to half a minute.
    pub last_webhook_at: Option<DateTime<Utc>>,
    /// What went wrong last.
    pub last_error: Option<ChannelError>,
    /// Whether that was the channel's own fault, and nothing has been handed over since.
    pub failing: bool,
}

/// What went wrong with a channel, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelError {
    /// What.
    pub failure: Failure,
    /// When.
    pub at: DateTime<Utc>,
}

/// How a channel does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelState {
    /// Nothing has gone wrong that was its own fault.
    Working,
    /// What was tried last failed, and would for every message.
    Failing,
    /// It is switched off.
    Disabled,
}

impl ChannelState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Working, Self::Failing, Self::Disabled];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Failing => "failing",
            Self::Disabled => "disabled",
        }
    }
}

/// The addresses of a Twilio channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SenderAddresses {
    /// The number of SMS: E.164, a short code or a name.
    pub sms_number: Option<String>,
    /// The WhatsApp sender, without Twilio's `whatsapp:` prefix.
    pub whatsapp_number: Option<String>,
    /// The Messaging Service.
    pub messaging_service_sid: Option<String>,
}

impl SenderAddresses {
    /// Whether there is none, so that nothing could be sent.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Channel {
    /// How it does.
    pub fn state(&self) -> ChannelState {
        match (self.disabled_at, self.failing) {
            (Some(_), _) => ChannelState::Disabled,
            (None, true) => ChannelState::Failing,
            (None, false) => ChannelState::Working,
        }
    }

    /// Its addresses.
    pub fn senders(&self) -> SenderAddresses {
        SenderAddresses {
            sms_number: self.sms_number.clone(),
            whatsapp_number: self.whatsapp_number.clone(),
            messaging_service_sid: self.messaging_service_sid.clone(),
        }
    }

    /// Whether a message can leave by `transport`.
    pub fn supports(&self, transport: Transport) -> bool {
        match transport {
            Transport::Sms => self.sms_number.is_some() || self.messaging_service_sid.is_some(),
            Transport::Whatsapp => self.whatsapp_number.is_some(),
            Transport::Telegram => self.provider == ChannelProvider::Telegram,
            _ => false,
        }
    }

    /// Whether `address` is one of its own, by which a webhook names it.
    pub fn has_address(&self, address: &str) -> bool {
        !address.is_empty()
            && [&self.sms_number, &self.whatsapp_number].into_iter().flatten().any(|own| own == address)
    }
}
