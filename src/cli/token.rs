//! `aloqa token create`.

use clap::{Args, Subcommand};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::cli::output;
use crate::{config::Config, domain::Email, error::Result};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create an API token that acts as a user; it is printed once
    Create(Create),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
    /// The user's e-mail address
    #[arg(long, value_parser = crate::cli::email)]
    user: Email,
    /// The purpose of the token
    #[arg(long)]
    name: String,
}

pub(super) async fn run(command: Command, config: &Config, json: bool) -> Result<()> {
    let Command::Create(create) = command;
    let services = crate::cli::ready(config).await?;
    let tenant = services.tenants.by_slug(&create.tenant).await?;
    let actor = services.tenants.actor(tenant, &create.user).await?;
    let token = services.identity.create_token(&actor, &create.name).await?;
    let token = token.expose_secret();
    output::result(json, token, &json!({ "token": token, "name": create.name }))
}
