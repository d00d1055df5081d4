//! `aloqa key rotate`.

use clap::{Args, Subcommand};
use serde_json::json;

use crate::cli::{lookup, output};
use crate::{
    config::Config,
    error::{AppError, Result},
    services::{SecretKey, Vault},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Seal all stored secrets of channels with a new key, while the server runs
    Rotate(Rotate),
}

#[derive(Debug, Args)]
pub(super) struct Rotate {
    /// The environment variable with the new key (32 bytes, base64), if the key is in `ALOQA_SECRET_KEY` instead of a file
    #[arg(long, value_name = "VAR")]
    new_key_env: Option<String>,
}

pub(super) async fn run(command: Command, config: &Config, json: bool) -> Result<()> {
    let Command::Rotate(Rotate { new_key_env }) = command;
    match (config.configured_key()?, new_key_env) {
        (None, None) => rotate_file(config, json).await,
        (Some(former), Some(variable)) => rotate_configured(&former, &variable, config, json).await,
        (Some(_), None) => Err(AppError::internal(
            "the key is in ALOQA_SECRET_KEY: make a new one (`openssl rand -base64 32`), put it into another environment \
             variable, and name that by --new-key-env",
        )),
        (None, Some(_)) => Err(AppError::internal(format!(
            "the key is in the file {}, for which a new one is made: leave out --new-key-env",
            config.key_file().path().display()
        ))),
    }
}

/// Rotates the key in the data directory. Each step can be repeated, and running servers read the file again.
async fn rotate_file(config: &Config, json: bool) -> Result<()> {
    let file = config.key_file();
    lookup::check_exists(config)?;
    // The former key is read, or created, before the next one.
    file.keys()?;
    file.begin_rotation()?;
    let services = lookup::existing(config).await?;
    let vault = Vault::from_file(file.clone())?;
    let channels = services.channels.reseal_secrets(&vault).await?;
    let former = file.finish_rotation(services.dependencies().clock.now())?;
    let text = format!(
        "The secrets of {channels} channels are sealed with the new key in {}. The former key is in {}: backups from \
         before need it. Delete it if it is the reason for the change.",
        file.path().display(),
        former.display()
    );
    let value = json!({
        "channels": channels, "key": file.path().display().to_string(), "former_key": former.display().to_string(),
    });
    output::result(json, &text, &value)
}

/// Rotates a key that is in the configuration, which the operator changes afterwards.
async fn rotate_configured(former: &SecretKey, variable: &str, config: &Config, json: bool) -> Result<()> {
    let new = std::env::var(variable)
        .map_err(|_| AppError::internal(format!("the environment variable {variable} is not set")))?;
    let new = SecretKey::from_base64(&new)?;
    let services = lookup::existing(config).await?;
    let channels = services.channels.reseal_secrets(&Vault::with_keys(&[new, former.clone()])).await?;
    let text = format!(
        "The secrets of {channels} channels are sealed with the key in {variable}. Set ALOQA_SECRET_KEY to it and restart \
         the server now: until then it can't use the channels, and providers repeat their webhooks. Keep the former key \
         for backups from before."
    );
    output::result(json, &text, &json!({ "channels": channels }))
}
