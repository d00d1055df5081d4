//! Copies of the embedded database: writing one while the database is in use, and checking it.

use std::path::Path;

use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use super::database::Database;
use crate::error::{AppError, Result};

/// A checked copy of the embedded database.
#[derive(Debug)]
pub struct DatabaseCopy {
    /// The keys of the files that its rows refer to.
    pub file_keys: Vec<String>,
}

impl Database {
    /// Writes a consistent copy of the embedded database to a file that does not exist yet. Others may read and write the
    /// database meanwhile; the copy has the state in which it began.
    ///
    /// # Errors
    /// [`AppError::Internal`] if the database is not the embedded one, or if the file exists or cannot be written.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        let options = self.sqlite_options().ok_or_else(|| {
            AppError::internal(
                "this is for the embedded database; PostgreSQL has pg_dump (docs/operations.md)",
            )
        })?;
        let name = file.to_str().ok_or_else(|| AppError::internal("the name of the file is not UTF-8"))?;
        // The connections of the pool that reads may not write to any file.
        let mut connection = options.pragma("query_only", "off").connect().await?;
        sqlx::query("VACUUM INTO $1").bind(name).execute(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }
}

impl DatabaseCopy {
    /// Reads all pages of a copy and checks that they fit together.
    ///
    /// # Errors
    /// [`AppError::Internal`] if the file is not a database, or if it is damaged.
    pub async fn check(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
        let mut copy: SqliteConnection = options.connect().await?;
        let found: Vec<String> =
            sqlx::query_scalar("PRAGMA integrity_check(10)").fetch_all(&mut copy).await?;
        if found != ["ok"] {
            return Err(AppError::internal(format!("the copy is damaged: {}", found.join("; "))));
        }
        let file_keys = sqlx::query_scalar(
            "SELECT file_key FROM attachments WHERE file_key IS NOT NULL
             UNION SELECT thumbnail_key FROM attachments WHERE thumbnail_key IS NOT NULL
             UNION SELECT file_key FROM imports WHERE file_key IS NOT NULL",
        );
        let file_keys = file_keys.fetch_all(&mut copy).await?;
        copy.close().await?;
        Ok(Self { file_keys })
    }
}
