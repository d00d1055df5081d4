//! Transports: the kinds of message that the product knows, such as SMS and WhatsApp.

use std::str::FromStr;

use crate::domain::{ContactType, Problem};

macro_rules! transports {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// The network that carries a message. SMS, WhatsApp and Telegram have a provider; the
        /// other transports have none yet.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Transport { $($(#[$doc])* $name),* }

        impl Transport {
            /// All transports.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in JSON and in the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

transports! {
    /// Telegram, through a bot.
    Telegram = "telegram",
    /// WhatsApp.
    Whatsapp = "whatsapp",
    /// Text messages.
    Sms = "sms",
    /// E-mail.
    Email = "email",
    /// Instagram.
    Instagram = "instagram",
    /// A phone call.
    Phone = "phone",
    /// The tenant's own web site.
    Website = "website",
    /// Any other transport.
    Other = "other",
}

impl Transport {
    /// The type of contact whose value is an address of this transport.
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
