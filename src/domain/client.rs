//! The client aggregate: who the company talks with.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};

use super::{ClientId, Contact, Country, Email, FieldErrors, PhoneNumber, Problem, fold, problem};

const NAME_LIMIT: usize = 255;
const TEXT_LIMIT: usize = 10_000;
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
    series: Option<String>,
    number: String,
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
    value: String,
    country: Country,
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
fn document(text: &str) -> Result<String, Problem> {
    let value = problem::required_text(text, DOCUMENT_LIMIT)?.to_uppercase().replace(' ', "");
    if value.chars().all(|c| c.is_alphanumeric() || c == '-') {
        Ok(value)
    } else {
        Err(Problem::BadCharacters)
    }
}

/// What a request says about an optional field: nothing, that it is to be emptied, or a new value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The field was not sent and stays as it is.
    #[default]
    Keep,
    /// The field was sent empty or null.
    Clear,
    /// The field was sent with a value.
    Set(T),
}

impl<T> Patch<T> {
    fn parse<U>(self, parse: impl FnOnce(T) -> Result<U, Problem>) -> Result<Patch<U>, Problem> {
        Ok(match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(parse(value)?),
        })
    }

    fn apply(self, to: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *to = None,
            Self::Set(value) => *to = Some(value),
        }
    }
}

/// Everything about a client but its identity and contacts. A new client is one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClient {
    first_name: String,
    last_name: Option<String>,
    middle_name: Option<String>,
    phone: Option<PhoneNumber>,
    email: Option<Email>,
    address: Option<String>,
    date_of_birth: Option<NaiveDate>,
    gender: Option<Gender>,
    passport: Option<Passport>,
    pin: Option<Pin>,
    comments: Option<String>,
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
    pub(super) fn with_first_name(mut self, first_name: String) -> Self {
        self.data.first_name = first_name;
        self
    }

    /// This client with the changes that a request asks for.
    #[must_use]
    pub fn patched(mut self, patch: ClientPatch) -> Self {
        self.data = self.data.patched(patch);
        self
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

    fn patched(mut self, patch: ClientPatch) -> Self {
        if let Some(first_name) = patch.first_name {
            self.first_name = first_name;
        }
        patch.last_name.apply(&mut self.last_name);
        patch.middle_name.apply(&mut self.middle_name);
        patch.phone.apply(&mut self.phone);
        patch.email.apply(&mut self.email);
        patch.address.apply(&mut self.address);
        patch.date_of_birth.apply(&mut self.date_of_birth);
        patch.gender.apply(&mut self.gender);
        patch.passport.apply(&mut self.passport);
        patch.pin.apply(&mut self.pin);
        patch.comments.apply(&mut self.comments);
        self
    }
}

/// A request's changes to a client, all of them valid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientPatch {
    first_name: Option<String>,
    last_name: Patch<String>,
    middle_name: Patch<String>,
    phone: Patch<PhoneNumber>,
    email: Patch<Email>,
    address: Patch<String>,
    date_of_birth: Patch<NaiveDate>,
    gender: Patch<Gender>,
    passport: Patch<Passport>,
    pin: Patch<Pin>,
    comments: Patch<String>,
}

impl ClientPatch {
    /// Parses what was sent; `sent` answers for a field's name. National phone numbers and identification
    /// numbers without a country are `country`'s, and nobody is born after `today`.
    ///
    /// # Errors
    /// Every problem found, not only the first.
    pub fn parse(
        sent: impl Fn(&str) -> Result<Patch<String>, Problem>,
        country: Country,
        today: NaiveDate,
    ) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = |text: String| problem::required_text(&text, NAME_LIMIT);
        let long = |text: String| problem::required_text(&text, TEXT_LIMIT);
        macro_rules! field {
            ($name:literal, $parse:expr) => {
                errors.check($name, sent($name).and_then(|patch| patch.parse($parse))).unwrap_or_default()
            };
        }
        let first_name = match field!("first_name", name) {
            Patch::Keep => None,
            Patch::Clear => {
                errors.push("first_name", Problem::Required);
                None
            }
            Patch::Set(name) => Some(name),
        };
        let pin_country = match field!("country_code", |text: String| text.parse::<Country>()) {
            Patch::Set(country) => country,
            Patch::Keep | Patch::Clear => country,
        };
        let patch = Self {
            first_name,
            last_name: field!("last_name", name),
            middle_name: field!("middle_name", name),
            phone: field!("phone", |text: String| PhoneNumber::parse(&text, country)),
            email: field!("email", |text: String| Email::parse(&text)),
            address: field!("address", long),
            date_of_birth: field!("date_of_birth", |text: String| birthday(&text, today)),
            gender: field!("gender", |text: String| text.parse()),
            pin: field!("pin", |text: String| Pin::parse(&text, pin_country)),
            comments: field!("comments", long),
            passport: match (
                field!("passport_series", |text: String| document(&text)),
                field!("passport_number", |text: String| document(&text)),
            ) {
                (series, Patch::Set(number)) => {
                    let series = if let Patch::Set(series) = series { Some(series) } else { None };
                    Patch::Set(Passport { series, number })
                }
                (Patch::Set(_), _) => {
                    errors.push("passport_number", Problem::Required);
                    Patch::Keep
                }
                (_, Patch::Clear) => Patch::Clear,
                (_, Patch::Keep) => Patch::Keep,
            },
        };
        errors.or(patch)
    }

    /// The phone that is to be set.
    pub fn phone(&self) -> Option<&PhoneNumber> {
        if let Patch::Set(phone) = &self.phone { Some(phone) } else { None }
    }

    /// The identification number that is to be set.
    pub fn pin(&self) -> Option<&Pin> {
        if let Patch::Set(pin) = &self.pin { Some(pin) } else { None }
    }

    /// The same changes, but the phone stays as it is.
    #[must_use]
    pub fn without_phone(self) -> Self {
        Self { phone: Patch::Keep, ..self }
    }

    /// A new client of these fields.
    ///
    /// # Errors
    /// When there is no first name.
    pub fn create(self) -> Result<NewClient, FieldErrors> {
        let first_name = self.first_name.clone().unwrap_or_default();
        Ok(Client::builder(&first_name).build()?.patched(self))
    }
}

