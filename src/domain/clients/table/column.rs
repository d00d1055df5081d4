//! The columns of a table of clients.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::{ClientField, ContactType, Problem};

/// The content of a column. The stored form is the name of the variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ClientColumn {
    /// A field of the client.
    Field(ClientField),
    /// Other data of the client.
    Other(OtherColumn),
}

/// A column that is not a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OtherColumn {
    /// The client's number. Imports do not read it: it may come from another tenant.
    Id,
    /// All names in one cell, the first name first; only in imports.
    FullName,
    /// All names in one cell, the last name first; only in imports.
    LastFirst,
    /// Further phone numbers.
    ContactPhone,
    /// Further e-mail addresses.
    ContactEmail,
    /// Telegram usernames.
    ContactTelegram,
    /// WhatsApp numbers.
    ContactWhatsapp,
    /// Contacts of other types.
    ContactOther,
    /// The time when the client was created; only in exports.
    Created,
    /// The time of the last change; only in exports.
    Updated,
}

use OtherColumn as O;

const NAMES: [O; 2] = [O::FullName, O::LastFirst];
const CONTACTS: [O; 5] =
    [O::ContactPhone, O::ContactEmail, O::ContactTelegram, O::ContactWhatsapp, O::ContactOther];

impl ClientColumn {
    /// The columns of an export.
    pub fn exported() -> impl Iterator<Item = Self> {
        let others = CONTACTS.into_iter().chain([O::Created, O::Updated]);
        [O::Id.into()].into_iter().chain(fields()).chain(others.map(Self::Other))
    }

    /// The columns that an import reads.
    pub fn imported() -> impl Iterator<Item = Self> {
        NAMES.into_iter().map(Self::Other).chain(fields()).chain(CONTACTS.into_iter().map(Self::Other))
    }

    /// The name in forms and in JSON; a client's fields have the same names as elsewhere.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Field(field) => field.name(),
            Self::Other(O::Id) => "id",
            Self::Other(O::FullName) => "full_name",
            Self::Other(O::LastFirst) => "last_first_name",
            Self::Other(O::ContactPhone) => "contact_phone",
            Self::Other(O::ContactEmail) => "contact_email",
            Self::Other(O::ContactTelegram) => "contact_telegram",
            Self::Other(O::ContactWhatsapp) => "contact_whatsapp",
            Self::Other(O::ContactOther) => "contact_other",
            Self::Other(O::Created) => "created",
            Self::Other(O::Updated) => "updated",
        }
    }

    /// The type of the contacts in the column; `None` for other columns.
    pub fn contact(self) -> Option<ContactType> {
        Some(match self {
            Self::Other(O::ContactPhone) => ContactType::Phone,
            Self::Other(O::ContactEmail) => ContactType::Email,
            Self::Other(O::ContactTelegram) => ContactType::Telegram,
            Self::Other(O::ContactWhatsapp) => ContactType::Whatsapp,
            Self::Other(O::ContactOther) => ContactType::Other,
            _ => return None,
        })
    }
}

fn fields() -> impl Iterator<Item = ClientColumn> {
    ClientField::ALL.iter().copied().map(ClientColumn::Field)
}

impl From<ClientField> for ClientColumn {
    fn from(field: ClientField) -> Self {
        Self::Field(field)
    }
}

impl From<OtherColumn> for ClientColumn {
    fn from(column: OtherColumn) -> Self {
        Self::Other(column)
    }
}

impl FromStr for ClientColumn {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::imported().find(|column| column.as_str() == text);
        found.ok_or(Problem::NotOneOf("the names of a client's fields".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_stored_by_the_names_of_their_variants() {
        for (column, stored) in [
            (ClientColumn::from(ClientField::FirstName), "\"FirstName\""),
            (ClientColumn::from(OtherColumn::LastFirst), "\"LastFirst\""),
        ] {
            assert_eq!(serde_json::to_string(&column).unwrap(), stored);
            assert_eq!(serde_json::from_str::<ClientColumn>(stored).unwrap(), column);
        }
    }
}
