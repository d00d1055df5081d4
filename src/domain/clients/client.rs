//! The client aggregate.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::{
    ClientId, Contact, Country, Email, FieldErrors, PhoneNumber, Problem, fold, values::problem,
};

pub use crate::domain::clients::patch::{ClientPatch, Patch};

pub(super) const NAME_LIMIT: usize = 255;
const DOCUMENT_LIMIT: usize = 32;

/// A client's gender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// Male.
    Male,
    /// Female.
    Female,
    /// Other, or not disclosed.
    Other,
}

impl Gender {
    /// All variants, in the order in which forms offer them.
    pub const ALL: [Self; 3] = [Self::Female, Self::Male, Self::Other];

    /// The name in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
            Self::Other => "other",
        }
    }
}

impl FromStr for Gender {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|g| g.as_str() == text).ok_or(Problem::NotOneOf("male, female, other"))
    }
}

/// A passport: a number, and a series in countries that use one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passport {
    pub(super) series: Option<String>,
    pub(super) number: String,
}

impl Passport {
    /// The series, in upper case.
    pub fn series(&self) -> Option<&str> {
        self.series.as_deref()
    }

    /// The number, in upper case.
    pub fn number(&self) -> &str {
        &self.number
    }
}

/// A personal identification number and the country that issued it; unique within a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    pub(super) value: String,
    pub(super) country: Country,
}

impl Pin {
    /// Parses a number. Numbers of Uzbekistan must have fourteen digits.
    pub fn parse(text: &str, country: Country) -> Result<Self, Problem> {
        let value = document(text)?;
        if country == Country::UZ {
            if !value.chars().all(|c| c.is_ascii_digit()) {
                return Err(Problem::BadCharacters);
            }
            match value.len() {
                ..14 => return Err(Problem::TooShort { min: 14 }),
                14 => {}
                _ => return Err(Problem::TooLong { max: 14 }),
            }
        }
        Ok(Self { value, country })
    }

    /// The number as text.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The country that issued it.
    pub fn country(&self) -> Country {
        self.country
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

/// The fields of a client, without its id and contacts; also the data of a client to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClient {
    pub(super) first_name: String,
    pub(super) last_name: Option<String>,
    pub(super) middle_name: Option<String>,
    pub(super) phone: Option<PhoneNumber>,
    pub(super) email: Option<Email>,
    pub(super) address: Option<String>,
    pub(super) date_of_birth: Option<NaiveDate>,
    pub(super) gender: Option<Gender>,
    pub(super) passport: Option<Passport>,
    pub(super) pin: Option<Pin>,
    pub(super) comments: Option<String>,
}

/// Builds a [`NewClient`]; optional fields can be set in any order.
#[derive(Debug, Clone)]
pub struct ClientBuilder(Result<NewClient, FieldErrors>);

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident / $with:ident: $type:ty => $get:ty, $read:ident;)*) => {
        impl NewClient {
            $($(#[$doc])* pub fn $name(&self) -> Option<$get> { self.$name.$read() })*
        }

        impl Client {
            $(
                #[doc = concat!("This client with another `", stringify!($name), "`, or without one.")]
                #[must_use]
                pub fn $with(mut self, value: Option<$type>) -> Self {
                    self.data.$name = value;
                    self
                }
            )*
        }

        impl ClientBuilder {
            $($(#[$doc])* #[must_use] pub fn $name(mut self, value: impl Into<$type>) -> Self {
                if let Ok(client) = &mut self.0 { client.$name = Some(value.into()); }
                self
            })*
        }
    };
}

fields! {
    /// The last name.
    last_name / with_last_name: String => &str, as_deref;
    /// The middle name or patronymic.
    middle_name / with_middle_name: String => &str, as_deref;
    /// The primary phone number; unique within a tenant.
    phone / with_phone: PhoneNumber => &PhoneNumber, as_ref;
    /// The e-mail address.
    email / with_email: Email => &Email, as_ref;
    /// The postal address.
    address / with_address: String => &str, as_deref;
    /// The date of birth.
    date_of_birth / with_date_of_birth: NaiveDate => NaiveDate, clone;
    /// The gender.
    gender / with_gender: Gender => Gender, clone;
    /// The passport.
    passport / with_passport: Passport => &Passport, as_ref;
    /// The personal identification number.
    pin / with_pin: Pin => &Pin, as_ref;
    /// Notes about the client, visible to users only.
    comments / with_comments: String => &str, as_deref;
}

impl ClientBuilder {
    /// Returns the client, or the problem of its first name.
    pub fn build(self) -> Result<NewClient, FieldErrors> {
        self.0
    }
}

impl NewClient {
    /// The first name, which every client has.
    pub fn first_name(&self) -> &str {
        &self.first_name
    }

    /// First, middle and last name, separated by spaces.
    pub fn full_name(&self) -> String {
        let parts = [Some(self.first_name()), self.middle_name(), self.last_name()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The values that must be unique within a tenant.
    pub fn unique_values(&self) -> Vec<&str> {
        self.phone().map(PhoneNumber::as_str).into_iter().chain(self.pin().map(Pin::value)).collect()
    }

    /// The text that the search of the client list matches: names, phone digits and e-mail, folded.
    pub fn search_text(&self) -> String {
        let digits = self.phone().map(|p| p.as_str().trim_start_matches('+').to_owned());
        let email = self.email().map(|email| fold(email.as_str()));
        let parts = [Some(fold(&self.full_name())), digits, email];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// A stored client.
#[derive(Debug, Clone)]
pub struct Client {
    /// The client's id.
    pub id: ClientId,
    /// The time when it was created.
    pub created_at: DateTime<Utc>,
    /// The time of the last change.
    pub updated_at: DateTime<Utc>,
    /// Further contacts, the oldest first.
    pub contacts: Vec<Contact>,
    data: NewClient,
}

impl Client {
    /// Begins a new client with its only required field.
    pub fn builder(first_name: &str) -> ClientBuilder {
        let first_name = problem::required_text(first_name, NAME_LIMIT);
        ClientBuilder(first_name.map(NewClient::named).map_err(|p| FieldErrors::one("first_name", p)))
    }

    /// Restores a client from the database.
    pub fn stored(
        id: ClientId,
        data: NewClient,
        contacts: Vec<Contact>,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
    ) -> Self {
        Self { id, created_at, updated_at, contacts, data }
    }

    /// The client's fields.
    pub fn data(&self) -> &NewClient {
        &self.data
    }

    /// Returns the client with a first name that was validated before.
    #[must_use]
    pub(in crate::domain) fn with_first_name(mut self, first_name: String) -> Self {
        self.data.first_name = first_name;
        self
    }

    /// Returns the client with the changes of a request applied.
    ///
    /// # Errors
    /// A problem when one part of a document was sent and does not fit the stored other part.
    pub fn with_patch(mut self, patch: ClientPatch) -> Result<Self, FieldErrors> {
        self.data = patch.apply_to(self.data)?;
        Ok(self)
    }
}

impl NewClient {
    fn named(first_name: String) -> Self {
        Self {
            first_name,
            last_name: None,
            middle_name: None,
            phone: None,
            email: None,
            address: None,
            date_of_birth: None,
            gender: None,
            passport: None,
            pin: None,
            comments: None,
        }
    }

    /// A substitute for a client whose stored name is invalid.
    pub fn unnamed() -> Self {
        Self::named("?".to_owned())
    }
}

/// Restoring from the database.
impl Passport {
    /// Restores a passport; `None` when the row has no number.
    pub fn stored(series: Option<String>, number: Option<String>) -> Option<Self> {
        number.map(|number| Self { series, number })
    }
}
