//! Changes to a client that a form or a JSON body asks for.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::{
    Client, ClientField, ClientFields, Country, FieldErrors, FieldValue, Passport, PhoneNumber, Pin, Problem,
};

/// A request's change to an optional field.
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

/// A request's changes to a client, each of them valid by itself. The parts of a document are
/// checked together when the changes are applied, because stored parts may be missing in the
/// request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientPatch {
    /// The new values, and `None` for fields to be cleared. Other fields stay as they are.
    changes: BTreeMap<ClientField, Option<FieldValue>>,
    /// The country of an identification number that was sent without one.
    default_country: Country,
}

/// A request's changes to a passport.
struct PassportPatch {
    series: Patch<String>,
    number: Patch<String>,
}

/// A request's changes to an identification number.
struct PinPatch {
    value: Patch<String>,
    country: Patch<Country>,
    /// The country of a number that was sent without one.
    default: Country,
}

impl PassportPatch {
    /// Returns the passport after the change. A series without a number is an error.
    fn apply_to(self, stored: Option<&Passport>) -> Result<Option<Passport>, FieldErrors> {
        let (mut series, mut number) =
            stored.map(|p| (p.series.clone(), Some(p.number.clone()))).unwrap_or_default();
        if self.number == Patch::Clear && stored.is_some() {
            return Ok(None);
        }
        self.series.apply(&mut series);
        self.number.apply(&mut number);
        match number {
            Some(number) => Ok(Some(Passport { series, number })),
            None if series.is_some() => Err(FieldErrors::one("passport_number", Problem::Required)),
            None => Ok(None),
        }
    }
}

impl PinPatch {
    /// Returns the identification number after the change. Number and country are one value:
    /// removing the number removes the country, and removing the country alone is an error. The
    /// number is checked again when the country changes.
    fn apply_to(self, stored: Option<&Pin>) -> Result<Option<Pin>, FieldErrors> {
        let invalid = |problem| FieldErrors::one("pin", problem);
        let stays = |pin: &Pin| match &self.value {
            Patch::Keep => true,
            Patch::Clear => false,
            Patch::Set(value) => *value == pin.value,
        };
        if self.country == Patch::Clear && stored.is_some_and(stays) {
            return Err(FieldErrors::one("country_code", Problem::Required));
        }
        let country = match (&self.value, &self.country, stored) {
            (Patch::Clear, _, Some(_)) => return Ok(None),
            (_, Patch::Set(country), _) => *country,
            (_, Patch::Keep, Some(pin)) => pin.country,
            (_, Patch::Clear, _) | (_, Patch::Keep, None) => self.default,
        };
        match (self.value, stored) {
            (Patch::Set(value), _) => Pin::parse(&value, country).map(Some).map_err(invalid),
            (Patch::Keep, Some(pin)) if pin.country == country => Ok(Some(pin.clone())),
            (Patch::Keep, Some(pin)) => Pin::parse(&pin.value, country).map(Some).map_err(invalid),
            (_, None) if matches!(self.country, Patch::Set(_)) => Err(invalid(Problem::Required)),
            _ => Ok(None),
        }
    }
}

impl ClientPatch {
    /// Parses the fields of a new client; `sent` returns the text of a field. National phone
    /// numbers and identification numbers without a country belong to `country`; dates of birth
    /// after `today` are rejected.
    ///
    /// # Errors
    /// All problems, each with the name of its field.
    pub fn parse(
        sent: impl Fn(ClientField) -> Result<Patch<String>, Problem>,
        country: Country,
        today: NaiveDate,
    ) -> Result<Self, FieldErrors> {
        Self::parse_for(None, sent, country, today)
    }

