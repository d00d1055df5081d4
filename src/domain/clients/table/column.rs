//! The columns of a table of clients.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::{ContactType, Problem};

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// The field that a column contains.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ClientColumn { $($(#[$doc])* $name),* }

        impl ClientColumn {
            /// All columns, in the order of an exported table.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in forms and in the database; a client's fields have the same names as
            /// elsewhere.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

columns! {
    /// The client's number. Imports do not read it: it may come from another tenant.
    Id = "id",
    /// The first name.
    FirstName = "first_name",
    /// The last name.
    LastName = "last_name",
    /// The middle name or patronymic.
    MiddleName = "middle_name",
    /// All names in one cell, the first name first; only in imports.
    FullName = "full_name",
    /// All names in one cell, the last name first; only in imports.
    LastFirst = "last_first_name",
    /// The primary phone number.
    Phone = "phone",
    /// The primary e-mail address.
    Email = "email",
    /// The postal address.
    Address = "address",
    /// The date of birth.
    DateOfBirth = "date_of_birth",
    /// The gender as a word.
    Gender = "gender",
    /// The passport's series.
    PassportSeries = "passport_series",
    /// The passport's number.
    PassportNumber = "passport_number",
    /// The personal identification number.
    Pin = "pin",
    /// The country that issued the identification number.
    CountryCode = "country_code",
    /// Notes about the client.
    Comments = "comments",
    /// Further phone numbers.
    ContactPhone = "contact_phone",
    /// Further e-mail addresses.
    ContactEmail = "contact_email",
    /// Telegram usernames.
    ContactTelegram = "contact_telegram",
    /// WhatsApp numbers.
    ContactWhatsapp = "contact_whatsapp",
    /// Contacts of other types.
    ContactOther = "contact_other",
    /// The time when the client was created; only in exports.
    Created = "created",
    /// The time of the last change; only in exports.
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

    /// The type of the contacts in the column; `None` for other fields.
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
