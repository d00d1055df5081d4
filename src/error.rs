//! The error type of the application. The variant determines the HTTP status; the cause is logged
//! and never shown to users.

use std::{error::Error as StdError, path::Path, time::Duration};

use crate::domain::{ChatId, ClientId, FieldErrors, Permission, Problem};

/// The result type of all layers above the domain.
pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// An error of a request or a command.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The request cannot be parsed: 400.
    #[error("malformed request: {0}")]
    Malformed(&'static str),
    /// No valid session or token: 401, or a redirect to the sign-in page.
    #[error("not signed in")]
    Unauthenticated,
    /// The user's role does not include the permission: 403.
    #[error("{} is not allowed", .0.as_str())]
    Forbidden(Permission),
    /// The user has to set up a second factor first: 403, or a redirect to its page.
    #[error("a second factor is required")]
    SecondFactorRequired,
    /// The operator has suspended the workspace: 403.
    #[error("the workspace is suspended")]
    Suspended,
    /// The request may come from another site (CSRF): 403.
    #[error("the form's token is missing or wrong")]
    ForgedForm,
    /// The signature of a webhook is missing or wrong: 403.
    #[error("the signature is missing or wrong")]
    BadSignature,
    /// The secret token of a webhook is missing or unknown: 401.
    #[error("the secret token is missing or wrong")]
    BadToken,
    /// A file's link has expired or its signature is wrong: 403.
    #[error("the link has expired, or its signature is wrong")]
    ExpiredLink,
    /// The record does not exist or belongs to another tenant; both look the same to the client:
    /// 404.
    #[error("not found")]
    NotFound,
    /// The request names another host than this server's: 421.
    #[error("misdirected request")]
    Misdirected,
    /// The route does not support this method: 405.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// Another record has a value that must be unique: 409.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// The record was merged into another client or chat: 404, with a link to that one.
    #[error("merged into another")]
    Merged(MergedInto),
    /// Another user changed the record since it was displayed: 409.
    #[error("changed since it was shown")]
    EditConflict,
    /// The record changed since the version in `If-Match`: 412.
    #[error("not the version that was asked for")]
    PreconditionFailed,
    /// The body exceeds the route's limit: 413.
    #[error("body too large")]
    TooLarge,
    /// The files of a message exceed the limit together: 413.
    #[error("files too large")]
    FilesTooLarge,
    /// The table has more rows or bytes than an import accepts: 413.
    #[error("table too large")]
    TableTooLarge,
    /// The body's media type is not supported: 415.
    #[error("unsupported media type")]
    UnsupportedMediaType,
    /// One or more fields have problems: 422.
    #[error("invalid fields: {0}")]
    Invalid(FieldErrors),
    /// The database cannot store a value, and it is not known of which field: 422.
    #[error("a value cannot be stored")]
    Unstorable,
    /// Too many attempts: 429.
    #[error("too many requests")]
    TooManyAttempts {
        /// The time to wait before the next attempt.
        retry_after: Duration,
    },
    /// Too many others are being served at the moment: 503.
    #[error("busy")]
    Busy,
    /// The database does not answer, and the request may be repeated: 503.
    #[error("unavailable: {0}")]
    Unavailable(Box<dyn StdError + Send + Sync>),
    /// An unexpected error: 500.
    #[error("internal error: {0}")]
    Internal(Box<dyn StdError + Send + Sync>),
}

/// The record that another one was merged into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergedInto {
    /// The surviving client.
    Client(ClientId),
    /// The surviving client's chat.
    Chat(ChatId),
}

/// A unique value that another record has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conflict {
    /// The field with the value, if it is known.
    pub field: Option<&'static str>,
    /// The client that has the value, if it is a client's.
    pub client: Option<ClientId>,
}

/// The text of an error of the operating system, without its number.
pub fn io_text(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

impl AppError {
    /// Creates an error of the operating system with the path that it is about.
    pub fn path(path: &Path, error: &std::io::Error) -> Self {
        Self::internal(format!("{}: {}", path.display(), io_text(error)))
    }

    /// Wraps an unexpected error with its cause.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// Creates an error for the problem of a single field.
    pub fn invalid(field: &'static str, problem: Problem) -> Self {
        Self::Invalid(FieldErrors::one(field, problem))
    }

    /// Removes the other client from the error, for users who may not know of that client.
    #[must_use]
    pub fn without_client(self) -> Self {
        match self {
            Self::Conflict(conflict) => Self::Conflict(Conflict { client: None, ..conflict }),
            other => other,
        }
    }

    /// Creates a conflict over a value that another client has.
    pub fn value_taken(field: &'static str, client: Option<ClientId>) -> Self {
        Self::Conflict(Conflict { field: Some(field), client })
    }
}

impl From<FieldErrors> for AppError {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}
