//! The fields of a client that an event reports as changed.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::{ClientField, ClientFields};

const CONTACTS: &str = "contacts";

/// The names of the changed fields, without their values. Events that were recorded before this
/// list existed have an empty one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChangedFields(Vec<Cow<'static, str>>);

impl ChangedFields {
    /// The fields in which two versions of a client differ.
    pub fn between(before: &ClientFields, after: &ClientFields) -> Self {
        let differs = |field: &ClientField| !before.is_same(*field, after);
        Self(ClientField::values().filter(differs).map(|field| Cow::Borrowed(field.name())).collect())
    }

    /// A list that consists of the contacts alone.
    pub fn of_contacts() -> Self {
        Self(vec![Cow::Borrowed(CONTACTS)])
    }

    /// Adds the contacts to the list.
    pub fn add_contacts(&mut self) {
        if self.0.iter().all(|name| name != CONTACTS) {
            self.0.push(Cow::Borrowed(CONTACTS));
        }
    }

    /// True if no field is listed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields' names in the order of the form. The parts of a passport, and those of an
    /// identification number, count as one field.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }
}
