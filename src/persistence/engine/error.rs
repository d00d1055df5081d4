//! Conversion of the engines' errors to the application's.

use crate::error::{AppError, Conflict};

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::RowNotFound => Self::NotFound,
            E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Io(_) | E::Tls(_) | E::Protocol(_) => {
                Self::Unavailable(error.into())
            }
            E::Database(database) if database.is_unique_violation() => Self::Conflict(Conflict::default()),
            E::Database(database) if is_unstorable(database.code().as_deref()) => {
                tracing::warn!(%error, "a value cannot be stored");
                Self::Unstorable
            }
            E::Database(database) if is_away(database.code().as_deref()) => Self::Unavailable(error.into()),
            _ => Self::internal(error),
        }
    }
}

/// True for codes of PostgreSQL for a value that cannot be stored: a text that is too long (22001), that has a character
/// that its encoding does not have (22021), or that makes a row of an index too long (54000).
fn is_unstorable(code: Option<&str>) -> bool {
    matches!(code, Some("22001" | "22021" | "54000"))
}

/// True for codes of an unavailable database. PostgreSQL: connection (08), resources (53), operator
/// intervention (57), serialization and deadlock (40). SQLite: busy, locked, out of disk, cannot
/// open, by their primary codes.
fn is_away(code: Option<&str>) -> bool {
    match code {
        Some(code) if code.len() == 5 => ["08", "53", "57", "40"].iter().any(|class| code.starts_with(class)),
        Some(code) => code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14)),
        None => false,
    }
}
