//! `aloqa channel add telegram`.

use std::env;

use clap::Args;
use serde_json::json;

use crate::{
    cli::output,
    config::Config,
    domain::Problem,
    error::{AppError, Result},
    providers::{
        FieldValues,
        telegram::{self, WEBHOOK_PATH},
    },
};

#[derive(Debug, Args)]
pub(crate) struct Telegram {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
    /// The environment variable that contains the bot's token from BotFather
    #[arg(long, value_name = "VAR")]
    bot_token_env: String,
}

pub(super) async fn run(arguments: Telegram, config: &Config, json: bool) -> Result<()> {
    let services = crate::cli::ready(config).await?;
    let tenant = services.tenants.by_slug(&arguments.tenant).await?;
    let token = env::var(&arguments.bot_token_env).ok().filter(|token| !token.trim().is_empty());
    let token = token.ok_or_else(|| AppError::invalid("bot_token_env", Problem::Required))?;
    let mut values = FieldValues::default();
    values.set(telegram::BOT_TOKEN, token.trim());
    let id = services.channels.connect_as_operator(tenant.id, &telegram::NAME, &values).await?;
    let base = config.public_url.as_str().trim_end_matches('/');
    output::print_error(&format!("Telegram posts updates to {base}{WEBHOOK_PATH}"));
    output::result(json, &id.to_string(), &json!({ "id": id }))
}
