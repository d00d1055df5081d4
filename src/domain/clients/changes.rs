//! What of a client was changed.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::{MergeField, NewClient};

const CONTACTS: &str = "contacts";

/// The names of the fields that were changed; never what they held. Events from before this was noted have none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChangedFields(Vec<Cow<'static, str>>);

impl ChangedFields {
    /// What is not the same in both.
    pub fn between(before: &NewClient, after: &NewClient) -> Self {
        let differs = |field: &&MergeField| !field.is_same(before, after);
        Self(MergeField::ALL.iter().filter(differs).map(|field| Cow::Borrowed(field.as_str())).collect())
    }

    /// The contacts, and nothing else.
    pub fn of_contacts() -> Self {
        Self(vec![Cow::Borrowed(CONTACTS)])
    }

    /// Notes that contacts were changed as well.
    pub fn add_contacts(&mut self) {
        if self.0.iter().all(|name| name != CONTACTS) {
            self.0.push(Cow::Borrowed(CONTACTS));
        }
    }

    /// Whether nothing is noted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields' names, in the order of a form; a passport's and an identification number's parts are one.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }
}
