//! `aloqa transfer`.

use std::time::Duration;

use clap::Args;
use serde_json::json;

use crate::cli::output;
use crate::{
    config::Config,
    error::{AppError, Result},
    persistence::Database,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The embedded database, such as `sqlite://data/aloqa.db`; its server must be stopped
    #[arg(long, value_name = "URL")]
    from: String,
    /// An empty PostgreSQL database: `postgres://USER@HOST/NAME`; the password comes from `PGPASSWORD` or `~/.pgpass`
    #[arg(long, value_name = "URL")]
    to: String,
}

pub(super) async fn run(arguments: Arguments, config: &Config, json: bool) -> Result<()> {
    let Arguments { from, to } = arguments;
    match Database::embedded_file(&from) {
        // Opening it would create an empty one.
        Some(file) if !file.exists() => {
            return Err(AppError::internal(format!("there is no database at {}", file.display())));
        }
        Some(_) => {}
        None => return Err(AppError::internal("--from must begin with sqlite:")),
    }
    if !to.starts_with("postgres://") && !to.starts_with("postgresql://") {
        return Err(AppError::internal("--to must begin with postgres://"));
    }
    let (source, target) = (Database::open(&from).await?, Database::open(&to).await?);
    source.migrate().await?;
    target.migrate().await?;
    let mut shown = String::new();
    let tables = source
        .transfer_to(&target, |table, done, all| {
            // One line for each tenth of a table.
            let line = format!("{table}: {} % of {all} rows", done * 10 / all.max(1) * 10);
            if line != shown {
                output::print_error(&line);
                shown = line;
            }
        })
        .await?;
    output::print_error("The search index is filled.");
    let mut tx = target.begin_cross_tenant().await?;
    tx.mark_all_unindexed().await?;
    tx.commit().await?;
    let services = config.services_on(target.clone())?;
    services.search_indexer.index_pending(Duration::ZERO).await?;
    source.close().await;
    target.close().await;

    let rows: u64 = tables.iter().map(|table| table.rows).sum();
    let mut text: Vec<_> =
        tables.iter().map(|table| format!("{:10} {} {}", table.rows, table.checksum, table.name)).collect();
    text.push(format!(
        "{rows} rows of {} tables were transferred, with equal checksums. Set ALOQA_DATABASE_URL to the new database. The \
         files and the secret key stay where they are, in {}.",
        tables.len(),
        config.data_dir.display()
    ));
    let value = json!({
        "rows": rows,
        "tables": tables
            .iter()
            .map(|table| json!({ "name": table.name, "rows": table.rows, "checksum": table.checksum }))
            .collect::<Vec<_>>(),
    });
    output::result(json, &text.join("\n"), &value)
}
