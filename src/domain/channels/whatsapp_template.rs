//! Templates that WhatsApp has approved, which may be sent outside the service window. The provider
//! stores them under an id and fills in their variables; Aloqa keeps a copy of the text, so that
//! chats show it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::domain::{ChannelId, Problem, TemplateText, TemplateValues, WhatsappTemplateId, values::problem};

/// The longest text that WhatsApp approves, in characters.
const MAX_BODY_LENGTH: usize = 1_024;
/// The most variables of a template. No approved template is known to have more.
const MAX_VARIABLES: usize = 20;
/// The longest value of a variable, in characters.
const MAX_VALUE_LENGTH: usize = 255;
/// The longest language code, such as `zh_Hans_CN`.
const MAX_LANGUAGE_LENGTH: usize = 15;

/// The text of an approved template; variables are written `{{1}}`, `{{2}}` and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatsappTemplateBody(String);

impl WhatsappTemplateBody {
    /// Parses a template's text from a form.
    ///
    /// # Errors
    /// [`Problem::Required`], [`Problem::TooLong`]; [`Problem::UnknownPlaceholder`] for a variable
    /// that is not a number, or when a number is missing in the sequence.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = problem::required_text(&text.replace("\r\n", "\n"), MAX_BODY_LENGTH)?;
        let body = Self(text);
        let numbers: BTreeSet<usize> = pieces(&body.0).filter_map(|(_, number)| number).collect();
        if let Some((_, unknown)) = body.0.split_once("{{").filter(|_| numbers.is_empty()) {
            return Err(unknown_variable(unknown));
        }
        let rest: String = pieces(&body.0).map(|(plain, _)| plain).collect();
        if let Some((_, unknown)) = rest.split_once("{{") {
            return Err(unknown_variable(unknown));
        }
        match (1..=numbers.len()).find(|number| !numbers.contains(number)) {
            Some(missing) => Err(Problem::UnknownPlaceholder(missing.to_string())),
            None if numbers.len() > MAX_VARIABLES => {
                Err(Problem::UnknownPlaceholder(numbers.len().to_string()))
            }
            None => Ok(body),
        }
    }

    /// Wraps a text from the database without checking it again.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text with its variables unfilled.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of variables.
    pub fn variables(&self) -> usize {
        pieces(&self.0).filter_map(|(_, number)| number).max().unwrap_or(0)
    }

    /// Returns the text with `values` filled in; a variable without a value stays as it is written.
    pub fn fill(&self, values: &[String]) -> String {
        let mut text = String::with_capacity(self.0.len());
        for (plain, number) in pieces(&self.0) {
            text.push_str(plain);
            let Some(number) = number else { continue };
            match number.checked_sub(1).and_then(|index| values.get(index)) {
                Some(value) if !value.is_empty() => text.push_str(value),
                _ => {
                    text.push_str("{{");
                    text.push_str(&number.to_string());
                    text.push_str("}}");
                }
            }
        }
        text
    }
}

/// Splits the text into plain segments, each with the number of the variable that follows it.
fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<usize>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let mut from = 0;
        while let Some(start) = text[from..].find("{{").map(|start| from + start) {
            let inside = &text[start + 2..];
            let number = inside.split_once("}}").and_then(|(name, after)| {
                let digits = !name.is_empty() && name.len() <= 3 && name.bytes().all(|b| b.is_ascii_digit());
                Some((name.parse().ok().filter(|_| digits)?, after))
            });
            if let Some((number, after)) = number {
                rest = Some(after);
                return Some((&text[..start], Some(number)));
            }
            from = start + 2;
        }
        Some((text, None))
    })
}

fn unknown_variable(after: &str) -> Problem {
    let name = after.split_once("}}").map_or(after, |(name, _)| name).trim();
    Problem::UnknownPlaceholder(name.chars().take(40).collect())
}

/// The content of an approved template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWhatsappTemplate {
    /// The name that users find the template by.
    pub name: String,
    /// The provider's id of the template.
    pub content_sid: String,
    /// The language code as WhatsApp writes it.
    pub language: String,
    /// The approved text.
    pub body: WhatsappTemplateBody,
    /// Default values of the variables, one per line; they may contain the placeholders of message
    /// templates.
    pub defaults: String,
}

impl NewWhatsappTemplate {
    /// Parses a language code, such as `uz` or `en_US`.
    ///
    /// # Errors
    /// [`Problem::Required`], [`Problem::TooLong`], [`Problem::BadCharacters`].
    pub fn language(text: &str) -> Result<String, Problem> {
        let text = problem::required_text(text, MAX_LANGUAGE_LENGTH)?;
        let fine = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if fine { Ok(text) } else { Err(Problem::BadCharacters) }
    }

    /// Parses the default values of the variables, one per line.
    ///
    /// # Errors
    /// [`Problem::TooManyLines`] when there are more lines than variables; otherwise the problem of
    /// a line.
    pub fn defaults(text: &str, variables: usize) -> Result<String, Problem> {
        let lines: Vec<_> = text.trim_end().lines().map(str::trim).collect();
        if lines.len() > variables {
            return Err(Problem::TooManyLines { max: variables });
        }
        for line in lines.iter().filter(|line| !line.is_empty()) {
            TemplateText::parse(line)?;
            if line.chars().count() > MAX_VALUE_LENGTH {
                return Err(Problem::TooLong { max: MAX_VALUE_LENGTH });
            }
        }
        Ok(lines.join("\n"))
    }
}

