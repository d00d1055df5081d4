//! The old and new values of an entry of the audit log, with their fields in words.

use crate::{domain::Changes, presentation::ui::i18n::I18n};

/// A changed field.
#[derive(Debug, Clone)]
pub struct ChangeView {
    /// The label of the field; its name, if no form has it.
    pub label: String,
    /// The old value.
    pub old: Option<String>,
    /// The new value.
    pub new: Option<String>,
}

impl ChangeView {
    /// All fields of an entry.
    pub fn all(changes: &Changes, t: I18n) -> Vec<Self> {
        let view = |(name, old, new): (&str, Option<&str>, Option<&str>)| {
            let keys = [format!("audit-field-{name}"), format!("field-{name}")];
            let key = keys.into_iter().find(|key| t.has(key));
            let label = key.map_or_else(|| name.to_owned(), |key| t.get(key).into_owned());
            Self { label, old: old.map(str::to_owned), new: new.map(str::to_owned) }
        };
        changes.iter().map(view).collect()
    }
}
