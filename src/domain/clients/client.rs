//! The client aggregate.

use std::{borrow::Cow, collections::BTreeMap};

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::{
    ClientField, ClientId, Contact, ContactType, Country, Email, FieldErrors, FieldValue, PhoneNumber,
    Problem, Transport, clients::field::document, fold, other_whatsapp_form,
};

pub use crate::domain::clients::patch::{ClientPatch, Patch};

/// A passport: a number, and a series in countries that use one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passport {
    pub(super) series: Option<String>,
    pub(super) number: String,
}

impl Passport {
    /// Restores a passport; `None` when there is no number.
    pub fn stored(series: Option<String>, number: Option<String>) -> Option<Self> {
        number.map(|number| Self { series, number })
    }

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

/// The fields of a client, without its id and contacts; also the data of a client to be created. A client always has a
/// first name, its passport always a number, and its identification number a country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientFields(BTreeMap<ClientField, FieldValue>);

impl ClientFields {
    fn named(first_name: FieldValue) -> Self {
        Self(BTreeMap::from([(ClientField::FirstName, first_name)]))
    }

    /// Restores fields from their stored texts. Returns them without values that do not parse, and
    /// the fields of these.
    pub fn restore(stored: impl Fn(ClientField) -> Option<String>) -> (Self, Vec<ClientField>) {
        let (mut fields, mut invalid) = (Self::named("?".into()), Vec::new());
        for field in ClientField::ALL {
            let definition = field.definition();
            let Some(text) = stored(*field) else { continue };
            match definition.kind.restore(text) {
                Ok(FieldValue::Text(text)) if definition.is_required && text.trim().is_empty() => {
                    invalid.push(*field);
                }
                Ok(value) => fields.set(*field, Some(value)),
                Err(_) => invalid.push(*field),
            }
        }
        fields.set_passport(fields.passport());
        let pin = fields
            .text(ClientField::Pin)
            .map(|pin| Pin::parse(&pin, fields.pin_country().unwrap_or_default()));
        invalid.extend(matches!(pin, Some(Err(_))).then_some(ClientField::Pin));
        fields.set_pin(pin.and_then(Result::ok));
        (fields, invalid)
    }

    /// The value of a field.
    pub fn get(&self, field: ClientField) -> Option<&FieldValue> {
        self.0.get(&field)
    }

    /// The value of a field as text.
    pub fn text(&self, field: ClientField) -> Option<Cow<'_, str>> {
        self.get(field).map(FieldValue::text)
    }