fn birthday(text: &str, today: NaiveDate) -> Result<NaiveDate, Problem> {
    let date: NaiveDate = text.trim().parse().map_err(|_| Problem::NotADate)?;
    let earliest = NaiveDate::from_ymd_opt(1850, 1, 1).unwrap_or_default();
    if (earliest..=today).contains(&date) { Ok(date) } else { Err(Problem::NotADate) }
}

/// A passport as it was stored; `None` when the row has no number.
impl Passport {
    /// A stored passport.
    pub fn stored(series: Option<String>, number: Option<String>) -> Option<Self> {
        number.map(|number| Self { series, number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(fields: &[(&str, &str)]) -> Result<ClientPatch, FieldErrors> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let sent = |name: &str| {
            Ok(match fields.iter().find(|(field, _)| *field == name) {
                None => Patch::Keep,
                Some((_, "")) => Patch::Clear,
                Some((_, value)) => Patch::Set((*value).to_owned()),
            })
        };
        ClientPatch::parse(sent, Country::UZ, today)
    }

    fn stored(data: NewClient) -> Client {
        Client::stored(ClientId(1), data, Vec::new(), DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_client_needs_a_first_name_and_nothing_else() {
        assert_eq!(Client::builder(" Aziza ").build().unwrap().full_name(), "Aziza");
        assert_eq!(Client::builder(" ").build().unwrap_err().to_string(), "first_name: Required");
        assert_eq!(
            parse(&[("phone", "901234567")]).unwrap().create().unwrap_err().to_string(),
            "first_name: Required"
        );
    }

    #[test]
    fn every_optional_field_can_be_set_changed_kept_and_cleared() {
        let all = [
            ("first_name", "Aziza"),
            ("last_name", "Karimova"),
            ("middle_name", "Botirovna"),
            ("phone", "90 123 45 67"),
            ("email", "Aziza@Example.uz"),
            ("address", "Registon 1"),
            ("date_of_birth", "1990-02-28"),
            ("gender", "female"),
            ("passport_series", "aa"),
            ("passport_number", "1234567"),
            ("pin", "12345678901234"),
            ("comments", "after lunch"),
        ];
        let client = stored(parse(&all).unwrap().create().unwrap());
        assert_eq!(client.data().full_name(), "Aziza Botirovna Karimova");
        assert_eq!(client.data().passport().unwrap().series(), Some("AA"));
        assert_eq!(
            client.clone().patched(parse(&[]).unwrap()).data(),
            client.data(),
            "what is not sent stays"
        );

        let cleared: Vec<_> = all[1..].iter().map(|(name, _)| (*name, "")).collect();
        let bare = client.patched(parse(&cleared).unwrap());
        assert_eq!(bare.data(), &Client::builder("Aziza").build().unwrap());
    }

    #[test]
    fn all_bad_values_are_told_at_once() {
        let errors = parse(&[
            ("first_name", ""),
            ("phone", "soon"),
            ("email", "aziza"),
            ("date_of_birth", "2030-01-01"),
            ("gender", "f"),
            ("pin", "123"),
            ("country_code", "Uzbekistan"),
            ("passport_series", "AA"),
        ])
        .unwrap_err();
        let fields: Vec<_> = errors.iter().map(|(field, _)| field).collect();
        let expected = [
            "first_name",
            "country_code",
            "phone",
            "email",
            "date_of_birth",
            "gender",
            "pin",
            "passport_number",
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn with_returns_the_changed_client() {
        let client = stored(Client::builder("Aziza").last_name("Karimova").build().unwrap());
        let phone = PhoneNumber::parse_e164("+998901234567").unwrap();
        let changed = client.clone().with_phone(Some(phone.clone())).with_last_name(None);
        assert_eq!(changed.data().phone(), Some(&phone));
        assert_eq!(changed.data().last_name(), None);
        assert_eq!(client.data().last_name(), Some("Karimova"), "the first one is as it was");
    }

    #[test]
    fn the_search_text_holds_names_digits_and_mail() {
        let client = parse(&[("first_name", "Азиза"), ("phone", "901234567"), ("email", "a@b.uz")]).unwrap();
        assert_eq!(client.create().unwrap().search_text(), "aziza 998901234567 a@b.uz");
    }
}
