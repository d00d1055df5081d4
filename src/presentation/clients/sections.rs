//! The sections of a client's page, each of which is edited separately.

use crate::presentation::{
    clients::view::ClientView,
    http::{edit_conflict::BaseVersion, form::Form},
};

/// The form field with the name of the section.
pub(in crate::presentation) const SECTION: &str = "section";

/// A section of a client's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::presentation) enum Section {
    Personal,
    ContactDetails,
    Documents,
    Tax,
    Notes,
}

/// All fields, in the order of the form for all fields.
pub(in crate::presentation) const ALL_FIELDS: &[&str] = &[
    "first_name",
    "last_name",
    "middle_name",
    "date_of_birth",
    "gender",
    "phone",
    "email",
    "address",
    "passport_series",
    "passport_number",
    "pin",
    "country_code",
    "comments",
];

impl Section {
    const ALL: [Self; 5] = [Self::Personal, Self::ContactDetails, Self::Documents, Self::Tax, Self::Notes];

    /// The name in addresses, in forms and on pages.
    pub(in crate::presentation) fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::ContactDetails => "reach",
            Self::Documents => "documents",
            Self::Tax => "tax",
            Self::Notes => "notes",
        }
    }

    /// The section with this name.
    pub(in crate::presentation) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.as_str() == name)
    }

    /// The fields of the section.
    pub(in crate::presentation) fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Personal => {
                &["first_name", "last_name", "middle_name", "date_of_birth", "gender", "address"]
            }
            Self::ContactDetails => &["phone", "email"],
            Self::Documents => &["passport_series", "passport_number"],
            Self::Tax => &["pin", "country_code"],
            Self::Notes => &["comments"],
        }
    }
}

/// The version of these fields of a client.
pub(in crate::presentation) fn base_version(client: &ClientView, fields: &[&str]) -> BaseVersion {
    BaseVersion::of(values(client).into_iter().filter(|(name, _)| fields.contains(name)))
}

fn values(client: &ClientView) -> [(&'static str, Option<String>); 13] {
    [
        ("first_name", Some(client.first_name.clone())),
        ("last_name", client.last_name.clone()),
        ("middle_name", client.middle_name.clone()),
        ("phone", client.phone_display.clone()),
        ("email", client.email.clone()),
        ("address", client.address.clone()),
        ("date_of_birth", client.date_of_birth.map(|date| date.to_string())),
        ("gender", client.gender.map(str::to_owned)),
        ("passport_series", client.passport_series.clone()),
        ("passport_number", client.passport_number.clone()),
        ("pin", client.pin.clone()),
        ("country_code", client.country_code.clone()),
        ("comments", client.comments.clone()),
    ]
}

/// A form with the values of the client.
pub(in crate::presentation) fn filled(client: &ClientView) -> Form {
    Form::filled(values(client))
}
