//! View models of clients and contacts, used as JSON and on pages.

use std::borrow::Cow;

use axum_extra::headers::ETag;
use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use crate::{
    domain::{
        Client, ClientField, ClientFields, ClientId, Contact, ContactId, ContactType, Email, PhoneNumber,
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
    /// The contacts besides the phone and the e-mail address, which are contacts as well once the client has written from
    /// them.
    pub fn other_contacts(&self) -> impl Iterator<Item = &ContactView> {
        let is_own = |contact: &ContactView| match contact.kind {
            kind if kind == ContactType::Phone.as_str() => Some(contact.value.as_str()) == self.phone(),
            kind if kind == ContactType::Email.as_str() => Some(contact.value.as_str()) == self.email(),
            _ => false,
        };
        self.contacts.iter().filter(move |contact| !is_own(contact))
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
