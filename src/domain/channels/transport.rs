//! The ways in which a message can travel.

use std::str::FromStr;

use crate::domain::{ContactType, Problem};

macro_rules! transports {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// How a message travels. SMS, WhatsApp and Telegram have providers; the rest wait for one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Transport { $($(#[$doc])* $name),* }

        impl Transport {
            /// All transports that the domain knows.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name on the wire and in the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

transports! {
    /// Telegram, by a bot.
    Telegram = "telegram",
    /// WhatsApp, by a Twilio sender.
    Whatsapp = "whatsapp",
    /// Text messages, by a Twilio number.
    Sms = "sms",
    /// E-mail.
    Email = "email",
    /// Instagram.
    Instagram = "instagram",
    /// A phone call.
    Phone = "phone",
    /// The company's own web site.
    Website = "website",
    /// Anything else.
    Other = "other",
}

impl Transport {
    /// The kind of contact that this transport reaches.
    pub fn contact_type(self) -> ContactType {
        match self {
            Self::Telegram => ContactType::Telegram,
            Self::Whatsapp => ContactType::Whatsapp,
            Self::Sms | Self::Phone => ContactType::Phone,
            Self::Email => ContactType::Email,
            Self::Instagram | Self::Website | Self::Other => ContactType::Other,
        }
    }
}

impl FromStr for Transport {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        Self::ALL
            .iter()
            .copied()
            .find(|t| t.as_str() == text)
            .ok_or(Problem::NotOneOf("telegram, whatsapp, sms, email, instagram, phone, website, other"))
    }
}
