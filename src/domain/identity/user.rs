//! Users: the team members of a tenant.

use chrono::{DateTime, Utc};

use crate::domain::{
    AccessLinkId, Email, Locale, PermissionSet, Problem, SessionId, Theme, TokenId, UserId, UserRole,
    values::problem,
};

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
    /// The role.
    pub role: UserRole,
    /// The permissions: those of the role, and with a token only those of them that the token has.
    pub permissions: PermissionSet,
    /// The settings of the user's pages.
    pub preferences: Preferences,
    /// True if the user signs in with a second factor.
    pub two_factor: bool,
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
    /// The time when a session of the user was last used, to the minute; `None` if the user has no session.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// A browser that a user is signed in with.
#[derive(Debug, Clone)]
pub struct Session {
    /// The number by which the session is ended.
    pub id: SessionId,
    /// The address that signed in; `None` for sessions of earlier versions.
    pub address: Option<String>,
    /// The `User-Agent` of the browser, shortened.
    pub user_agent: Option<String>,
    /// The time when it was begun.
    pub created_at: DateTime<Utc>,
    /// The time when it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// An API token, without the token itself, of which only a hash is stored.
#[derive(Debug, Clone)]
pub struct ApiToken {
    /// The token's id.
    pub id: TokenId,
    /// The purpose.
    pub name: String,
    /// The user that the token acts as.
    pub user: UserId,
    /// The address of that user; `None` for a service account.
    pub email: Option<Email>,
    /// The role of that user.
    pub role: UserRole,
    /// The permissions that the token is restricted to; `None` for all of its user.
    pub permissions: Option<PermissionSet>,
    /// The beginning of the token; `None` for tokens of earlier versions.
    pub prefix: Option<String>,
    /// The time when the token was created.
    pub created_at: DateTime<Utc>,
    /// The time when the token ends; `None` for older tokens, which do not end.
    pub expires_at: Option<DateTime<Utc>>,
    /// The time when the token was last used, to the minute; `None` if it was never used.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl ApiToken {
    /// Parses the purpose of a token.
    ///
    /// # Errors
    /// [`Problem::Required`], [`Problem::TooLong`].
    pub fn parse_name(text: &str) -> Result<String, Problem> {
        problem::required_text(text, 100)
    }
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

/// A link by which an invited user sets a name and a password, or a user a new password. It works once.
#[derive(Debug, Clone)]
pub struct AccessLink {
    /// The link's id.
    pub id: AccessLinkId,
    /// The address that the link is for.
    pub email: Email,
    /// Who uses the link.
    pub purpose: LinkPurpose,
    /// The time of its creation.
    pub created_at: DateTime<Utc>,
    /// The time when it ends.
    pub expires_at: DateTime<Utc>,
}

/// The purpose of an [`AccessLink`].
#[derive(Debug, Clone)]
pub enum LinkPurpose {
    /// A new user gets this role. The name can be changed by the user.
    Invitation {
        /// The name, as far as it is known.
        name: Option<PersonName>,
        /// The role.
        role: UserRole,
    },
    /// This user sets a new password.
    Reset(UserId),
}
