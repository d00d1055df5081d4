//! The client aggregate: who the company talks with.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::{
    ClientId, Contact, Country, Email, FieldErrors, PhoneNumber, Problem, fold, values::problem,
};

pub use crate::domain::clients::patch::{ClientPatch, Patch};

pub(super) const NAME_LIMIT: usize = 255;
const DOCUMENT_LIMIT: usize = 32;

/// A client's gender, as documents in the product's countries know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// Male.
    Male,
    /// Female.
    Female,
    /// Other, or not to be said.
    Other,
}

impl Gender {
    /// All values, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Female, Self::Male, Self::Other];

    /// The name on the wire and in the database.
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

/// A passport: a series where the country has one, and a number.
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

/// A personal identification number and the country that gave it; one client in a tenant has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    pub(super) value: String,
    pub(super) country: Country,
}

impl Pin {
    /// Parses a number; Uzbekistan's has fourteen digits.
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

    /// The number.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The country that gave it.
    pub fn country(&self) -> Country {
        self.country
    }
}

/// Letters and digits of a document, in upper case and without spaces.
pub(super) fn document(text: &str) -> Result<String, Problem> {
    let value = problem::required_text(text, DOCUMENT_LIMIT)?.to_uppercase().replace(' ', "");
    if value.chars().all(|c| c.is_alphanumeric() || c == '-') {
        Ok(value)
    } else {
        Err(Problem::BadCharacters)
    }
}

/// Everything about a client but its identity and contacts. A new client is one of these.
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

/// Makes a [`NewClient`], the optional fields in any order.
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
    /// The family name.
    last_name / with_last_name: String => &str, as_deref;
    /// The middle name or patronymic.
    middle_name / with_middle_name: String => &str, as_deref;
    /// The phone; one client in a tenant has it.
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
    /// Notes that staff keep.
    comments / with_comments: String => &str, as_deref;
}

impl ClientBuilder {
    /// The client, or why its first name can't be one.
    pub fn build(self) -> Result<NewClient, FieldErrors> {
        self.0
    }
}

impl NewClient {
    /// The given name; always there.
    pub fn first_name(&self) -> &str {
        &self.first_name
    }

    /// First, middle and last name as they are said.
    pub fn full_name(&self) -> String {
        let parts = [Some(self.first_name()), self.middle_name(), self.last_name()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The values that only one client may have.
    pub fn unique_values(&self) -> Vec<&str> {
        self.phone().map(PhoneNumber::as_str).into_iter().chain(self.pin().map(Pin::value)).collect()
    }

    /// The text that searches look through: names, phone digits and e-mail, folded.
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
    /// Its id.
    pub id: ClientId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// How it can be reached, oldest first.
    pub contacts: Vec<Contact>,
    data: NewClient,
}

impl Client {
    /// Begins a new client with the one field that it must have.
    pub fn builder(first_name: &str) -> ClientBuilder {
        let first_name = problem::required_text(first_name, NAME_LIMIT);
        ClientBuilder(first_name.map(NewClient::named).map_err(|p| FieldErrors::one("first_name", p)))
    }

    /// A client as it was stored.
    pub fn stored(
        id: ClientId,
        data: NewClient,
        contacts: Vec<Contact>,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
    ) -> Self {
        Self { id, created_at, updated_at, contacts, data }
    }

    /// Its fields.
    pub fn data(&self) -> &NewClient {
        &self.data
    }

    /// This client with another first name, one that a client has already.
    #[must_use]
    pub(in crate::domain) fn with_first_name(mut self, first_name: String) -> Self {
        self.data.first_name = first_name;
        self
    }

    /// This client with the changes that a request asks for.
    ///
    /// # Errors
    /// When a part of a document was sent that its other part, as it is by now, does not go with.
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

    /// A client whose stored name can't be shown.
    pub fn unnamed() -> Self {
        Self::named("?".to_owned())
    }
}

/// A passport as it was stored; `None` when the row has no number.
impl Passport {
    /// A stored passport.
    pub fn stored(series: Option<String>, number: Option<String>) -> Option<Self> {
        number.map(|number| Self { series, number })
    }
}