    /// The names of all fields with their values as texts.
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, Option<Cow<'_, str>>)> {
        ClientField::ALL.iter().map(|field| (field.name(), self.text(*field)))
    }

    pub(super) fn set(&mut self, field: ClientField, value: Option<FieldValue>) {
        match value {
            Some(value) => drop(self.0.insert(field, value)),
            None => drop(self.0.remove(&field)),
        }
    }

    pub(super) fn set_passport(&mut self, passport: Option<Passport>) {
        let (series, number) = passport.map(|passport| (passport.series, passport.number)).unzip();
        self.set(ClientField::PassportSeries, series.flatten().map(FieldValue::Text));
        self.set(ClientField::PassportNumber, number.map(FieldValue::Text));
    }

    pub(super) fn set_pin(&mut self, pin: Option<Pin>) {
        let (value, country) = pin.map(|pin| (pin.value, pin.country)).unzip();
        self.set(ClientField::Pin, value.map(FieldValue::Text));
        self.set(ClientField::CountryCode, country.map(FieldValue::Country));
    }

    /// True if both have the same value of a field and its parts.
    pub fn is_same(&self, field: ClientField, other: &Self) -> bool {
        field.parts().all(|part| self.get(part) == other.get(part))
    }

    fn line(&self, field: ClientField) -> Option<&str> {
        if let Some(FieldValue::Text(text)) = self.get(field) { Some(text) } else { None }
    }

    /// The first name, which every client has.
    pub fn first_name(&self) -> &str {
        self.line(ClientField::FirstName).unwrap_or_default()
    }

    /// The last name.
    pub fn last_name(&self) -> Option<&str> {
        self.line(ClientField::LastName)
    }

    /// The middle name or patronymic.
    pub fn middle_name(&self) -> Option<&str> {
        self.line(ClientField::MiddleName)
    }

    /// First, middle and last name, separated by spaces.
    pub fn full_name(&self) -> String {
        let parts = [Some(self.first_name()), self.middle_name(), self.last_name()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The primary phone number.
    pub fn phone(&self) -> Option<&PhoneNumber> {
        if let Some(FieldValue::Phone(phone)) = self.get(ClientField::Phone) { Some(phone) } else { None }
    }

    /// The primary e-mail address.
    pub fn email(&self) -> Option<&Email> {
        if let Some(FieldValue::Email(email)) = self.get(ClientField::Email) { Some(email) } else { None }
    }

    /// The date of birth.
    pub fn date_of_birth(&self) -> Option<NaiveDate> {
        if let Some(FieldValue::Date(date)) = self.get(ClientField::DateOfBirth) { Some(*date) } else { None }
    }

    /// The passport.
    pub fn passport(&self) -> Option<Passport> {
        let part = |field| self.line(field).map(str::to_owned);
        Passport::stored(part(ClientField::PassportSeries), part(ClientField::PassportNumber))
    }

    /// The personal identification number.
    pub fn pin(&self) -> Option<Pin> {
        let value = self.line(ClientField::Pin)?.to_owned();
        Some(Pin { value, country: self.pin_country()? })
    }

    fn pin_country(&self) -> Option<Country> {
        if let Some(FieldValue::Country(country)) = self.get(ClientField::CountryCode) {
            Some(*country)
        } else {
            None
        }
    }

    /// The values that must be unique within a tenant.
    pub fn unique_values(&self) -> Vec<&str> {
        self.phone().map(PhoneNumber::as_str).into_iter().chain(self.line(ClientField::Pin)).collect()
    }

    /// The text that the search of the client list matches: names, phone digits and e-mail, folded.
    pub fn search_text(&self) -> String {
        let digits = self.phone().map(|p| p.as_str().trim_start_matches('+').to_owned());
        let email = self.email().map(|email| fold(email.as_str()));
        let parts = [Some(fold(&self.full_name())), digits, email];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Builds [`ClientFields`]; optional fields can be set in any order.
#[derive(Debug, Clone)]
pub struct ClientBuilder(Result<ClientFields, FieldErrors>);

impl ClientBuilder {
    fn change(mut self, change: impl FnOnce(&mut ClientFields)) -> Self {
        if let Ok(fields) = &mut self.0 {
            change(fields);
        }
        self
    }

    /// Sets a field.
    #[must_use]
    pub fn with(self, field: ClientField, value: impl Into<FieldValue>) -> Self {
        self.change(|fields| fields.set(field, Some(value.into())))
    }

    /// Sets the last name.
    #[must_use]
    pub fn last_name(self, name: impl Into<String>) -> Self {
        self.with(ClientField::LastName, name.into())
    }

    /// Sets the primary phone number.
    #[must_use]
    pub fn phone(self, phone: PhoneNumber) -> Self {
        self.with(ClientField::Phone, phone)
    }

    /// Sets the primary e-mail address.
    #[must_use]
    pub fn email(self, email: Email) -> Self {
        self.with(ClientField::Email, email)
    }

    /// Sets the passport.
    #[must_use]
    pub fn passport(self, passport: Passport) -> Self {
        self.change(|fields| fields.set_passport(Some(passport)))
    }

    /// Sets the personal identification number.
    #[must_use]
    pub fn pin(self, pin: Pin) -> Self {
        self.change(|fields| fields.set_pin(Some(pin)))
    }

    /// Returns the fields, or the problem of the first name.
    pub fn build(self) -> Result<ClientFields, FieldErrors> {
        self.0
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
    data: ClientFields,
}

impl Client {
    /// Begins a new client with its only required field.
    pub fn builder(first_name: &str) -> ClientBuilder {
        // Names depend neither on the country nor on the date.
        let kind = &ClientField::FirstName.definition().kind;
        let first_name = kind.parse(first_name, Country::default(), NaiveDate::MAX);
        ClientBuilder(first_name.map(ClientFields::named).map_err(|p| FieldErrors::one("first_name", p)))
    }

    /// Restores a client from the database.
    pub fn stored(
        id: ClientId,
        data: ClientFields,
        contacts: Vec<Contact>,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
    ) -> Self {
        Self { id, created_at, updated_at, contacts, data }
    }

    /// The client's fields.
    pub fn data(&self) -> &ClientFields {
        &self.data
    }

    /// True if the client is reached by a transport at this address now: it is the client's own phone, e-mail address or
    /// a contact. Addresses from which the client wrote before may have been removed or belong to another client.
    pub fn has_address(&self, transport: Transport, address: &str) -> bool {
        let kind = transport.contact_type();
        let own = match kind {
            ContactType::Phone | ContactType::Whatsapp => self.data.phone().map(PhoneNumber::as_str),
            ContactType::Email => self.data.email().map(Email::as_str),
            ContactType::Telegram | ContactType::Other => None,
        };
        own == Some(address) || self.contacts.iter().any(|c| c.kind == kind && c.value == address)
    }

    /// The contacts that are the phone number itself, in either form of WhatsApp, as an inbound message adds them.
    pub fn contacts_of_number(&self, number: &PhoneNumber) -> impl Iterator<Item = &Contact> {
        let other = other_whatsapp_form(number.as_str());
        let number = number.clone();
        self.contacts.iter().filter(move |contact| match contact.kind {
            ContactType::Phone => contact.value == number.as_str(),
            ContactType::Whatsapp => {
                contact.value == number.as_str() || Some(&contact.value) == other.as_ref()
            }
            ContactType::Email | ContactType::Telegram | ContactType::Other => false,
        })
    }

    /// Returns the client with another value of a field.
    #[must_use]
    pub fn with(mut self, field: ClientField, value: impl Into<FieldValue>) -> Self {
        self.data.set(field, Some(value.into()));
        self
    }

    /// Returns the client without an optional field and its parts.
    #[must_use]
    pub fn without(mut self, field: ClientField) -> Self {
        for part in field.parts().filter(|part| !part.definition().is_required) {
            self.data.set(part, None);
        }
        self
    }

    /// Returns the client with the value that `other` has in a field and its parts.
    #[must_use]
    pub fn with_copied(mut self, field: ClientField, other: &ClientFields) -> Self {
        for part in field.parts() {
            self.data.set(part, other.get(part).cloned());
        }
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
