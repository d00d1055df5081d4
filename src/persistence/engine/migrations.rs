//! The migrations, which are part of the program.

use std::borrow::Cow;

use rust_embed::RustEmbed;
use sqlx::{
    AssertSqlSafe, SqlSafeStr as _,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use crate::error::AppError;

/// The state of a database's schema in comparison with this program's migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    /// Nothing was migrated yet.
    Empty,
    /// The schema is this program's.
    Current,
    /// This number of migrations has not been applied yet.
    Older(usize),
    /// The schema is of a newer program, with this version as its last.
    Newer(i64),
}

impl SchemaState {
    /// The state of a schema with these versions, which are in ascending order.
    pub(super) fn of(applied: &[i64]) -> Self {
        let known = versions();
        match applied.last() {
            None => Self::Empty,
            Some(last) if !known.contains(last) => Self::Newer(*last),
            Some(_) if applied.len() < known.len() => Self::Older(known.len() - applied.len()),
            Some(_) => Self::Current,
        }
    }
}

/// The versions of this program's migrations, in ascending order.
fn versions() -> Vec<i64> {
    migrator::<SqliteMigrations>().iter().map(|migration| migration.version).collect()
}

/// The error of a migration that was not applied, in words for the operator.
pub(super) fn not_migrated(error: MigrateError) -> AppError {
    let last = versions().last().copied().unwrap_or_default();
    match error {
        MigrateError::VersionMissing(version) => AppError::internal(format!(
            "the database is of a newer Aloqa (schema {version}; this program knows schemas up to {last}): start that program, or \
             restore a backup from before the upgrade. Nothing was changed"
        )),
        MigrateError::VersionMismatch(version) => AppError::internal(format!(
            "the database was migrated by another build (migration {version} differs from this program's): start the program \
             that created it. Nothing was changed"
        )),
        other => AppError::internal(other),
    }
}

/// The migrations of the embedded database. Each file `NNNN_description.sql` has one of the same name for PostgreSQL.
#[derive(RustEmbed)]
#[folder = "migrations/sqlite"]
pub(super) struct SqliteMigrations;

/// The migrations of PostgreSQL.
#[derive(RustEmbed)]
#[folder = "migrations/postgres"]
pub(super) struct PostgresMigrations;

/// The migrator of the files of a folder, in the order of their numbers.
pub(super) fn migrator<Files: RustEmbed>() -> Migrator {
    let mut migrations: Vec<_> = Files::iter().filter_map(|name| migration::<Files>(&name)).collect();
    migrations.sort_by_key(|migration| migration.version);
    Migrator::with_migrations(migrations)
}

fn migration<Files: RustEmbed>(file: &str) -> Option<Migration> {
    let name = file.strip_suffix(".sql")?;
    let (version, _) = name.split_once('_')?;
    let text = String::from_utf8(Files::get(file)?.data.into_owned()).ok()?;
    // The text is a file of the program.
    let text = AssertSqlSafe(text).into_sql_str();
    let description = Cow::Owned(name.to_owned());
    Some(Migration::new(version.parse().ok()?, description, MigrationType::Simple, text, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names<Files: RustEmbed>() -> Vec<(i64, String)> {
        let of = |migration: &Migration| (migration.version, migration.description.clone().into_owned());
        migrator::<Files>().iter().map(of).collect()
    }

    #[test]
    fn both_engines_have_the_same_migrations() {
        let names_of_sqlite = names::<SqliteMigrations>();
        assert_eq!(names_of_sqlite, names::<PostgresMigrations>());
        assert_eq!(names_of_sqlite.len(), SqliteMigrations::iter().count(), "each file is a migration");
        assert!(names_of_sqlite.windows(2).all(|pair| pair[0].0 < pair[1].0), "{names_of_sqlite:?}");
    }
}
