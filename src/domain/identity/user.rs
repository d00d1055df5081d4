//! Users: the team members of a tenant.

use chrono::{DateTime, Utc};

use crate::domain::{Email, Locale, Problem, Role, Theme, TokenId, UserId, values::problem};

/// A person's name: a first name, and optionally a last name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName {
    /// The first name.
    pub first: String,
    /// The last name.
    pub last: Option<String>,
}

impl PersonName {
    /// Parses both names from a form.
    pub fn parse(first: &str, last: Option<&str>) -> Result<Self, Problem> {
        let last = last.map_or(Ok(None), Self::parse_last)?;
        Ok(Self { first: Self::parse_first(first)?, last })
    }

    /// Parses a first name, which is required.
    pub fn parse_first(text: &str) -> Result<String, Problem> {
        problem::required_text(text, 255)
    }

    /// Parses a last name; blanks alone are read as `None`.
    pub fn parse_last(text: &str) -> Result<Option<String>, Problem> {
        problem::text(text, 255)
    }

    /// Both names, separated by a space.
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
    /// The user's id.
    pub id: UserId,
    /// The address that the user signs in with.
    pub email: Email,
    /// The user's full name.
    pub name: PersonName,
    /// The role, which determines the permissions.
    pub role: Role,
    /// The settings of the user's pages.
    pub preferences: Preferences,
}

/// A user with the data for those who manage users.
#[derive(Debug, Clone)]
pub struct UserAccount {
    /// The user.
    pub user: User,
    /// The time when the user was created.
    pub created_at: DateTime<Utc>,
    /// The time when the user was disabled; `None` for users who can sign in.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// An API token, without the token itself, of which only a hash is stored.
#[derive(Debug, Clone)]
pub struct ApiToken {
    /// The token's id.
    pub id: TokenId,
    /// The purpose.
    pub name: String,
    /// The address of the user that the token acts as.
    pub user: Email,
    /// The time when the token was created.
    pub created_at: DateTime<Utc>,
    /// The time when the token ends; `None` for older tokens, which do not end.
    pub expires_at: Option<DateTime<Utc>>,
    /// The time when the token was last used, to the minute; `None` if it was never used.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A user's settings for pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preferences {
    /// The language; `None` for the tenant's.
    pub locale: Option<Locale>,
    /// The colour theme.
    pub theme: Theme,
    /// True if single-letter keyboard shortcuts are enabled. Users of speech input, or with
    /// unsteady hands, must be able to disable them (WCAG 2.1.4).
    pub single_keys: bool,
}
