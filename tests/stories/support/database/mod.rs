//! A new database of either engine for each test.

pub mod postgres;
pub mod raw;
pub mod statements;

use std::{
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    time::Duration,
};

use aloqa::persistence::Database;
use futures_util::FutureExt as _;
use tempfile::TempDir;
use tokio::sync::{OnceCell, Semaphore};

use crate::support::{TestEnv, requirements::Requirement};

/// The engine on which a test runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Longer than any test takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// The server accepts 200 connections, and a test may open two pools of 16.
static AT_ONCE: Semaphore = Semaphore::const_new(6);

/// Runs a test in its own environment, and cleans up whatever the outcome.
pub async fn run_test<F>(engine: Engine, story: impl FnOnce(TestEnv) -> F)
where
    F: Future<Output = ()>,
{
    if engine == Engine::Postgres && !Requirement::Postgres.is_met_or_skipped() {
        return;
    }
    let _permit = match engine {
        Engine::Postgres => Some(AT_ONCE.acquire().await.unwrap()),
        Engine::Sqlite => None,
    };
    let place = TestDatabase::new(engine, SchemaState::Migrated).await;
    let env = TestEnv::new(engine, place.url()).await;
    let database = env.database.clone();
    let told = AssertUnwindSafe(tokio::time::timeout(PATIENCE, story(env))).catch_unwind().await;
    database.close().await;
    place.remove();
    match told {
        Ok(in_time) => in_time.expect("the story did not end"),
        Err(failed) => panic::resume_unwind(failed),
    }
}

/// The schema of a new database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    Migrated,
    Empty,
}

/// The location of a database.
pub enum TestDatabase {
    Sqlite(TempDir),
    Postgres { url: String, name: String },
}

impl TestDatabase {
    pub async fn new(engine: Engine, schema: SchemaState) -> Self {
        match engine {
            Engine::Sqlite => Self::Sqlite(sqlite(schema).await),
            Engine::Postgres => {
                let (url, name) = postgres::create(schema).await;
                Self::Postgres { url, name }
            }
        }
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => url_of(&folder.path().join(FILE)),
            Self::Postgres { url, .. } => url.clone(),
        }
    }

    /// Deletes the database.
    pub fn remove(self) {
        match self {
            Self::Sqlite(folder) => drop(folder),
            Self::Postgres { name, .. } => postgres::drop_soon(name),
        }
    }
}

const FILE: &str = "aloqa.db";

fn url_of(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// The folder is in memory if the machine has such a file system: each commit waits for the disk,
/// and no test depends on that.
pub fn folder() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    let builder = || tempfile::Builder::new().prefix("aloqa-story-").to_owned();
    builder().tempdir_in(memory).or_else(|_| builder().tempdir()).unwrap()
}

/// Migrations take longer than most tests, so each test gets a copy of a file that was migrated once.
async fn sqlite(schema: SchemaState) -> TempDir {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let new = folder();
    if schema == SchemaState::Migrated {
        let bytes = TEMPLATE.get_or_init(|| async {
            let folder = folder();
            let file = folder.path().join(FILE);
            let database = Database::open(&url_of(&file)).await.unwrap();
            database.migrate().await.unwrap();
            database.close().await;
            std::fs::read(file).unwrap()
        });
        std::fs::write(new.path().join(FILE), bytes.await).unwrap();
    }
    new
}
