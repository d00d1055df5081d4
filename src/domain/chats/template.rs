//! Message templates: ready answers with placeholders.

use chrono::{DateTime, Utc};

pub use crate::domain::chats::template_placeholders::TemplateValues;

use crate::domain::{MESSAGE_LIMIT, Problem, TemplateId, values::problem};

/// The placeholders that a template may use, as in `{{client.first_name}}`.
pub const PLACEHOLDERS: [&str; 6] = [
    "client.first_name",
    "client.last_name",
    "client.full_name",
    "user.first_name",
    "user.full_name",
    "tenant.name",
];

/// A template's text, in which every placeholder is a known one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateText(String);

impl TemplateText {
    /// Parses what was typed.
    ///
    /// # Errors
    /// Empty, too long, or [`Problem::UnknownPlaceholder`].
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = problem::required_text(&text.replace("\r\n", "\n"), MESSAGE_LIMIT)?;
        for part in text.split("{{").skip(1) {
            let name = part.split_once("}}").map_or(part, |(name, _)| name).trim();
            if !part.contains("}}") || !PLACEHOLDERS.contains(&name) {
                return Err(Problem::UnknownPlaceholder(name.chars().take(40).collect()));
            }
        }
        Ok(Self(text))
    }

    /// The text with its placeholders.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A template that is about to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTemplate {
    /// The name to find it by.
    pub name: String,
    /// The text.
    pub text: TemplateText,
}

impl NewTemplate {
    /// The most characters of a name.
    pub const MAX_NAME_LENGTH: usize = 255;

    /// Parses a name: something, at most 255 characters.
    pub fn name(text: &str) -> Result<String, Problem> {
        problem::required_text(text, Self::MAX_NAME_LENGTH)
    }
}

/// A stored template.
#[derive(Debug, Clone)]
pub struct MessageTemplate {
    /// Its id.
    pub id: TemplateId,
    /// The name to find it by.
    pub name: String,
    /// The text with its placeholders.
    pub text: String,
    /// How often it went out.
    pub uses: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_placeholders_are_refused() {
        assert!(TemplateText::parse("Salom, {{ client.first_name }}! {{tenant.name}}").is_ok());
        let unknown = |text: &str| TemplateText::parse(text).unwrap_err();
        assert_eq!(unknown("{{client.pin}}"), Problem::UnknownPlaceholder("client.pin".into()));
        assert_eq!(unknown("{{client.first_name"), Problem::UnknownPlaceholder("client.first_name".into()));
    }
}
