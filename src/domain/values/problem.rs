//! Validation problems of a field. Pages and the API translate them into the reader's language.

use std::{borrow::Cow, fmt};

use strum::VariantNames;

use crate::domain::{Country, Transport, values::invisible::is_blank};

/// The reason why a value was rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A required value is missing.
    Required,
    /// The value has more than `max` characters.
    TooLong {
        /// The maximum number of characters (Unicode scalar values).
        max: usize,
    },
    /// The number is outside of the range, both ends included.
    OutOfRange {
        /// The minimum.
        min: i64,
        /// The maximum.
        max: i64,
    },
    /// Not a phone number of any numbering plan; texts give an example of this country.
    NotAPhone(Country),
    /// Not an e-mail address.
    NotAnEmail,
    /// Not a date as `YYYY-MM-DD`, or a future date where a past one is required.
    NotADate,
    /// Not a time in RFC 3339 or as local date and time.
    NotATime,
    /// The time is in the past.
    TimePassed,
    /// The time is too far in the future.
    TimeTooFar,
    /// The local time does not exist, because clocks are put forward.
    TimeSkipped,
    /// The value is not one of these, which are separated by commas.
    NotOneOf(Cow<'static, str>),
    /// The value is not one of a field's choices, which are separated by commas.
    NotAChoice(String),
    /// The value has the wrong type, for example a list instead of a text.
    WrongType,
    /// The value contains characters that the field does not allow, such as control characters.
    BadCharacters,
    /// Another record has this value.
    Taken,
    /// The template has an unknown placeholder.
    UnknownPlaceholder(String),
    /// The client has no address for this transport.
    Unreachable,
    /// The number belongs to a country to which the workspace does not send; `None` for a number of no country.
    CountryNotAllowed(Option<Country>),
    /// The client has opted out of messages by this transport.
    OptedOut,
    /// The service window is closed: the client's last message is too old for a free text.
    WindowClosed,
    /// The client has not written by the transport yet, so that it takes only templates.
    WindowNotOpened,
    /// No channel is connected for this transport.
    NoProvider,
    /// The file is not a table.
    NotATable,
    /// The code of the second factor is wrong, or was used already.
    WrongCode,
    /// The workspace has stored as much as it may.
    StorageFull,
    /// Too many imports have not ended yet.
    TooManyImports {
        /// The maximum.
        max: usize,
    },
    /// Files cannot be sent with this message.
    NoFiles,
    /// A file has no content.
    EmptyFile {
        /// The name of the file.
        name: String,
    },
    /// The text is longer than one message of the transport.
    TooLongFor {
        /// The transport.
        transport: Transport,
        /// The longest text, in UTF-16 code units.
        max: usize,
    },
    /// The message has more than `max` files.
    TooManyFiles {
        /// The transport that the limit belongs to; `None` for the general limit.
        transport: Option<Transport>,
        /// The maximum number of files.
        max: usize,
    },
    /// The files are larger than the transport carries.
    FilesTooLarge {
        /// The transport that the limit belongs to.
        transport: Transport,
        /// The limit in megabytes.
        megabytes: u64,
    },
    /// The transport does not carry files of this type.
    FileType {
        /// The transport that the limit belongs to.
        transport: Transport,
        /// The name of the file.
        name: String,
    },
    /// The current password is wrong.
    WrongPassword,
    /// Not in the format of a bot's token.
    NotABotToken,
    /// The token belongs to another bot than the connected one.
    DifferentBot,
    /// The provider rejected the request with this text.
    ProviderRejected(String),
    /// The provider did not answer, for this reason.
    ProviderUnresponsive(String),
    /// Not an id in the provider's format.
    NotASid {
        /// The expected prefix.
        prefix: &'static str,
    },
    /// Not a sender of SMS: no phone number, short code or alphanumeric name.
    NotASender,
    /// No sender address was given, and at least one is required.
    SenderRequired,
    /// The channel is disabled.
    ChannelDisabled,
    /// The provider rejected the credentials.
    CredentialsRefused,
    /// The tenant has no such record.
    NotFound,
    /// Users do not disable themselves.
    OwnAccount,
    /// The user is the only enabled administrator of the tenant.
    LastAdministrator,
    /// The same record was given twice, and two different ones are required.
    SameRecord,
    /// There are more than `max` lines.
    TooManyLines {
        /// The maximum number of lines.
        max: usize,
    },
    /// The idempotency key was used for another message.
    KeyReused,
    /// The password is one of the commonest ones, or consists of what others know of the user.
    CommonPassword,
    /// The value has fewer than `min` characters.
    TooShort {
        /// The minimum number of characters.
        min: usize,
    },
}

