//! The parts of a client's page, each edited by itself, and what an editor saw of them.

use std::collections::BTreeMap;

use super::super::{fields::Fields, forms::Form, views::ClientView};
use crate::{
    domain::{Client, Country},
    error::{AppError, Result},
};

/// The field with which a form says which section it is.
pub(super) const SECTION: &str = "section";
/// The field that carries what its editor saw.
const SEEN: &str = "seen";
/// The fields that are to stay as someone else saved them meanwhile.
const TAKE: &str = "take";

/// A part of a client's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Personal,
    Reach,
    Documents,
    Tax,
    Notes,
}

/// All fields, in the order of the form that has them all.
pub(super) const ALL_FIELDS: &[&str] = &[
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
    const ALL: [Self; 5] = [Self::Personal, Self::Reach, Self::Documents, Self::Tax, Self::Notes];

    /// The name in addresses, in forms and on the page.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Reach => "reach",
            Self::Documents => "documents",
            Self::Tax => "tax",
            Self::Notes => "notes",
        }
    }

    /// The section of this name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.as_str() == name)
    }

    /// Its fields.
    pub(super) fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Personal => {
                &["first_name", "last_name", "middle_name", "date_of_birth", "gender", "address"]
            }
            Self::Reach => &["phone", "email"],
            Self::Documents => &["passport_series", "passport_number"],
            Self::Tax => &["pin", "country_code"],
            Self::Notes => &["comments"],
        }
    }
}

/// The values of fields as a form has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen(BTreeMap<String, String>);

impl Seen {
    /// What a client's fields are.
    pub(super) fn of(client: &ClientView, fields: &[&str]) -> Self {
        let values = values(client).into_iter().filter(|(name, _)| fields.contains(name));
        Self(values.map(|(name, value)| (name.to_owned(), value.unwrap_or_default())).collect())
    }

    /// What the editor of a form saw, where the form says so. What can't be read was nothing that there could be.
    pub(super) fn sent(fields: &Fields) -> Option<Self> {
        Some(Self(serde_json::from_str(fields.text(SEEN)?).unwrap_or_default()))
    }

    /// As the form carries it.
    pub(super) fn to_field(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// Whether the client is still so.
    ///
    /// # Errors
    /// [`AppError::Stale`].
    pub(super) fn still(&self, client: &Client, country: Country, fields: &[&str]) -> Result<()> {
        let now = Self::of(&ClientView::from(client.clone()).shown_in(country), fields);
        if *self == now { Ok(()) } else { Err(AppError::Stale) }
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

fn values(client: &ClientView) -> [(&'static str, Option<String>); 13] {
    [
        ("first_name", Some(client.first_name.clone())),
        ("last_name", client.last_name.clone()),
        ("middle_name", client.middle_name.clone()),
        ("phone", client.phone_shown.clone()),
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

/// A form with the client's values.
pub(super) fn filled(client: &ClientView) -> Form {
    Form::filled(values(client))
}

/// The fields that a form sends, but those that are to stay as someone else saved them.
pub(super) fn is_taken(fields: &Fields, name: &str) -> bool {
    fields.pairs().iter().any(|(field, value)| field == TAKE && value == name)
}

/// What was typed, beside what someone else saved meanwhile; what was not touched is as it was saved.
pub(super) fn both_versions(
    fields: &Fields,
    now: &ClientView,
    shown: &[&'static str],
    word: impl Fn(&str, &str) -> String,
) -> Form {
    let (was, now) = (Seen::sent(fields).unwrap_or(Seen(BTreeMap::new())), Seen::of(now, shown));
    let mut form = Form::late(fields);
    for name in shown.iter().copied() {
        let typed = fields.typed(name).replace("\r\n", "\n");
        let (was, now) = (was.get(name), now.get(name));
        if typed.trim() == was {
            form.set(name, now.to_owned());
        } else if was != now && typed.trim() != now {
            form.note_theirs(name, word(name, now));
        }
    }
    form
}
