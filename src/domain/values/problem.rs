//! What can be wrong with a field. The sentence that a person reads is made from it in their language.

use std::{borrow::Cow, fmt};

use crate::domain::Transport;

/// Why a value was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was given where something must be.
    Required,
    /// More than `max` characters.
    TooLong {
        /// The greatest number of characters (Unicode scalar values).
        max: usize,
    },
    /// A number outside of the range, both ends included.
    OutOfRange {
        /// The smallest accepted number.
        min: i64,
        /// The greatest accepted number.
        max: i64,
    },
    /// Not a phone number that exists in any numbering plan.
    NotAPhone,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not a date as `YYYY-MM-DD`, or one that has not come yet where it must have.
    NotADate,
    /// Not a time as RFC 3339, or one that has passed where it must not have.
    NotATime,
    /// A time that has passed.
    TimePassed,
    /// A time further ahead than anyone plans.
    TimeTooFar,
    /// An hour that clocks skip, because they are put forward.
    TimeSkipped,
    /// None of the values that the field knows.
    NotOneOf(&'static str),
    /// Of the wrong type: a list where a text is meant, for example.
    WrongType,
    /// Characters that the field can't hold, such as control characters.
    BadCharacters,
    /// Another record has this value already.
    Taken,
    /// A placeholder that templates do not know.
    UnknownPlaceholder(String),
    /// The client can't be reached by this transport.
    Unreachable,
    /// The client has opted out of it.
    OptedOut,
    /// The client wrote too long ago to be written to freely.
    WindowClosed,
    /// No provider is connected for this transport.
    NoProvider,
    /// A file without the rows of a table.
    NotATable,
    /// Files are not accepted here.
    NoFiles,
    /// More files than a message has.
    TooManyFiles {
        /// The transport that carries no more, where others do.
        transport: Option<Transport>,
        /// The greatest number.
        max: usize,
    },
    /// More than the transport carries.
    FilesTooLarge {
        /// The transport.
        transport: Transport,
        /// What it carries.
        megabytes: u64,
    },
    /// A file that the transport does not carry, whatever its size.
    FileType {
        /// The transport.
        transport: Transport,
        /// The file.
        name: String,
    },
    /// Not the password that opens the account.
    WrongPassword,
    /// Nothing that a bot's token looks like.
    NotABotToken,
    /// The token of another bot than the one that is connected.
    DifferentBot,
    /// The provider said no, in these words.
    ProviderRejected(String),
    /// The provider did not answer, for this reason.
    ProviderUnresponsive(String),
    /// Not an id of Twilio's.
    NotASid {
        /// How it begins.
        prefix: &'static str,
    },
    /// Nothing that SMS can be sent from.
    NotASender,
    /// No address to send from, where there must be one.
    SenderRequired,
    /// The channel for it is switched off.
    ChannelDisabled,
    /// Credentials that the provider refuses.
    CredentialsRefused,
    /// Something that does not exist in this workspace.
    NotFound,
    /// The same record twice, where two are meant.
    SameRecord,
    /// More lines than there are things to fill.
    TooManyLines {
        /// The greatest number.
        max: usize,
    },
    /// Shorter than `min` characters.
    TooShort {
        /// The smallest number of characters.
        min: usize,
    },
}

/// The problems of a form or a JSON body, each beside the name of its field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(Cow<'static, str>, Problem)>);

impl FieldErrors {
    /// A single problem.
    pub fn one(field: impl Into<Cow<'static, str>>, problem: Problem) -> Self {
        Self(vec![(field.into(), problem)])
    }

    /// Adds a problem.
    pub fn push(&mut self, field: impl Into<Cow<'static, str>>, problem: Problem) {
        self.0.push((field.into(), problem));
    }

    /// Notes the problem of a failed parse and goes on, so that all problems are told at once.
    pub fn check<T>(&mut self, field: &'static str, parsed: Result<T, Problem>) -> Option<T> {
        parsed.map_err(|problem| self.push(field, problem)).ok()
    }

    /// Adds what else is wrong.
    pub fn extend(&mut self, more: Option<Self>) {
        self.0.extend(more.into_iter().flat_map(|errors| errors.0));
    }

    /// Whether something is wrong with this field.
    pub fn has(&self, field: &str) -> bool {
        self.0.iter().any(|(name, _)| name == field)
    }

    /// The problems in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Problem)> {
        self.0.iter().map(|(field, problem)| (field.as_ref(), problem))
    }

    /// `value`, unless a problem was found.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (field, problem)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{field}: {problem:?}")?;
        }
        Ok(())
    }
}

/// Text that a person typed: trimmed, without control characters except line breaks and tabs, at most
/// `max` characters. NUL in particular is refused, since PostgreSQL can't store it. Empty text is `None`.
pub(in crate::domain) fn text(raw: &str, max: usize) -> Result<Option<String>, Problem> {
    let text = raw.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Problem::BadCharacters);
    }
    if text.chars().count() > max {
        return Err(Problem::TooLong { max });
    }
    Ok(Some(text.to_owned()))
}

/// As [`text`], where something must be given.
pub(in crate::domain) fn required_text(raw: &str, max: usize) -> Result<String, Problem> {
    text(raw, max)?.ok_or(Problem::Required)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_bounded_in_characters_not_bytes() {
        assert_eq!(text("  Азиза ", 5), Ok(Some("Азиза".to_owned())));
        assert_eq!(text("Азизаx", 5), Err(Problem::TooLong { max: 5 }));
        assert_eq!(text(" \n ", 5), Ok(None));
        assert_eq!(text("a\0b", 5), Err(Problem::BadCharacters));
        assert_eq!(required_text(" ", 5), Err(Problem::Required));
    }

    #[test]
    fn every_problem_of_a_form_is_told_at_once() {
        let mut errors = FieldErrors::default();
        assert_eq!(errors.check("name", required_text("", 5)), None);
        assert_eq!(errors.check("note", text("ok", 5)), Some(Some("ok".to_owned())));
        errors.push("phone", Problem::NotAPhone);
        assert_eq!(errors.to_string(), "name: Required, phone: NotAPhone");
        assert!(errors.or(()).is_err());
    }
}
