//! A member of staff.

use crate::domain::{Email, Locale, Problem, Role, Theme, UserId, values::problem};

/// A person's name: a first name, and a last name where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName {
    /// The given name.
    pub first: String,
    /// The family name.
    pub last: Option<String>,
}

impl PersonName {
    /// Parses what was typed.
    pub fn parse(first: &str, last: Option<&str>) -> Result<Self, Problem> {
        let last = last.map_or(Ok(None), Self::parse_last)?;
        Ok(Self { first: Self::parse_first(first)?, last })
    }

    /// Parses a given name.
    pub fn parse_first(text: &str) -> Result<String, Problem> {
        problem::required_text(text, 255)
    }

    /// Parses a family name; nothing but blanks is none.
    pub fn parse_last(text: &str) -> Result<Option<String>, Problem> {
        problem::text(text, 255)
    }

    /// Both names.
    pub fn full(&self) -> String {
        match &self.last {
            Some(last) => format!("{} {last}", self.first),
            None => self.first.clone(),
        }
    }
}

/// A user of one tenant.
#[derive(Debug, Clone)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The address to sign in with.
    pub email: Email,
    /// Its name.
    pub name: PersonName,
    /// Its role.
    pub role: Role,
    /// How it wants its pages.
    pub preferences: Preferences,
}

/// How a user wants its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preferences {
    /// The language; none for the tenant's.
    pub locale: Option<Locale>,
    /// The colours.
    pub theme: Theme,
    /// Whether keys without Ctrl or Alt do something while one types nowhere. Who speaks to the computer, or has an unsteady
    /// hand, needs to be without (WCAG 2.1.4).
    pub single_keys: bool,
}
