//! `aloqa migrate`.

use serde_json::json;

use crate::cli::output;
use crate::{config::Config, error::Result};

pub(super) async fn run(config: &Config, json: bool) -> Result<()> {
    let services = config.services().await?;
    let database = &services.dependencies().database;
    database.migrate().await?;
    let engine = database.engine_name();
    database.close().await;
    output::result(json, &format!("The {engine} database is up to date."), &json!({ "engine": engine }))
}