/// A stored WhatsApp template.
#[derive(Debug, Clone)]
pub struct WhatsappTemplate {
    /// The template's id.
    pub id: WhatsappTemplateId,
    /// The channel whose WhatsApp sender may send it.
    pub channel: ChannelId,
    /// The name, language and text.
    pub content: NewWhatsappTemplate,
    /// The time when it was created.
    pub created_at: DateTime<Utc>,
    /// The time of the last change.
    pub updated_at: DateTime<Utc>,
}

impl WhatsappTemplate {
    /// The default values of the variables, with placeholders filled in for one client.
    pub fn default_values(&self, filling: &TemplateValues) -> Vec<String> {
        let mut lines = self.content.defaults.lines();
        let value = |_| filling.fill(lines.next().unwrap_or_default()).trim().to_owned();
        (0..self.content.body.variables()).map(value).collect()
    }
}

/// Parses the value of a variable. WhatsApp accepts neither empty values nor line breaks.
///
/// # Errors
/// [`Problem::Required`], [`Problem::TooLong`], [`Problem::BadCharacters`].
pub fn parse_variable_value(text: &str) -> Result<String, Problem> {
    let text = problem::required_text(text, MAX_VALUE_LENGTH)?;
    if text.chars().any(char::is_control) { Err(Problem::BadCharacters) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_must_be_numbered_without_gaps() {
        let count = |text: &str| WhatsappTemplateBody::parse(text).map(|body| body.variables());
        assert_eq!(count("Salom!"), Ok(0));
        assert_eq!(count("Salom, {{1}}! {{2}}, {{1}}"), Ok(2));
        assert_eq!(count("{{2}} {{1}}{{3}}"), Ok(3));
        let unknown = |text: &str| WhatsappTemplateBody::parse(text).unwrap_err();
        assert_eq!(unknown("{{2}}"), Problem::UnknownPlaceholder("1".into()));
        assert_eq!(unknown("{{1}} {{3}}"), Problem::UnknownPlaceholder("2".into()));
        assert_eq!(unknown("{{0}}"), Problem::UnknownPlaceholder("1".into()));
        assert_eq!(unknown("{{client.first_name}}"), Problem::UnknownPlaceholder("client.first_name".into()));
        assert_eq!(unknown("{{1}} {{name}}"), Problem::UnknownPlaceholder("name".into()));
        assert_eq!(unknown("{{1}} {{"), Problem::UnknownPlaceholder(String::new()));
        assert_eq!(
            unknown("{{99999999999999999999}}"),
            Problem::UnknownPlaceholder("99999999999999999999".into())
        );
        assert_eq!(unknown(" \n"), Problem::Required);
        assert_eq!(unknown(&"я".repeat(1_025)), Problem::TooLong { max: 1_024 });
        let many = (1..=21).map(|number| format!("{{{{{number}}}}}")).collect::<Vec<_>>().join(" ");
        assert_eq!(unknown(&many), Problem::UnknownPlaceholder("21".into()));
    }

    #[test]
    fn placeholders_in_values_are_not_expanded() {
        let body = WhatsappTemplateBody::parse("Salom, {{1}}! {{2}} — {{1}}").unwrap();
        let values = ["{{2}}".to_owned(), "Chorsu".to_owned()];
        assert_eq!(body.fill(&values), "Salom, {{2}}! Chorsu — {{2}}");
        assert_eq!(body.fill(&values[..1]), "Salom, {{2}}! {{2}} — {{2}}", "what is missing shows");
        assert_eq!(body.fill(&[]), body.as_str());
    }

    #[test]
    fn default_values_are_one_per_line() {
        let parsed = |text: &str| NewWhatsappTemplate::defaults(text, 2);
        assert_eq!(
            parsed("{{client.first_name}}\r\n  Chorsu \n").as_deref(),
            Ok("{{client.first_name}}\nChorsu")
        );
        assert_eq!(parsed("\nChorsu").as_deref(), Ok("\nChorsu"));
        assert_eq!(parsed("").as_deref(), Ok(""));
        assert_eq!(parsed("a\nb\nc"), Err(Problem::TooManyLines { max: 2 }));
        assert_eq!(parsed("{{client.pin}}"), Err(Problem::UnknownPlaceholder("client.pin".into())));
        assert_eq!(parsed(&"я".repeat(256)), Err(Problem::TooLong { max: 255 }));
    }

    #[test]
    fn variable_values_reject_line_breaks() {
        assert_eq!(parse_variable_value(" Aziza ").as_deref(), Ok("Aziza"));
        assert_eq!(parse_variable_value(" "), Err(Problem::Required));
        assert_eq!(parse_variable_value("a\nb"), Err(Problem::BadCharacters));
    }

    #[test]
    fn language_codes_follow_whatsapp() {
        for text in ["uz", "en_US", "zh-Hans"] {
            assert_eq!(NewWhatsappTemplate::language(text).as_deref(), Ok(text));
        }
        assert_eq!(NewWhatsappTemplate::language("o‘zbek"), Err(Problem::BadCharacters));
    }
}
