//! The migrations, which are embedded in the program.

use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Version, description and text of each migration in ascending order.
type Migrations = &'static [(i64, &'static str, &'static str)];

/// Lists the migrations; each one is a file of the same name for either engine.
macro_rules! migrations {
    ($($version:literal $name:literal,)*) => {
        pub(super) const SQLITE_MIGRATIONS: Migrations =
            &[$(($version, $name, include_str!(concat!("../../../migrations/sqlite/", $name, ".sql")))),*];
        pub(super) const POSTGRES_MIGRATIONS: Migrations =
            &[$(($version, $name, include_str!(concat!("../../../migrations/postgres/", $name, ".sql")))),*];
    };
}

migrations! {
    1 "0001_first_schema",
    2 "0002_search",
    3 "0003_merges",
    4 "0004_imports",
    5 "0005_files",
    6 "0006_drafts",
    8 "0008_events_of_clients",
    9 "0009_telegram",
    10 "0010_channels",
    11 "0011_preferences",
    12 "0012_twilio",
    13 "0013_notifications",
    14 "0014_templates_by_use",
    15 "0015_alike",
    16 "0016_unread_and_last",
    17 "0017_vocabulary",
}

pub(super) fn migrator(migrations: Migrations) -> Migrator {
    let migration = |(version, name, text): &(i64, &'static str, &'static str)| {
        use sqlx::SqlSafeStr as _;
        Migration::new(*version, Cow::Borrowed(*name), MigrationType::Simple, text.into_sql_str(), false)
    };
    Migrator::with_migrations(migrations.iter().map(migration).collect())
}
