//! `aloqa backup`.

use std::path::PathBuf;

use clap::Args;
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::cli::output;
use crate::{
    backup,
    config::Config,
    error::{AppError, Result},
    persistence::Database,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The file of the copy, which must not exist yet; files of messages go to the folder FILE.files beside it
    file: PathBuf,
}

pub(super) async fn run(arguments: Arguments, config: &Config, json: bool) -> Result<()> {
    let url = config.database_url();
    if let Some(embedded) = Database::embedded_file(url.expose_secret())
        && !embedded.exists()
    {
        // Opening it would create an empty one.
        return Err(AppError::internal(format!("there is no database at {}", embedded.display())));
    }
    let database = Database::open(url.expose_secret()).await?;
    let file = arguments.file;
    let created = backup::create(&database, &config.storage()?, &file).await;
    database.close().await;
    let backup::Backup { bytes, folder, files, missing } = created?;
    let name = file.display();
    let copied = match &folder {
        Some(folder) => format!("{files} files in {}", folder.display()),
        None => "no files: they are in a bucket, which has backups of its own".to_owned(),
    };
    let lost = match missing {
        0 => String::new(),
        missing => format!("\n{missing} files were deleted meanwhile or are lost."),
    };
    let text = format!(
        "The database is in {name} ({bytes} bytes, checked), {copied}.{lost}\n\
         The secret key is not part of it: keep it in another place."
    );
    let folder = folder.map(|folder| folder.display().to_string());
    let value = json!({
        "file": name.to_string(), "bytes": bytes, "files_folder": folder, "files": files, "missing": missing,
    });
    output::result(json, &text, &value)
}
