//! View models of clients and contacts, used as JSON and on pages.

use std::borrow::Cow;

use axum_extra::headers::ETag;
use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use crate::{
    domain::{
        Client, ClientField, ClientFields, ClientId, Contact, ContactId, ContactType, Country, Email,
        PhoneNumber,
    },
    presentation::http::edit_conflict::entity_tag,
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
            ContactType::Phone | ContactType::Whatsapp => PhoneNumber::parse_international(&contact.value)
                .map(|number| number.format_international())
                .ok(),
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
    #[serde(flatten, serialize_with = "texts")]
    pub fields: ClientFields,
    pub full_name: String,
    pub contacts: Vec<ContactView>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The phone number in the form shown on pages.
    #[serde(skip)]
    pub phone_display: Option<String>,
}

/// Serializes fields by their names.
fn texts<S: Serializer>(fields: &ClientFields, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(fields.texts())
}

impl ClientView {
    /// Formats the phone numbers in the national format of `country`.
    #[must_use]
    pub fn shown_in(mut self, country: Country) -> Self {
        let shown = |value: &str| {
            PhoneNumber::parse_international(value).ok().map(|number| number.format_for(country))
        };
        self.phone_display = self.fields.phone().map(|phone| phone.format_for(country));
        for contact in &mut self.contacts {
            if let Some(phone) = shown(&contact.value).filter(|_| contact.has_number()) {
                contact.display_value = phone;
            }
        }
        self
    }

    /// The first name.
    pub fn first_name(&self) -> &str {
        self.fields.first_name()
    }

    /// The phone number in E.164.
    pub fn phone(&self) -> Option<&str> {
        self.fields.phone().map(PhoneNumber::as_str)
    }

    /// The e-mail address.
    pub fn email(&self) -> Option<&str> {
        self.fields.email().map(Email::as_str)
    }

    /// The notes.
    pub fn comments(&self) -> Option<Cow<'_, str>> {
        self.fields.text(ClientField::Comments)
    }

    /// The values of all fields by name, as forms contain them.
    pub(in crate::presentation) fn form_values(
        &self,
    ) -> impl Iterator<Item = (&'static str, Option<String>)> {
        ClientField::ALL.iter().map(|field| match field {
            ClientField::Phone => (field.name(), self.phone_display.clone()),
            _ => (field.name(), self.fields.text(*field).map(Cow::into_owned)),
        })
    }

    /// The entity tag of this version of the client.
    ///
    /// # Errors
    /// See [`entity_tag`].
    pub fn tag(&self) -> crate::error::Result<ETag> {
        entity_tag(self)
    }
}

impl From<Client> for ClientView {
    fn from(client: Client) -> Self {
        let fields = client.data().clone();
        Self {
            id: client.id,
            full_name: fields.full_name(),
            phone_display: fields.phone().map(PhoneNumber::format_international),
            fields,
            created_at: client.created_at,
            updated_at: client.updated_at,
            contacts: client.contacts.into_iter().map(Into::into).collect(),
        }
    }
}
