//! `aloqa user create` and `aloqa user reset-password`.

use clap::{Args, Subcommand};
use serde_json::json;

use crate::cli::output;
use crate::{
    config::Config,
    domain::{Email, PersonName, Role},
    error::{AppError, Result},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a user; the password is read from standard input
    Create(Create),
    /// Set a user's password, read from standard input, and end all of the user's sessions
    ResetPassword(ResetPassword),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
    /// The address that the user signs in with
    #[arg(long, value_parser = crate::cli::email)]
    email: Email,
    /// The first name
    #[arg(long)]
    first_name: String,
    /// The last name
    #[arg(long)]
    last_name: Option<String>,
    /// administrator, manager, agent or read-only
    #[arg(long, value_parser = crate::cli::parsed::<Role>)]
    role: Role,
}

#[derive(Debug, Args)]
pub(super) struct ResetPassword {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
    /// The user's e-mail address
    #[arg(long, value_parser = crate::cli::email)]
    email: Email,
}

pub(super) async fn run(command: Command, config: &Config, json: bool) -> Result<()> {
    match command {
        Command::Create(create) => self::create(create, config, json).await,
        Command::ResetPassword(reset) => reset_password(reset, config, json).await,
    }
}

async fn create(create: Create, config: &Config, json: bool) -> Result<()> {
    let name = PersonName::parse(&create.first_name, create.last_name.as_deref())
        .map_err(|problem| AppError::invalid("first_name", problem))?;
    let (email, role) = (create.email, create.role);
    let password = output::secret("Password: ")?;
    let services = crate::cli::ready(config).await?;
    let tenant = services.tenants.by_slug(&create.tenant).await?;
    let id = services.tenants.create_user(tenant.id, &email, &name, role, password).await?;
    output::result(json, &format!("{email} ({id})"), &json!({ "id": id, "email": email.as_str() }))
}

async fn reset_password(reset: ResetPassword, config: &Config, json: bool) -> Result<()> {
    let email = reset.email;
    let password = output::secret("New password: ")?;
    let services = crate::cli::ready(config).await?;
    let tenant = services.tenants.by_slug(&reset.tenant).await?;
    services.tenants.reset_password(tenant.id, &email, password).await?;
    let text = format!("{email} has a new password; all its sessions are ended.");
    output::result(json, &text, &json!({ "email": email.as_str() }))
}
