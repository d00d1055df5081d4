//! What a column of a table of clients holds.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::{ContactType, Problem};

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// The meaning of a column.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ClientColumn { $($(#[$doc])* $name),* }

        impl ClientColumn {
            /// All of them, in the order in which a table has them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in forms and in the database; the client's fields go by their own.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

columns! {
    /// The client's number. An import does not read it: it is another workspace's, or the client has it already.
    Id = "id",
    /// The given name.
    FirstName = "first_name",
    /// The family name.
    LastName = "last_name",
    /// The middle name or patronymic.
    MiddleName = "middle_name",
    /// All names in one cell, the given name first; only imports know it.
    FullName = "full_name",
    /// All names in one cell, the family name first; only imports know it.
    LastFirst = "last_first_name",
    /// The client's own phone.
    Phone = "phone",
    /// The client's own e-mail.
    Email = "email",
    /// The postal address.
    Address = "address",
    /// The date of birth.
    DateOfBirth = "date_of_birth",
    /// The gender, as a word.
    Gender = "gender",
    /// The passport's series.
    PassportSeries = "passport_series",
    /// The passport's number.
    PassportNumber = "passport_number",
    /// The personal identification number.
    Pin = "pin",
    /// The country that gave it.
    CountryCode = "country_code",
    /// Notes.
    Comments = "comments",
    /// Further phones.
    ContactPhone = "contact_phone",
    /// Further e-mails.
    ContactEmail = "contact_email",
    /// Telegram names.
    ContactTelegram = "contact_telegram",
    /// WhatsApp numbers.
    ContactWhatsapp = "contact_whatsapp",
    /// Other contacts.
    ContactOther = "contact_other",
    /// When the client was made; only exports have it.
    Created = "created",
    /// When the client was last changed; only exports have it.
    Updated = "updated",
}

impl ClientColumn {
    /// The columns of an export.
    pub fn exported() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|column| !matches!(column, Self::FullName | Self::LastFirst))
    }

    /// The columns that an import reads.
    pub fn imported() -> impl Iterator<Item = Self> {
        let written_only = [Self::Id, Self::Created, Self::Updated];
        Self::ALL.iter().copied().filter(move |column| !written_only.contains(column))
    }

    /// The type of the contacts that it holds, where it holds some.
    pub fn contact(self) -> Option<ContactType> {
        Some(match self {
            Self::ContactPhone => ContactType::Phone,
            Self::ContactEmail => ContactType::Email,
            Self::ContactTelegram => ContactType::Telegram,
            Self::ContactWhatsapp => ContactType::Whatsapp,
            Self::ContactOther => ContactType::Other,
            _ => return None,
        })
    }
}

impl FromStr for ClientColumn {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::imported().find(|column| column.as_str() == text);
        found.ok_or(Problem::NotOneOf("the names of a client's fields"))
    }
}
