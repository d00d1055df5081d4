//! Transports: the kinds of message that the product knows, such as SMS and WhatsApp.

use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

use crate::domain::{ContactType, Problem};

/// The network that carries a message. SMS, WhatsApp and Telegram have a provider; the other
/// transports have none yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray, VariantNames)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum Transport {
    /// Telegram, through a bot.
    Telegram,
    /// WhatsApp.
    Whatsapp,
    /// Text messages.
    Sms,
    /// E-mail.
    Email,
    /// Instagram.
    Instagram,
    /// A phone call.
    Phone,
    /// The tenant's own web site.
    Website,
    /// Any other transport.
    Other,
}

impl Transport {
    /// All transports.
    pub const ALL: &[Self] = <Self as VariantArray>::VARIANTS;

    /// The name in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

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
