//! The migrations, which are part of the program.

use std::borrow::Cow;

use rust_embed::RustEmbed;
use sqlx::{
    AssertSqlSafe, SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};

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
