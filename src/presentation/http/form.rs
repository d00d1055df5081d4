//! The state of forms: the values of the fields and the problems that the page shows beside them.

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
    /// The field whose value another client has, and that client.
    conflicting_client: Option<(&'static str, ClientId)>,
    conflicting_client_link: Option<(String, String)>,
    /// The values that another user saved in the meantime, by field.
    theirs: BTreeMap<&'static str, String>,
    /// True if another user saved something in the meantime.
    edit_conflict: bool,
    /// The fields with problems, in the order of the page.
    invalid_fields: Vec<&'static str>,
}

impl Form {
    /// Creates a form with these values.
    pub fn filled(values: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value.unwrap_or_default()));
        Self { values: values.collect(), ..Self::default() }
    }

    /// Creates a form with the submitted values.
    pub fn of(fields: &Fields) -> Self {
        Self { values: fields.pairs().into_iter().collect(), ..Self::default() }
    }

    /// The status for an error that a form shows beside its fields; `None` for other errors.
    pub fn error_status(error: &AppError) -> Option<StatusCode> {
        match error {
            AppError::Invalid(_) => Some(StatusCode::UNPROCESSABLE_ENTITY),
            AppError::Conflict(_) => Some(StatusCode::CONFLICT),
            _ => None,
        }
    }

    /// Creates a form with the submitted values and their problems.
    pub fn with_errors(fields: &Fields, error: &AppError, i18n: I18n) -> Self {
        let mut form = Self { errors: field_messages(error, i18n), ..Self::of(fields) };
        if let AppError::Conflict(Conflict { field: Some(field), client: Some(client) }) = error {
            form.errors.insert((*field).to_owned(), vec![i18n.get("problem-taken-by-client").into_owned()]);
            form.conflicting_client = Some((field, *client));
        }
        form
    }

    /// Adds the problems of the fields in the query string.
    pub fn add_errors(&mut self, error: &AppError, i18n: I18n) {
        self.errors.extend(field_messages(error, i18n));
    }

    /// Creates a form with the submitted values after an edit conflict.
    pub fn with_edit_conflict(fields: &Fields) -> Self {
        Self { edit_conflict: true, ..Self::of(fields) }
    }

    /// Removes all values, because passwords are not put into the page again.
    #[must_use]
    pub fn without_values(mut self) -> Self {
        self.values.clear();
        self
    }

    /// Sets the order of the fields on the page. The first field with a problem gets the focus.
    #[must_use]
    pub fn with_field_order(mut self, fields: &[&'static str]) -> Self {
        self.invalid_fields =
            fields.iter().copied().filter(|field| self.errors.contains_key(*field)).collect();
        self
    }

    /// The fields with problems, in the order of the page.
    pub fn invalid_fields(&self) -> &[&'static str] {
        &self.invalid_fields
    }

    /// True if the field gets the focus: the first with a problem, or else the first with a
    /// conflicting value.
    pub fn is_focused(&self, name: &str) -> bool {
        self.invalid_fields.first().or_else(|| self.theirs.keys().next()).is_some_and(|first| *first == name)
    }

    /// The client that has a value of this form already.
    pub fn conflicting_client(&self) -> Option<ClientId> {
        self.conflicting_client.map(|(_, client)| client)
    }

    /// Sets the link to that client.
    pub fn link_conflicting_client(&mut self, url: String, label: String) {
        self.conflicting_client_link = Some((url, label));
    }

    /// The address and label of the link to the client that has the field's value.
    pub fn conflicting_client_link(&self, name: &str) -> Option<&(String, String)> {
        self.conflicting_client.filter(|(field, _)| *field == name).and(self.conflicting_client_link.as_ref())
    }

    /// Sets the value of a field.
    pub fn set(&mut self, name: &str, value: String) {
        self.values.insert(name.to_owned(), value);
    }

    /// Records the value that another user saved in the meantime.
    pub fn set_theirs(&mut self, name: &'static str, value: String) {
        self.theirs.insert(name, value);
    }

    /// The value that another user saved in the meantime.
    pub fn theirs(&self, name: &str) -> Option<&str> {
        self.theirs.get(name).map(String::as_str)
    }

    /// True if another user saved something in the meantime.
    pub fn has_edit_conflict(&self) -> bool {
        self.edit_conflict
    }

    /// True if the field was submitted.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The value of a field.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// True if `value` is the value of the field.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.value(name) == value
    }

    /// The problems of a field, as text.
    pub fn error(&self, name: &str) -> Option<String> {
        self.errors.get(name).map(|messages| messages.join(" "))
    }

    /// True if a field has a problem.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }
}
