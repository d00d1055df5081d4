//! Forms that come back: what was typed, and what is wrong with it, beside each field.

use std::collections::BTreeMap;

use axum::http::StatusCode;

use crate::{
    domain::ClientId,
    error::{AppError, Conflict},
    presentation::{
        http::{errors::field_messages, fields::Fields},
        ui::i18n::I18n,
    },
};

/// The state of a form.
#[derive(Debug, Clone, Default)]
pub struct Form {
    values: BTreeMap<String, String>,
    errors: BTreeMap<String, Vec<String>>,
    /// The field with a value that another client has, and who that is.
    conflicting_client: Option<(&'static str, ClientId)>,
    conflicting_client_link: Option<(String, String)>,
    /// What someone else saved meanwhile, by field.
    theirs: BTreeMap<&'static str, String>,
    /// Whether someone else saved something meanwhile.
    edit_conflict: bool,
    /// The fields with problems as the page has them.
    invalid_fields: Vec<&'static str>,
}

impl Form {
    /// A form with these values.
    pub fn filled(values: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value.unwrap_or_default()));
        Self { values: values.collect(), ..Self::default() }
    }

    /// The form as it was sent.
    pub fn of(fields: &Fields) -> Self {
        Self { values: fields.pairs().into_iter().collect(), ..Self::default() }
    }

    /// The status of an error that a form shows beside its fields, where it is such a one.
    pub fn error_status(error: &AppError) -> Option<StatusCode> {
        match error {
            AppError::Invalid(_) => Some(StatusCode::UNPROCESSABLE_ENTITY),
            AppError::Conflict(_) => Some(StatusCode::CONFLICT),
            _ => None,
        }
    }

    /// The form as it was sent, with what is wrong with it.
    pub fn with_errors(fields: &Fields, error: &AppError, i18n: I18n) -> Self {
        let mut form = Self { errors: field_messages(error, i18n), ..Self::of(fields) };
        if let AppError::Conflict(Conflict { field: Some(field), client: Some(client) }) = error {
            form.errors.insert((*field).to_owned(), vec![i18n.get("problem-taken-by-client").into_owned()]);
            form.conflicting_client = Some((field, *client));
        }
        form
    }

    /// Adds what is wrong with the fields that the page was asked with.
    pub fn add_errors(&mut self, error: &AppError, i18n: I18n) {
        self.errors.extend(field_messages(error, i18n));
    }

    /// The form as it was sent, after someone else saved something.
    pub fn with_edit_conflict(fields: &Fields) -> Self {
        Self { edit_conflict: true, ..Self::of(fields) }
    }

    /// The form without anything that was typed, as one with passwords comes back.
    #[must_use]
    pub fn without_values(mut self) -> Self {
        self.values.clear();
        self
    }

    /// Says in which order the page has its fields: the first that is wrong gets the focus.
    #[must_use]
    pub fn with_field_order(mut self, fields: &[&'static str]) -> Self {
        self.invalid_fields =
            fields.iter().copied().filter(|field| self.errors.contains_key(*field)).collect();
        self
    }

    /// The fields with problems as the page has them.
    pub fn invalid_fields(&self) -> &[&'static str] {
        &self.invalid_fields
    }

    /// Whether the field is the first that needs another look.
    pub fn is_focused(&self, name: &str) -> bool {
        self.invalid_fields.first().or_else(|| self.theirs.keys().next()).is_some_and(|first| *first == name)
    }

    /// The client that has a value of this form already.
    pub fn conflicting_client(&self) -> Option<ClientId> {
        self.conflicting_client.map(|(_, client)| client)
    }

    /// Gives the way to that client.
    pub fn link_conflicting_client(&mut self, url: String, label: String) {
        self.conflicting_client_link = Some((url, label));
    }

    /// The way to the client that has the field's value, and what the link says.
    pub fn conflicting_client_link(&self, name: &str) -> Option<&(String, String)> {
        self.conflicting_client.filter(|(field, _)| *field == name).and(self.conflicting_client_link.as_ref())
    }

    /// Puts another value into a field.
    pub fn set(&mut self, name: &str, value: String) {
        self.values.insert(name.to_owned(), value);
    }

    /// Notes what someone else saved in a field meanwhile.
    pub fn set_theirs(&mut self, name: &'static str, value: String) {
        self.theirs.insert(name, value);
    }

    /// What someone else saved in a field meanwhile.
    pub fn theirs(&self, name: &str) -> Option<&str> {
        self.theirs.get(name).map(String::as_str)
    }

    /// Whether someone else saved something meanwhile.
    pub fn has_edit_conflict(&self) -> bool {
        self.edit_conflict
    }

    /// Whether the field was sent.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// A field's value.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Whether a choice is the field's value.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.value(name) == value
    }

    /// What is wrong with a field.
    pub fn error(&self, name: &str) -> Option<String> {
        self.errors.get(name).map(|messages| messages.join(" "))
    }

    /// Whether anything is wrong.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }
}
