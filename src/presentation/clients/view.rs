//! View models of clients and contacts, used as JSON and on pages.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::{
    domain::{Client, ClientId, Contact, ContactId, ContactType, Country, Email, Passport, PhoneNumber, Pin},
    presentation::http::edit_conflict,
};

/// A contact.
#[derive(Debug, Serialize)]
pub struct ContactView {
    /// The id.
    pub id: ContactId,
    /// The type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The value.
    pub value: String,
    /// The value in the form shown on pages.
    #[serde(skip)]
    pub display_value: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl ContactView {
    fn has_number(&self) -> bool {
        [ContactType::Phone, ContactType::Whatsapp].map(ContactType::as_str).contains(&self.kind)
    }
}

impl From<Contact> for ContactView {
    fn from(contact: Contact) -> Self {
        let display_value = match contact.kind {
            ContactType::Phone | ContactType::Whatsapp => {
                PhoneNumber::parse_e164(&contact.value).map(|number| number.format_international()).ok()
            }
            // An account's id is not a username.
            ContactType::Telegram if contact.value.bytes().all(|byte| byte.is_ascii_digit()) => None,
            ContactType::Telegram => Some(format!("@{}", contact.value)),
            ContactType::Email | ContactType::Other => None,
        };
        Self {
            id: contact.id,
            kind: contact.kind.as_str(),
            display_value: display_value.unwrap_or_else(|| contact.value.clone()),
            value: contact.value,
            created_at: contact.created_at,
            updated_at: contact.updated_at,
        }
    }
}

/// A client.
#[derive(Debug, Serialize)]
pub struct ClientView {
    pub id: ClientId,
    pub first_name: String,
    pub last_name: Option<String>,
    pub middle_name: Option<String>,
    pub full_name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub date_of_birth: Option<NaiveDate>,
    pub gender: Option<&'static str>,
    pub passport_series: Option<String>,
    pub passport_number: Option<String>,
    pub pin: Option<String>,
    pub country_code: Option<String>,
    pub comments: Option<String>,
    pub contacts: Vec<ContactView>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The phone number in the form shown on pages.
    #[serde(skip)]
    pub phone_display: Option<String>,
}

impl ClientView {
    /// Formats the phone numbers in the national format of `country`.
    #[must_use]
    pub fn shown_in(mut self, country: Country) -> Self {
        let shown =
            |value: &str| PhoneNumber::parse_e164(value).ok().map(|number| number.format_for(country));
        self.phone_display = self.phone.as_deref().and_then(shown);
        for contact in &mut self.contacts {
            if let Some(phone) = shown(&contact.value).filter(|_| contact.has_number()) {
                contact.display_value = phone;
            }
        }
        self
    }

    /// The entity tag of this version of the client.
    pub fn tag(&self) -> String {
        edit_conflict::tag(self)
    }
}

impl From<Client> for ClientView {
    fn from(client: Client) -> Self {
        let data = client.data();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            id: client.id,
            first_name: data.first_name().to_owned(),
            last_name: owned(data.last_name()),
            middle_name: owned(data.middle_name()),
            full_name: data.full_name(),
            phone: data.phone().map(ToString::to_string),
            email: owned(data.email().map(Email::as_str)),
            address: owned(data.address()),
            date_of_birth: data.date_of_birth(),
            gender: data.gender().map(crate::domain::Gender::as_str),
            passport_series: owned(data.passport().and_then(Passport::series)),
            passport_number: owned(data.passport().map(Passport::number)),
            pin: owned(data.pin().map(Pin::value)),
            country_code: data.pin().map(|pin| pin.country().code().to_owned()),
            comments: owned(data.comments()),
            phone_display: data.phone().map(PhoneNumber::format_international),
            created_at: client.created_at,
            updated_at: client.updated_at,
            contacts: client.contacts.into_iter().map(Into::into).collect(),
        }
    }
}
