//! `aloqa token create`, `list` and `revoke`.

use chrono::TimeDelta;
use clap::{Args, Subcommand, builder::PossibleValuesParser};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::cli::{lookup, output};
use crate::{
    config::Config,
    domain::{ApiToken, Email, Permission, PermissionSet, TokenId},
    error::{AppError, Result},
    services::{NewApiKey, TOKEN_LIFETIME},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create an API token that acts as a user; it is printed once
    Create(Create),
    /// List the API tokens of a workspace with their users and their last use, without the tokens themselves
    List(List),
    /// Revoke an API token by its id, at once
    Revoke(Revoke),
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
    /// The number of days until the token ends, up to 3650
    #[arg(long, value_name = "DAYS", default_value_t = TOKEN_LIFETIME.num_days())]
    expires_in: i64,
    /// A permission that the token is restricted to, such as Client.Read; repeat it for several
    #[arg(long, value_name = "PERMISSION", value_parser = permissions())]
    permission: Vec<String>,
}

/// The names of the permissions, which help and errors list.
fn permissions() -> PossibleValuesParser {
    PossibleValuesParser::new(Permission::ALL.iter().map(|permission| permission.as_str()))
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
}

#[derive(Debug, Args)]
pub(super) struct Revoke {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
    /// The token's id, which `aloqa token list` shows
    id: i64,
}

pub(super) async fn run(command: Command, config: &Config, json: bool) -> Result<()> {
    match command {
        Command::Create(create) => self::create(create, config, json).await,
        Command::List(list) => self::list(list, config, json).await,
        Command::Revoke(revoke) => self::revoke(revoke, config, json).await,
    }
}

async fn create(create: Create, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &create.tenant).await?;
    let actor = services.tenants.actor(tenant, &create.user).await;
    let actor = actor.map_err(|error| lookup::unknown_user(error, &create.tenant, &create.user))?;
    let lifetime = TimeDelta::try_days(create.expires_in).unwrap_or_default();
    let permissions = if create.permission.is_empty() {
        None
    } else {
        let names = create.permission.iter().map(String::as_str);
        let parsed =
            PermissionSet::parse(names).map_err(|problem| AppError::invalid("permission", problem))?;
        Some(parsed)
    };
    let new = NewApiKey { name: create.name, service: None, permissions, lifetime };
    let created = services.identity.create_api_key(&actor, new).await?;
    let token = created.token.expose_secret();
    let value = json!({ "id": created.key.id, "token": token, "name": created.key.name });
    output::result(json, token, &value)
}

async fn list(list: List, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &list.tenant).await?;
    let tokens = services.tenants.tokens(tenant.id).await?;
    let row = |token: &ApiToken| {
        let used =
            token.last_used_at.map_or("never used".to_owned(), |at| format!("used {}", at.format("%F %R")));
        let ends =
            token.expires_at.map_or("does not end".to_owned(), |at| format!("ends {}", at.format("%F")));
        let created = token.created_at.format("%F");
        format!("{}\t{}\t{}\tcreated {created}\t{used}\t{ends}", token.id, token.name, owner(token))
    };
    let value = |token: &ApiToken| {
        json!({
            "id": token.id,
            "name": token.name,
            "user": token.email.as_ref().map(Email::as_str),
            "role": token.role.as_str(),
            "permissions": token.permissions.map(|set| set.iter().map(Permission::as_str).collect::<Vec<_>>()),
            "prefix": token.prefix,
            "created_at": token.created_at,
            "expires_at": token.expires_at,
            "last_used_at": token.last_used_at,
        })
    };
    let text = tokens.iter().map(row).collect::<Vec<_>>().join("\n");
    output::result(json, &text, &tokens.iter().map(value).collect())
}

/// The address of the user that a token belongs to, or the role of its service account.
fn owner(token: &ApiToken) -> String {
    token.email.as_ref().map_or_else(|| format!("service, {}", token.role.as_str()), ToString::to_string)
}

async fn revoke(revoke: Revoke, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &revoke.tenant).await?;
    let revoked = services.tenants.revoke_token(tenant.id, TokenId(revoke.id)).await;
    revoked.map_err(|error| {
        lookup::replace_not_found(error, || {
            let (id, slug) = (revoke.id, &revoke.tenant);
            format!("there is no token {id} in the workspace `{slug}`; `aloqa token list --tenant {slug}` shows all")
        })
    })?;
    output::result(json, &format!("Token {} is revoked.", revoke.id), &json!({ "id": revoke.id }))
}