impl Problem {
    /// Returns the problem of a text that is not the name of a variant.
    pub(in crate::domain) fn not_one_of<E: VariantNames>(_: &str) -> Self {
        Self::NotOneOf(E::VARIANTS.join(", ").into())
    }
}

/// The problems of a form or a JSON body, each with the name of its field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(Cow<'static, str>, Problem)>);

impl FieldErrors {
    /// Creates a list of one problem.
    pub fn one(field: impl Into<Cow<'static, str>>, problem: Problem) -> Self {
        Self(vec![(field.into(), problem)])
    }

    /// Adds a problem.
    pub fn push(&mut self, field: impl Into<Cow<'static, str>>, problem: Problem) {
        self.0.push((field.into(), problem));
    }

    /// Adds the problem of a failed parse and returns the value of a successful one, so that all
    /// problems are reported together.
    pub fn check<T>(&mut self, field: &'static str, parsed: Result<T, Problem>) -> Option<T> {
        parsed.map_err(|problem| self.push(field, problem)).ok()
    }

    /// Adds further problems.
    pub fn extend(&mut self, more: Option<Self>) {
        self.0.extend(more.into_iter().flat_map(|errors| errors.0));
    }

    /// True if the field has a problem.
    pub fn has(&self, field: &str) -> bool {
        self.0.iter().any(|(name, _)| name == field)
    }

    /// The problems in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Problem)> {
        self.0.iter().map(|(field, problem)| (field.as_ref(), problem))
    }

    /// Returns `value`, or the problems if there are any.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    /// True if there are no problems.
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

/// Parses a text from a form: trimmed, without control characters except line breaks and tabs, at
/// most `max` characters. NUL in particular is rejected, since PostgreSQL cannot store it. Empty
/// text is `None`, and so is one of which nothing is drawn.
pub(in crate::domain) fn text(raw: &str, max: usize) -> Result<Option<String>, Problem> {
    let text = raw.trim();
    if is_blank(text) {
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

/// Like [`text`], for a required value.
pub(in crate::domain) fn required_text(raw: &str, max: usize) -> Result<String, Problem> {
    text(raw, max)?.ok_or(Problem::Required)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_limited_in_characters() {
        assert_eq!(text("  Азиза ", 5), Ok(Some("Азиза".to_owned())));
        assert_eq!(text("Азизаx", 5), Err(Problem::TooLong { max: 5 }));
        assert_eq!(text(" \n ", 5), Ok(None));
        assert_eq!(text("a\0b", 5), Err(Problem::BadCharacters));
        assert_eq!(required_text(" ", 5), Err(Problem::Required));
        assert_eq!(text("\u{200b}\u{2060} \u{3164}", 5), Ok(None));
    }

    #[test]
    fn all_problems_of_a_form_are_collected() {
        let mut errors = FieldErrors::default();
        assert_eq!(errors.check("name", required_text("", 5)), None);
        assert_eq!(errors.check("note", text("ok", 5)), Some(Some("ok".to_owned())));
        errors.push("phone", Problem::NotAPhone(Country::UZ));
        assert_eq!(errors.to_string(), "name: Required, phone: NotAPhone(Country([85, 90]))");
        assert!(errors.or(()).is_err());
    }
}
