//! Message templates: prepared texts with placeholders.

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

/// A template's text, whose placeholders are all known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateText(String);

impl TemplateText {
    /// Parses a template's text from a form.
    ///
    /// # Errors
    /// [`Problem::Required`], [`Problem::TooLong`], [`Problem::UnknownPlaceholder`].
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

    /// The text with its placeholders unfilled.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The content of a message template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTemplate {
    /// The name that users find the template by.
    pub name: String,
    /// The text with its placeholders.
    pub text: TemplateText,
}

impl NewTemplate {
    /// The longest name, in characters.
    pub const MAX_NAME_LENGTH: usize = 255;

    /// Parses a name: not empty, and at most 255 characters.
    pub fn name(text: &str) -> Result<String, Problem> {
        problem::required_text(text, Self::MAX_NAME_LENGTH)
    }
}

/// A stored message template.
#[derive(Debug, Clone)]
pub struct MessageTemplate {
    /// The template's id.
    pub id: TemplateId,
    /// The name that users find the template by.
    pub name: String,
    /// The text with its placeholders.
    pub text: String,
    /// The number of messages that were sent with it.
    pub uses: i64,
    /// The time when it was created.
    pub created_at: DateTime<Utc>,
    /// The time of the last change.
    pub updated_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_placeholders_are_rejected() {
        assert!(TemplateText::parse("Salom, {{ client.first_name }}! {{tenant.name}}").is_ok());
        let unknown = |text: &str| TemplateText::parse(text).unwrap_err();
        assert_eq!(unknown("{{client.pin}}"), Problem::UnknownPlaceholder("client.pin".into()));
        assert_eq!(unknown("{{client.first_name"), Problem::UnknownPlaceholder("client.first_name".into()));
    }
}
