//! `aloqa channel add telegram`.

use clap::Args;
use serde_json::json;

use crate::{
    cli::{channel::secret_variable, lookup, output},
    config::Config,
    error::Result,
    providers::{
        FieldValues,
        telegram::{self, WEBHOOK_PATH},
    },
};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  TOKEN=123:ABC… aloqa channel add telegram --tenant acme --bot-token-env TOKEN"
)]
pub(crate) struct Telegram {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
    /// The environment variable that contains the bot's token from BotFather
    #[arg(long, value_name = "VAR")]
    bot_token_env: String,
}

pub(super) async fn run(arguments: Telegram, config: &Config, json: bool) -> Result<()> {
    let token = secret_variable("--bot-token-env", &arguments.bot_token_env)?;
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &arguments.tenant).await?;
    let mut values = FieldValues::default();
    values.set(telegram::BOT_TOKEN, token);
    let id = services.channels.connect_as_operator(tenant.id, &telegram::NAME, &values).await?;
    let base = config.public_url.as_str().trim_end_matches('/');
    output::print_error(&format!("Telegram posts updates to {base}{WEBHOOK_PATH}"));
    output::result(json, &id.to_string(), &json!({ "id": id }))
}
