//! Definitions of fields: their kinds, and the values that they hold.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::domain::{Country, Email, PhoneNumber, Problem, values::problem};

/// The earliest year of a [`FieldKind::PastDate`]: nobody alive was born before.
const EARLIEST_YEAR: i32 = 1890;
/// The maximum number of characters of a [`FieldKind::Document`].
const DOCUMENT_LIMIT: usize = 32;

/// The definition of a field. It is plain data and refers to no field that the program knows, so that it can also be
/// created at run time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDefinition {
    /// The name in JSON, forms and events. The page text `field-<name>` is its label.
    pub name: String,
    /// The column of the table of clients.
    pub column: String,
    /// The values that the field takes.
    pub kind: FieldKind,
    /// The part of a client's page and form that shows it.
    pub section: ClientSection,
    /// True if every client has a value.
    pub is_required: bool,
    /// The name of the field that it belongs to, if both are one value: they are merged and reported
    /// as changed together.
    pub part_of: Option<String>,
    /// The titles by which an import recognises its column, folded and reduced to letters.
    pub titles: Vec<String>,
}

impl FieldDefinition {
    pub(super) fn new(name: &str, kind: FieldKind, section: ClientSection) -> Self {
        Self {
            name: name.to_owned(),
            column: name.to_owned(),
            kind,
            section,
            is_required: false,
            part_of: None,
            titles: Vec::new(),
        }
    }

    pub(super) fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    pub(super) fn column(self, column: &str) -> Self {
        Self { column: column.to_owned(), ..self }
    }

    pub(super) fn part_of(self, name: &str) -> Self {
        Self { part_of: Some(name.to_owned()), ..self }
    }

    /// Sets the titles, separated by spaces.
    pub(super) fn titles(self, titles: &str) -> Self {
        Self { titles: titles.split_whitespace().map(str::to_owned).collect(), ..self }
    }
}

/// The values that a field takes. It decides how they are parsed, stored, displayed and edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A line of text.
    Text {
        /// The maximum number of characters.
        limit: usize,
    },
    /// Text of several lines.
    LongText {
        /// The maximum number of characters.
        limit: usize,
    },
    /// The letters and digits of a document, in upper case and without spaces.
    Document,
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A date in a person's past, such as the date of birth.
    PastDate,
    /// One of these words; the page text `<name>-<word>` displays it.
    Choice(Vec<String>),
    /// A country.
    Country,
}

impl FieldKind {
    pub(super) fn choice<const N: usize>(words: [&str; N]) -> Self {
        Self::Choice(words.map(str::to_owned).to_vec())
    }

    /// Parses a value from a form or a JSON body. National phone numbers belong to `country`; dates
    /// after `today` are rejected.
    pub fn parse(&self, text: &str, country: Country, today: NaiveDate) -> Result<FieldValue, Problem> {
        Ok(match self {
            Self::Text { limit } => FieldValue::Text(problem::required_text(text, *limit)?),
            Self::LongText { limit } => {
                FieldValue::Text(problem::required_text(&text.replace("\r\n", "\n"), *limit)?)
            }
            Self::Document => FieldValue::Text(document(text)?),
            Self::Phone => FieldValue::Phone(PhoneNumber::parse(text, country)?),
            Self::Email => FieldValue::Email(Email::parse(text)?),
            Self::PastDate => FieldValue::Date(past_date(text, today)?),
            Self::Choice(words) => FieldValue::Choice(choice(text, words)?),
            Self::Country => FieldValue::Country(text.parse()?),
        })
    }

    /// Restores a value from its stored text.
    pub fn restore(&self, stored: String) -> Result<FieldValue, Problem> {
        Ok(match self {
            Self::Text { .. } | Self::LongText { .. } | Self::Document => FieldValue::Text(stored),
            Self::Phone => FieldValue::Phone(PhoneNumber::from_stored(&stored)?),
            Self::Email => FieldValue::Email(Email::parse(&stored)?),
            Self::PastDate => FieldValue::Date(stored.parse().map_err(|_| Problem::NotADate)?),
            Self::Choice(words) => FieldValue::Choice(choice(&stored, words)?),
            Self::Country => FieldValue::Country(stored.parse()?),
        })
    }
}

/// Normalises letters and digits of a document: upper case, without spaces.
pub(super) fn document(text: &str) -> Result<String, Problem> {
    let value = problem::required_text(text, DOCUMENT_LIMIT)?.to_uppercase().replace(' ', "");
    if value.chars().all(|c| c.is_alphanumeric() || c == '-') {
        Ok(value)
    } else {
        Err(Problem::BadCharacters)
    }
}

fn past_date(text: &str, today: NaiveDate) -> Result<NaiveDate, Problem> {
    let date: NaiveDate = text.trim().parse().map_err(|_| Problem::NotADate)?;
    let earliest = NaiveDate::from_ymd_opt(EARLIEST_YEAR, 1, 1).unwrap_or_default();
    if (earliest..=today).contains(&date) { Ok(date) } else { Err(Problem::NotADate) }
}

fn choice(text: &str, words: &[String]) -> Result<String, Problem> {
    let found = words.iter().find(|word| *word == text);
    found.cloned().ok_or_else(|| Problem::NotAChoice(words.join(", ")))
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Text of one line, of several lines, or of a document.
    Text(String),
    /// A phone number.
    Phone(PhoneNumber),
    /// An e-mail address.
    Email(Email),
    /// A date.
    Date(NaiveDate),
    /// A word of the kind's choice.
    Choice(String),
    /// A country.
    Country(Country),
}

impl FieldValue {
    /// The text in JSON, in the database and in exports; [`FieldKind::restore`] reads it.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) | Self::Choice(text) => Cow::Borrowed(text),
            Self::Phone(phone) => Cow::Borrowed(phone.as_str()),
            Self::Email(email) => Cow::Borrowed(email.as_str()),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Country(country) => Cow::Borrowed(country.code()),
        }
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident;)*) => {$(
        impl From<$type> for FieldValue {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

from! {
    &str => Text;
    String => Text;
    PhoneNumber => Phone;
    Email => Email;
    NaiveDate => Date;
    Country => Country;
}

/// A part of a client's page and form. It can be edited by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientSection {
    /// Name, birth and residence.
    Personal,
    /// Phone and e-mail.
    ContactDetails,
    /// Identity documents.
    Documents,
    /// Numbers for the tax office.
    Tax,
    /// Notes about the client.
    Notes,
}

impl ClientSection {
    /// All sections, in the order of the form.
    pub const ALL: [Self; 5] =
        [Self::Personal, Self::ContactDetails, Self::Documents, Self::Tax, Self::Notes];

    /// The name in addresses, in forms and on the page.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::ContactDetails => "reach",
            Self::Documents => "documents",
            Self::Tax => "tax",
            Self::Notes => "notes",
        }
    }

    /// Returns the section of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.as_str() == name)
    }
}
