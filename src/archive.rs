//! The archive of a tenant: a ZIP file with the rows of every table as JSON Lines, and the stored files. It contains no
//! passwords, tokens or secrets of channels.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use futures_util::TryStreamExt as _;
use serde_json::json;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    domain::Tenant,
    error::{AppError, Result},
    persistence::Database,
    storage::Storage,
};

/// A finished archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// The number of rows by table.
    pub tables: Vec<(String, u64)>,
    /// The number of files.
    pub files: u64,
}

/// Writes the archive of a tenant to a file that does not exist yet. All rows are of one state of the database; others may
/// use it meanwhile.
///
/// # Errors
/// [`AppError::Internal`] if the file exists or cannot be written; then nothing is left behind.
pub async fn create(database: &Database, storage: &Storage, tenant: &Tenant, file: &Path) -> Result<Archive> {
    if file.try_exists().map_err(|error| AppError::path(file, &error))? {
        return Err(AppError::internal(format!("{} exists already", file.display())));
    }
    let partial = partial(file);
    let written = write(database, storage, tenant, &partial).await;
    let written = written.and_then(|archive| {
        fs::rename(&partial, file).map_err(|error| AppError::path(file, &error))?;
        Ok(archive)
    });
    if written.is_err() {
        // What could not be created need not be removed.
        let _ = fs::remove_file(&partial);
    }
    written
}

async fn write(database: &Database, storage: &Storage, tenant: &Tenant, file: &Path) -> Result<Archive> {
    let created = File::create(file).map_err(|error| AppError::path(file, &error))?;
    let mut zip = ZipWriter::new(BufWriter::new(created));
    let options = SimpleFileOptions::default().large_file(true);
    let start = |zip: &mut ZipWriter<BufWriter<File>>, name: String| {
        zip.start_file(name, options).map_err(AppError::internal)
    };
    start(&mut zip, "workspace.json".to_owned())?;
    let workspace = json!({
        "slug": tenant.slug.as_str(),
        "name": tenant.name,
        "locale": tenant.locale.tag(),
        "timezone": tenant.time_zone.name(),
        "country": tenant.country.code(),
    });
    writeln!(zip, "{workspace}").map_err(AppError::internal)?;
    let mut rows = database.read_tenant_rows(tenant.id).await?;
    let mut tables = Vec::new();
    for table in rows.tables.clone() {
        start(&mut zip, format!("tables/{}.jsonl", table.name))?;
        let mut count = 0;
        let each = |row: &str| {
            count += 1;
            writeln!(zip, "{row}").map_err(AppError::internal)
        };
        rows.read(&table, each).await?;
        tables.push((table.name, count));
    }
    let (mut files, mut keys) = (0, storage.keys_of(tenant.id));
    while let Some(key) = keys.try_next().await? {
        let mut content = match storage.get(&key, None).await {
            // It was deleted meanwhile.
            Err(AppError::NotFound) => continue,
            content => content?,
        };
        start(&mut zip, format!("files/{key}"))?;
        while let Some(chunk) = content.try_next().await? {
            zip.write_all(&chunk).map_err(AppError::internal)?;
        }
        files += 1;
    }
    let written = zip.finish().map_err(AppError::internal)?;
    let written = written.into_inner().map_err(|error| AppError::internal(error.to_string()))?;
    written.sync_all().map_err(|error| AppError::path(file, &error))?;
    Ok(Archive { tables, files })
}

/// The name of the file while it is being written.
fn partial(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".partial");
    name.into()
}
