//! `aloqa user create`, `list`, `disable`, `enable`, `role`, `reset-password` and `reset-link`.

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use secrecy::ExposeSecret as _;
use serde_json::json;
use strum::VariantNames as _;

use crate::cli::{lookup, output};
use crate::{
    config::Config,
    domain::{Email, PersonName, Role, UserAccount},
    error::{AppError, Result},
    presentation::routes,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a user; the password is read from standard input
    Create(Create),
    /// List the users of a workspace with their roles
    List(Workspace),
    /// Disable a user: sessions, live pages and API tokens end at once
    Disable(User),
    /// Enable a disabled user, who has to sign in again
    Enable(User),
    /// Change a user's role, which applies at once
    Role(ChangeRole),
    /// Set a user's password, read from standard input, and end all of the user's sessions and API tokens
    ResetPassword(User),
    /// Remove a user's second factor, which was lost, and end all of the user's sessions
    ResetTwoFactor(User),
    /// Print a link by which a user sets a new password, within a day and once
    ResetLink(User),
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
    /// The role
    #[arg(long, value_parser = roles())]
    role: Role,
}

#[derive(Debug, Args)]
pub(super) struct Workspace {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
}

#[derive(Debug, Args)]
pub(super) struct User {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
    /// The user's e-mail address
    #[arg(long, value_parser = crate::cli::email)]
    email: Email,
}

#[derive(Debug, Args)]
pub(super) struct ChangeRole {
    #[command(flatten)]
    user: User,
    /// The role
    #[arg(long, value_parser = roles())]
    role: Role,
}

/// The names of the roles, which help and errors list.
fn roles() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::VARIANTS).try_map(|name| name.parse::<Role>().map_err(|_| Unknown))
}

/// The error of a name that the list of roles does not have.
#[derive(Debug, thiserror::Error)]
#[error("unknown role")]
struct Unknown;

pub(super) async fn run(command: Command, config: &Config, json: bool) -> Result<()> {
    match command {
        Command::Create(create) => self::create(create, config, json).await,
        Command::List(workspace) => list(workspace, config, json).await,
        Command::Disable(user) => disable(user, config, json).await,
        Command::Enable(user) => enable(user, config, json).await,
        Command::Role(change) => change_role(change, config, json).await,
        Command::ResetPassword(user) => reset_password(user, config, json).await,
        Command::ResetTwoFactor(user) => reset_two_factor(user, config, json).await,
        Command::ResetLink(user) => reset_link(user, config, json).await,
    }
}

async fn create(create: Create, config: &Config, json: bool) -> Result<()> {
    let name = PersonName::parse(&create.first_name, create.last_name.as_deref())
        .map_err(|problem| AppError::invalid("first_name", problem))?;
    let (email, role) = (create.email, create.role);
    let password = output::new_password()?;
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &create.tenant).await?;
    let id = services.tenants.create_user(tenant.id, &email, &name, role, password).await?;
    output::result(json, &format!("{email} ({id})"), &json!({ "id": id, "email": email.as_str() }))
}

async fn list(workspace: Workspace, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &workspace.tenant).await?;
    let accounts = services.tenants.users(tenant.id).await?;
    let row = |account: &UserAccount| {
        let user = &account.user;
        let state = account.disabled_at.map_or(String::new(), |at| format!("\tdisabled {}", at.format("%F")));
        format!("{}\t{}\t{}{state}", user.email, user.name.full(), user.role.as_str())
    };
    let value = |account: &UserAccount| {
        let user = &account.user;
        json!({
            "id": user.id,
            "email": user.email.as_str(),
            "first_name": user.name.first,
            "last_name": user.name.last,
            "role": user.role.as_str(),
            "disabled_at": account.disabled_at,
            "created_at": account.created_at,
        })
    };
    let text = accounts.iter().map(row).collect::<Vec<_>>().join("\n");
    output::result(json, &text, &accounts.iter().map(value).collect())
}

async fn disable(user: User, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &user.tenant).await?;
    let disabled = services.tenants.disable_user(tenant.id, &user.email).await;
    disabled.map_err(|error| lookup::unknown_user(error, &user.tenant, &user.email))?;
    let text = format!("{} is disabled; all sessions and API tokens are ended.", user.email);
    output::result(json, &text, &json!({ "email": user.email.as_str(), "disabled": true }))
}

async fn enable(user: User, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &user.tenant).await?;
    let enabled = services.tenants.enable_user(tenant.id, &user.email).await;
    enabled.map_err(|error| lookup::unknown_user(error, &user.tenant, &user.email))?;
    let text = format!("{} is enabled and can sign in.", user.email);
    output::result(json, &text, &json!({ "email": user.email.as_str(), "disabled": false }))
}

async fn change_role(change: ChangeRole, config: &Config, json: bool) -> Result<()> {
    let ChangeRole { user, role } = change;
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &user.tenant).await?;
    let changed = services.tenants.set_role(tenant.id, &user.email, role).await;
    changed.map_err(|error| lookup::unknown_user(error, &user.tenant, &user.email))?;
    let text = format!("{} is {} now.", user.email, role.as_str());
    output::result(json, &text, &json!({ "email": user.email.as_str(), "role": role.as_str() }))
}

async fn reset_password(reset: User, config: &Config, json: bool) -> Result<()> {
    let email = reset.email;
    let password = output::new_password()?;
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &reset.tenant).await?;
    let reset_done = services.tenants.reset_password(tenant.id, &email, password).await;
    reset_done.map_err(|error| lookup::unknown_user(error, &reset.tenant, &email))?;
    let text = format!("{email} has a new password; all its sessions and API tokens are ended.");
    output::result(json, &text, &json!({ "email": email.as_str() }))
}

async fn reset_two_factor(user: User, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &user.tenant).await?;
    let removed = services.tenants.reset_two_factor(tenant.id, &user.email).await;
    let text = match removed {
        Ok(()) => format!("{} has no second factor any more; all sessions are ended.", user.email),
        Err(AppError::NotFound) => format!("{} has no second factor.", user.email),
        Err(error) => return Err(lookup::unknown_user(error, &user.tenant, &user.email)),
    };
    output::result(json, &text, &json!({ "email": user.email.as_str() }))
}

async fn reset_link(user: User, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &user.tenant).await?;
    let token = services.tenants.reset_link(tenant.id, &user.email).await;
    let token = token.map_err(|error| lookup::unknown_user(error, &user.tenant, &user.email))?;
    let url = routes::access_link(&config.public_url, token.expose_secret());
    output::result(json, &url, &json!({ "email": user.email.as_str(), "url": url }))
}
