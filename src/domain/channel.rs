//! A tenant's connection to a provider.

use std::str::FromStr;

use chrono::{DateTime, Utc};

use super::{ChannelId, Problem, TenantId};

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
pub enum Closing {
    /// Whoever is there does not want it.
    Blocked,
    /// Nobody is there any more.
    Gone,
}

impl Closing {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Gone => "gone",
        }
    }

    /// What the database says; anything unknown is blocked.
    pub fn parse(text: &str) -> Self {
        if text == Self::Gone.as_str() { Self::Gone } else { Self::Blocked }
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
}

impl Channel {
    /// Whether `address` is one of its own, by which a webhook names it.
    pub fn answers_to(&self, address: &str) -> bool {
        !address.is_empty()
            && [&self.sms_number, &self.whatsapp_number].into_iter().flatten().any(|own| own == address)
    }
}