    /// Parses changes to the stored client. Otherwise like [`ClientPatch::parse`].
    ///
    /// # Errors
    /// All problems, each with the name of its field.
    pub fn parse_for(
        stored: Option<&ClientFields>,
        sent: impl Fn(ClientField) -> Result<Patch<String>, Problem>,
        country: Country,
        today: NaiveDate,
    ) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut patch = Self { changes: BTreeMap::new(), default_country: country };
        for field in ClientField::ALL {
            let definition = field.definition();
            // A stored phone that is sent unchanged stays, also if its numbering plan has changed.
            let same_phone = |text: &str| {
                let phone = stored.and_then(ClientFields::phone).filter(|_| *field == ClientField::Phone)?;
                (phone.as_str() == text.trim()).then(|| FieldValue::Phone(phone.clone()))
            };
            let parse = |text: String| match same_phone(&text) {
                Some(phone) => Ok(phone),
                None => definition.kind.parse(&text, country, today),
            };
            let change = match sent(*field).and_then(|change| change.parse(parse)) {
                Ok(Patch::Keep) => continue,
                Ok(Patch::Clear) if definition.is_required => Err(Problem::Required),
                Ok(Patch::Clear) => Ok(None),
                Ok(Patch::Set(value)) => Ok(Some(value)),
                Err(problem) => Err(problem),
            };
            let change = errors.check(field.name(), change);
            patch.changes.extend(change.map(|change| (*field, change)));
        }
        if !errors.has("pin") {
            errors.extend(patch.pin_after(stored).err());
        }
        if !errors.has("passport_number") && !errors.has("passport_series") {
            errors.extend(patch.passport_after(stored).err());
        }
        errors.or(patch)
    }

    fn set(&self, field: ClientField) -> Option<&FieldValue> {
        self.changes.get(&field)?.as_ref()
    }

    /// The change to a part of a document.
    fn part<T>(&self, field: ClientField, value: impl FnOnce(&FieldValue) -> Option<T>) -> Patch<T> {
        match self.changes.get(&field) {
            None => Patch::Keep,
            Some(change) => change.as_ref().and_then(value).map_or(Patch::Clear, Patch::Set),
        }
    }

    fn passport_after(&self, stored: Option<&ClientFields>) -> Result<Option<Passport>, FieldErrors> {
        let text = |value: &FieldValue| Some(value.text().into_owned());
        let patch = PassportPatch {
            series: self.part(ClientField::PassportSeries, text),
            number: self.part(ClientField::PassportNumber, text),
        };
        patch.apply_to(stored.and_then(ClientFields::passport).as_ref())
    }

    fn pin_after(&self, stored: Option<&ClientFields>) -> Result<Option<Pin>, FieldErrors> {
        let country = |value: &FieldValue| match value {
            FieldValue::Country(country) => Some(*country),
            _ => None,
        };
        let patch = PinPatch {
            value: self.part(ClientField::Pin, |value| Some(value.text().into_owned())),
            country: self.part(ClientField::CountryCode, country),
            default: self.default_country,
        };
        patch.apply_to(stored.and_then(ClientFields::pin).as_ref())
    }

    /// The new phone number, if the patch sets one.
    pub fn phone(&self) -> Option<&PhoneNumber> {
        if let Some(FieldValue::Phone(phone)) = self.set(ClientField::Phone) { Some(phone) } else { None }
    }

    /// The new identification number, for a client without a stored one.
    pub fn pin(&self) -> Option<Pin> {
        self.pin_after(None).ok().flatten()
    }

    /// Returns the patch with the phone number left unchanged.
    #[must_use]
    pub fn without_phone(mut self) -> Self {
        self.changes.remove(&ClientField::Phone);
        self
    }

    /// Creates a client from these fields.
    ///
    /// # Errors
    /// A problem when the first name is missing.
    pub fn create(self) -> Result<ClientFields, FieldErrors> {
        let first_name = self.set(ClientField::FirstName).map(FieldValue::text).unwrap_or_default();
        let client = Client::builder(&first_name).build()?;
        self.apply_to(client)
    }

    /// The new values that must be unique within a tenant.
    pub fn unique_values(&self) -> Vec<&str> {
        let pin = match self.set(ClientField::Pin) {
            Some(FieldValue::Text(pin)) => Some(pin.as_str()),
            _ => None,
        };
        self.phone().map(PhoneNumber::as_str).into_iter().chain(pin).collect()
    }

    /// Returns `client` with the changes applied.
    pub(super) fn apply_to(self, mut client: ClientFields) -> Result<ClientFields, FieldErrors> {
        let mut errors = FieldErrors::default();
        let (passport, pin) = (self.passport_after(Some(&client)), self.pin_after(Some(&client)));
        for (field, value) in self.changes {
            client.set(field, value);
        }
        // After the single fields, because their parts depend on each other.
        match passport {
            Ok(passport) => client.set_passport(passport),
            Err(wrong) => errors.extend(Some(wrong)),
        }
        match pin {
            Ok(pin) => client.set_pin(pin),
            Err(wrong) => errors.extend(Some(wrong)),
        }
        errors.or(client)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ClientId;
    use chrono::DateTime;

    fn parse(fields: &[(&str, &str)]) -> Result<ClientPatch, FieldErrors> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let sent = |sent: ClientField| {
            Ok(match fields.iter().find(|(name, _)| *name == sent.name()) {
                None => Patch::Keep,
                Some((_, "")) => Patch::Clear,
                Some((_, value)) => Patch::Set((*value).to_owned()),
            })
        };
        ClientPatch::parse(sent, Country::UZ, today)
    }

    fn stored(data: ClientFields) -> Client {
        Client::stored(ClientId(1), data, Vec::new(), DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn only_the_first_name_is_required() {
        assert_eq!(Client::builder(" Aziza ").build().unwrap().full_name(), "Aziza");
        assert_eq!(Client::builder(" ").build().unwrap_err().to_string(), "first_name: Required");
        assert_eq!(
            parse(&[("phone", "901234567")]).unwrap().create().unwrap_err().to_string(),
            "first_name: Required"
        );
    }

    #[test]
    fn optional_fields_can_be_set_changed_kept_and_cleared() {
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
            client.clone().with_patch(parse(&[]).unwrap()).unwrap().data(),
            client.data(),
            "what is not sent stays"
        );

        let cleared: Vec<_> = all[1..].iter().map(|(name, _)| (*name, "")).collect();
        let bare = client.with_patch(parse(&cleared).unwrap()).unwrap();
        assert_eq!(bare.data(), &Client::builder("Aziza").build().unwrap());
    }

    #[test]
    fn all_invalid_fields_are_reported() {
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
            "phone",
            "email",
            "date_of_birth",
            "gender",
            "country_code",
            "pin",
            "passport_number",
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn document_parts_can_be_changed_separately() {
        let all = [
            ("first_name", "A"),
            ("passport_series", "AA"),
            ("passport_number", "1234567"),
            ("pin", "12345678901234"),
        ];
        let client = stored(parse(&all).unwrap().create().unwrap());
        let change = |fields: &[(&str, &str)]| {
            let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
            let sent = |sent: ClientField| {
                Ok(match fields.iter().find(|(name, _)| *name == sent.name()) {
                    None => Patch::Keep,
                    Some((_, "")) => Patch::Clear,
                    Some((_, value)) => Patch::Set((*value).to_owned()),
                })
            };
            let patch = ClientPatch::parse_for(Some(client.data()), sent, Country::UZ, today);
            let changed = patch.map(|patch| client.clone().with_patch(patch).unwrap());
            changed.map_err(|errors| errors.to_string()).map(|changed| {
                let passport = changed
                    .data()
                    .passport()
                    .map(|p| format!("{} {}", p.series().unwrap_or("-"), p.number()));
                let pin = changed.data().pin().map(|p| format!("{} {}", p.country().code(), p.value()));
                [passport, pin].map(Option::unwrap_or_default).join(", ")
            })
        };
        for (fields, becomes) in [
            (&[("passport_series", "ab")][..], Ok("AB 1234567, UZ 12345678901234")),
            (&[("passport_series", "")], Ok("- 1234567, UZ 12345678901234")),
            (&[("passport_number", " 76 54321 ")], Ok("AA 7654321, UZ 12345678901234")),
            (&[("passport_number", "")], Ok(", UZ 12345678901234")),
            (&[("passport_number", ""), ("passport_series", "AB")], Ok(", UZ 12345678901234")),
            (&[("pin", "43210987654321")], Ok("AA 1234567, UZ 43210987654321")),
            (&[("country_code", "kz")], Ok("AA 1234567, KZ 12345678901234")),
            (&[("pin", "ab-12"), ("country_code", "GB")], Ok("AA 1234567, GB AB-12")),
            (&[("country_code", "")], Err("country_code: Required")),
            (&[("country_code", ""), ("pin", "12345678901234")], Err("country_code: Required")),
            (&[("country_code", ""), ("pin", "")], Ok("AA 1234567, ")),
            (&[("pin", ""), ("country_code", "UZ")], Ok("AA 1234567, ")),
            (&[("pin", "12345678901235"), ("country_code", "")], Ok("AA 1234567, UZ 12345678901235")),
            (&[("pin", "ab-12")], Err("pin: BadCharacters")),
        ] {
            assert_eq!(change(fields).as_deref(), becomes.map_err(str::to_owned).as_deref(), "{fields:?}");
        }
        let alone = parse(&[("first_name", "A"), ("country_code", "KZ"), ("pin", "")]).unwrap_err();
        assert_eq!(alone.to_string(), "pin: Required", "a country is not dropped silently");
    }

    #[test]
    fn dates_of_birth_are_bounded() {
        for date in ["2026-11-23", "1889-12-31", "0001-01-01", "17.05.1990", "1990-02-30"] {
            let errors = parse(&[("date_of_birth", date)]).unwrap_err();
            assert_eq!(errors.to_string(), "date_of_birth: NotADate", "{date}");
        }
        assert!(parse(&[("date_of_birth", "2026-11-22")]).is_ok());
        assert!(parse(&[("date_of_birth", " 1890-01-01 ")]).is_ok());
    }

    #[test]
    fn with_and_without_return_the_changed_client() {
        let client = stored(Client::builder("Aziza").last_name("Karimova").build().unwrap());
        let phone = PhoneNumber::parse_international("+998901234567").unwrap();
        let changed = client.clone().with(ClientField::Phone, phone.clone()).without(ClientField::LastName);
        assert_eq!(changed.data().phone(), Some(&phone));
        assert_eq!(changed.data().last_name(), None);
        assert_eq!(client.data().last_name(), Some("Karimova"), "the first one is as it was");
    }

    #[test]
    fn search_text_contains_names_phone_digits_and_email() {
        let client = parse(&[("first_name", "Азиза"), ("phone", "901234567"), ("email", "a@b.uz")]).unwrap();
        assert_eq!(client.create().unwrap().search_text(), "aziza 998901234567 a@b.uz");
    }
}
