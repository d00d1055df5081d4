//! The one error of the application. Its kind decides the status that a visitor sees; its cause is logged
//! and never shown.

use std::{error::Error as StdError, time::Duration};

use crate::domain::{ChatId, ClientId, FieldErrors, Permission, Problem};

/// The result of everything above the domain.
pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// What went wrong, in the terms of a visitor.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The request can't be read: 400.
    #[error("malformed request: {0}")]
    Malformed(&'static str),
    /// No valid session or token: 401, or the way to sign in.
    #[error("not signed in")]
    Unauthenticated,
    /// Signed in, but the role does not include this: 403.
    #[error("{} is not allowed", .0.as_str())]
    Forbidden(Permission),
    /// A request that another site may have made a browser send: 403.
    #[error("the form's token is missing or wrong")]
    ForgedForm,
    /// A webhook that is not proven to come from its provider: 403.
    #[error("the signature is missing or wrong")]
    BadSignature,
    /// A webhook whose secret token is missing or nobody's: 401.
    #[error("the secret token is missing or wrong")]
    BadToken,
    /// A link to a file that has expired, or was never ours: 403.
    #[error("the link has expired, or its signature is wrong")]
    ExpiredLink,
    /// Not there, or another tenant's, which is the same to the asker: 404.
    #[error("not found")]
    NotFound,
    /// The route exists, but not with this method: 405.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// Something else has this value already: 409.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// Merged into another client, or another chat: 404, with the way to it.
    #[error("merged into another")]
    Merged(MergedInto),
    /// Changed by someone since it was shown: 409.
    #[error("changed since it was shown")]
    EditConflict,
    /// Changed since the version that `If-Match` names: 412.
    #[error("not the version that was asked for")]
    PreconditionFailed,
    /// More than the route takes: 413.
    #[error("body too large")]
    TooLarge,
    /// Files that are too large together: 413.
    #[error("files too large")]
    FilesTooLarge,
    /// A table with more rows or bytes than an import takes: 413.
    #[error("table too large")]
    TableTooLarge,
    /// A body of a type that is not understood: 415.
    #[error("unsupported media type")]
    UnsupportedMediaType,
    /// Fields with problems: 422.
    #[error("invalid fields: {0}")]
    Invalid(FieldErrors),
    /// Too many tries: 429.
    #[error("too many requests")]
    TooManyAttempts {
        /// When to come back.
        retry_after: Duration,
    },
    /// The database is away: 503, and worth another try.
    #[error("unavailable: {0}")]
    Unavailable(Box<dyn StdError + Send + Sync>),
    /// A mistake of ours: 500.
    #[error("internal error: {0}")]
    Internal(Box<dyn StdError + Send + Sync>),
}

/// What something was merged into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergedInto {
    /// A client.
    Client(ClientId),
    /// A chat.
    Chat(ChatId),
}

/// Why a value could not be stored, and who has it already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conflict {
    /// The field with the value that is taken, where it is known.
    pub field: Option<&'static str>,
    /// The client that has it, where it is one.
    pub client: Option<ClientId>,
}

impl AppError {
    /// A mistake of ours, with its cause.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// One field's problem.
    pub fn invalid(field: &'static str, problem: Problem) -> Self {
        Self::Invalid(FieldErrors::one(field, problem))
    }

    /// The error as it may be told to one who may not know of the client that has the value.
    #[must_use]
    pub fn without_client(self) -> Self {
        match self {
            Self::Conflict(conflict) => Self::Conflict(Conflict { client: None, ..conflict }),
            other => other,
        }
    }

    /// A value that another client has.
    pub fn value_taken(field: &'static str, client: Option<ClientId>) -> Self {
        Self::Conflict(Conflict { field: Some(field), client })
    }
}

impl From<FieldErrors> for AppError {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}
