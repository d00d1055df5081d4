//! Edit conflicts: the version that a form was opened with, and a form that shows both versions if
//! another user has saved a different one.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use axum_extra::headers::{ETag, HeaderMapExt as _, IfMatch};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::error::{AppError, Result};
use crate::presentation::http::{fields::Fields, form::Form};

/// The field with the version that a form was opened with.
const BASE_VERSION_FIELD: &str = "seen";
/// The field with the names of those fields whose values another user saved and that are to be
/// kept.
const KEEP_THEIRS_FIELD: &str = "take";

/// The values of a form's fields when it was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::presentation) struct BaseVersion(BTreeMap<String, String>);

impl BaseVersion {
    /// Creates a version from these values.
    pub(in crate::presentation) fn of(
        values: impl IntoIterator<Item = (&'static str, Option<String>)>,
    ) -> Self {
        Self(values.into_iter().map(|(name, value)| (name.to_owned(), value.unwrap_or_default())).collect())
    }

    /// Reads the version that a form was opened with, if the form contains one. An unreadable value
    /// matches no version.
    pub(in crate::presentation) fn from_fields(fields: &Fields) -> Option<Self> {
        Some(Self(serde_json::from_str(fields.text(BASE_VERSION_FIELD)?).unwrap_or_default()))
    }

    /// The value of [`BASE_VERSION_FIELD`].
    pub(in crate::presentation) fn to_field(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// Checks that the record still has this version.
    ///
    /// # Errors
    /// [`AppError::EditConflict`].
    pub(in crate::presentation) fn ensure_unchanged(&self, current: &Self) -> Result<()> {
        if self == current { Ok(()) } else { Err(AppError::EditConflict) }
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// True if the user chose to keep the other user's value of a field.
pub(in crate::presentation) fn keeps_theirs(fields: &Fields, name: &str) -> bool {
    fields.pairs().iter().any(|(field, value)| field == KEEP_THEIRS_FIELD && value == name)
}

/// Builds a form with the submitted values next to those that another user saved in the meantime;
/// untouched fields have the saved values.
pub(in crate::presentation) fn edit_conflict_form(
    fields: &Fields,
    current: &BaseVersion,
    field_names: &[&'static str],
    display: impl Fn(&str, &str) -> String,
) -> Form {
    let base = BaseVersion::from_fields(fields).unwrap_or_default();
    let mut form = Form::with_edit_conflict(fields);
    for name in field_names.iter().copied() {
        let typed = fields.text_or_empty(name).replace("\r\n", "\n");
        let (base, current) = (base.get(name), current.get(name));
        if typed.trim() == base {
            form.set(name, current.to_owned());
        } else if base != current && typed.trim() != current {
            form.set_theirs(name, display(name, current));
        }
    }
    form
}

/// The entity tag of a representation; different representations have different tags (RFC 9110,
/// section 8.8.3).
///
/// # Errors
/// A view that cannot be serialized.
pub(in crate::presentation) fn entity_tag(view: &impl Serialize) -> Result<ETag> {
    let json = serde_json::to_vec(view).map_err(AppError::internal)?;
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(json)[..12]));
    tag.parse().map_err(AppError::internal)
}

/// Checks that `tag` is a version named in `If-Match` (RFC 9110, section 13.1.1).
///
/// # Errors
/// [`AppError::PreconditionFailed`].
pub(in crate::presentation) fn if_match(headers: &HeaderMap, tag: &ETag) -> Result<()> {
    match headers.typed_try_get::<IfMatch>() {
        Ok(None) => Ok(()),
        Ok(Some(condition)) if condition.precondition_passes(tag) => Ok(()),
        _ => Err(AppError::PreconditionFailed),
    }
}
