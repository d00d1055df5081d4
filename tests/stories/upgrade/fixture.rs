//! The files below `tests/fixtures/upgrade`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use aloqa::persistence::Database;
use serde::{Serialize, de::DeserializeOwned};

use super::shown::Shown;
use crate::support::{Engine, database::raw::Raw};

/// A database filled by a former release, its files, and its responses.
pub struct Fixture {
    folder: PathBuf,
    pub shown: Shown,
}

/// The folder of an engine's fixture.
pub fn folder(engine: Engine) -> PathBuf {
    let name = match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/upgrade").join(name)
}

impl Fixture {
    pub fn read(engine: Engine) -> Self {
        let folder = folder(engine);
        let shown = fs::read_to_string(folder.join("shown.json")).unwrap();
        let mut shown: Shown = serde_json::from_str(&shown).unwrap();
        for workspace in &mut shown.workspaces {
            workspace.pages = read_lines(&folder.join(format!("{}-pages.jsonl", workspace.slug)));
            workspace.events = read_lines(&folder.join(format!("{}-events.jsonl", workspace.slug)));
        }
        Self { folder, shown }
    }

    /// Writes all files except the stored ones, replacing an earlier fixture.
    pub fn write(engine: Engine, shown: &Shown, dump: &str) -> PathBuf {
        let folder = folder(engine);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("database.sql"), dump).unwrap();
        fs::write(folder.join("shown.json"), serde_json::to_string_pretty(shown).unwrap() + "\n").unwrap();
        for workspace in &shown.workspaces {
            write_lines(&folder.join(format!("{}-pages.jsonl", workspace.slug)), &workspace.pages);
            write_lines(&folder.join(format!("{}-events.jsonl", workspace.slug)), &workspace.events);
        }
        folder
    }

    pub fn database(&self) -> PathBuf {
        self.folder.join("database.sql")
    }

    /// Fills an empty database.
    pub async fn load(&self, engine: Engine, url: &str) {
        load(engine, url, &fs::read_to_string(self.database()).unwrap()).await;
    }

    /// Copies the stored files into the storage of a test environment.
    pub fn copy_files(&self, to: &Path) {
        copy_files(&self.folder.join("files"), to);
    }
}

fn read_lines<T: DeserializeOwned>(file: &Path) -> Vec<T> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn write_lines<T: Serialize>(file: &Path, values: &[T]) {
    let lines: Vec<_> = values.iter().map(|value| serde_json::to_string(value).unwrap() + "\n").collect();
    fs::write(file, lines.concat()).unwrap();
}

/// Fills an empty database with a dump.
pub async fn load(engine: Engine, url: &str, dump: &str) {
    Database::open(url).await.unwrap().close().await;
    let mut raw = Raw::connect(engine, url).await;
    raw.run(dump).await.unwrap();
    if engine == Engine::Sqlite {
        assert_eq!(raw.number("SELECT COUNT(*) FROM pragma_foreign_key_check").await, 0);
    }
    raw.close().await;
}

/// Copies all files of a folder, at the depth of three levels at which the storage keeps them.
pub fn copy_files(from: &Path, to: &Path) {
    for tenant in entries(from) {
        for shelf in entries(&tenant) {
            for file in entries(&shelf).into_iter().filter(|file| file.is_file()) {
                let to = to.join(file.strip_prefix(from).unwrap());
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::copy(&file, to).unwrap();
            }
        }
    }
}

/// The entries of a folder, in order.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}
