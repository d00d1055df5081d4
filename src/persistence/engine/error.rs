//! Conversion of the engines' errors to the application's.

use std::{path::Path, str::FromStr as _, time::Duration};

use sqlx::{ConnectOptions as _, Connection as _, postgres::PgConnectOptions};

use crate::error::{AppError, Conflict, io_text};

/// The time that PostgreSQL has for the first connection.
const FIRST_CONNECTION: Duration = Duration::from_secs(5);

/// Connects once to PostgreSQL, so that its reason for a refusal is known: the pool repeats refused connections until its
/// time is over, and does not tell why.
///
/// # Errors
/// [`AppError::Internal`] for a URL that is none; [`AppError::Unavailable`] with the address and the reason otherwise.
pub(super) async fn try_postgres(url: &str) -> Result<(), AppError> {
    // The text of the error could contain the password.
    let options = PgConnectOptions::from_str(url).map_err(|_| {
        AppError::internal("the database URL is not of the form postgres://USER:PASSWORD@HOST:PORT/NAME")
    })?;
    let at = format!("PostgreSQL at {}:{}", options.get_host(), options.get_port());
    let text = match tokio::time::timeout(FIRST_CONNECTION, options.connect()).await {
        Ok(Ok(connection)) => return Ok(connection.close().await?),
        Ok(Err(sqlx::Error::Io(error))) => format!("{at} can't be reached: {}", io_text(&error)),
        Ok(Err(sqlx::Error::Database(error))) => format!("{at} refuses the connection: {}", error.message()),
        Ok(Err(error)) => format!("{at} can't be used: {error}"),
        Err(_) => format!("{at} did not answer within {} s", FIRST_CONNECTION.as_secs()),
    };
    Err(AppError::Unavailable(format!("{text}. Check ALOQA_DATABASE_URL").into()))
}

/// The error of an embedded database that can't be opened, with its path.
pub(super) fn cannot_open(file: &Path, error: sqlx::Error) -> AppError {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    let why = match code.map(|code| code & 0xff) {
        Some(8) => "can't be written: it is read-only",
        Some(14) => "can't be opened: check the rights of the file and its folder",
        Some(26) => "is not a database of SQLite",
        _ => return error.into(),
    };
    AppError::internal(format!("{} {why}", file.display()))
}

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
