//! A tenant's connection to a provider.

use std::str::FromStr;

use chrono::{DateTime, Utc};

use super::{ChannelId, Problem, TenantId, Transport};

/// The company behind a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelProvider {
    /// Twilio: SMS and WhatsApp.
    Twilio,
}

impl ChannelProvider {
    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
        }
    }
}

impl FromStr for ChannelProvider {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        if text == Self::Twilio.as_str() { Ok(Self::Twilio) } else { Err(Problem::NotOneOf("twilio")) }
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
    /// Twilio's `AccountSid`.
    pub account_sid: String,
    /// The number or short code that SMS come to and leave from.
    pub sms_number: Option<String>,
    /// The WhatsApp sender, without Twilio's `whatsapp:` prefix.
    pub whatsapp_number: Option<String>,
    /// The Messaging Service that SMS leave by, preferred over the number.
    pub messaging_service_sid: Option<String>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

impl Channel {
    /// Whether a message can leave by `transport`.
    pub fn carries(&self, transport: Transport) -> bool {
        match transport {
            Transport::Sms => self.sms_number.is_some() || self.messaging_service_sid.is_some(),
            Transport::Whatsapp => self.whatsapp_number.is_some(),
            _ => false,
        }
    }

    /// Whether `address` is one of its own, by which a webhook names it.
    pub fn answers_to(&self, address: &str) -> bool {
        !address.is_empty()
            && [&self.sms_number, &self.whatsapp_number].into_iter().flatten().any(|own| own == address)
    }
}
