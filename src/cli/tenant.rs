//! `aloqa tenant create`, `list`, `suspend`, `resume`, `export`, `delete` and `usage`.

use std::path::PathBuf;

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use serde_json::json;

use crate::cli::{lookup, output};
use crate::{
    archive,
    config::Config,
    domain::{Country, Email, Locale, NewTenant, PersonName, Slug, Tenant, TimeZone},
    error::{AppError, Result},
    persistence::MonthUsage,
    presentation::i18n,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a workspace; the administrator's password is read from standard input
    Create(Create),
    /// List all workspaces
    List,
    /// Suspend a workspace: nobody signs in, webhooks are stored, and nothing is sent
    Suspend(Named),
    /// Resume a suspended workspace, whose waiting messages are sent then
    Resume(Named),
    /// Write a ZIP file with all rows of a workspace as JSON Lines and its files, without secrets
    Export(Export),
    /// Delete a workspace with everything in it; asks for the slug again on standard input
    Delete(Named),
    /// Count clients, messages and stored bytes by month
    Usage(Usage),
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// The workspace's slug
    #[arg(long)]
    slug: String,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    workspace: Named,
    /// The file to write; by default SLUG-DATE.zip in the current folder
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Usage {
    /// The workspace's slug; by default all workspaces
    #[arg(long)]
    slug: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// The short name in commands: a-z, 0-9 and hyphens
    #[arg(long, value_parser = slug)]
    slug: Slug,
    /// The name that pages show
    #[arg(long, value_parser = name)]
    name: String,
    /// The address that the first administrator signs in with
    #[arg(long, value_name = "EMAIL", value_parser = crate::cli::email)]
    admin_email: Email,
    /// The language of pages
    #[arg(long, default_value = "en", value_parser = locales())]
    locale: Locale,
    /// The zone of dates and times, such as Asia/Tashkent
    #[arg(long, default_value = "UTC", value_parser = crate::cli::parsed::<TimeZone>)]
    timezone: TimeZone,
    /// The country of phone numbers without a country code (ISO 3166-1 alpha-2)
    #[arg(long, default_value = "UZ", value_parser = country)]
    country: Country,
}

pub(super) async fn run(command: Command, config: &Config, json: bool) -> Result<()> {
    match command {
        Command::Create(create) => self::create(create, config, json).await,
        Command::List => list(config, json).await,
        Command::Suspend(named) => suspend(&named.slug, config, json).await,
        Command::Resume(named) => resume(&named.slug, config, json).await,
        Command::Export(export) => self::export(export, config, json).await,
        Command::Delete(named) => delete(&named.slug, config, json).await,
        Command::Usage(usage) => self::usage(usage, config, json).await,
    }
}

fn slug(text: &str) -> Result<Slug, String> {
    text.parse().map_err(|_| {
        "1 to 63 characters: a to z, 0 to 9, and hyphens between them, such as `acme`".to_owned()
    })
}

fn country(text: &str) -> Result<Country, String> {
    text.parse().map_err(|_| "two letters of ISO 3166-1, such as UZ".to_owned())
}

/// The tags of the languages, which help and errors list.
fn locales() -> impl TypedValueParser<Value = Locale> {
    PossibleValuesParser::new(Locale::ALL.map(Locale::tag)).map(|tag| tag.parse().unwrap_or_default())
}

fn name(text: &str) -> Result<String, String> {
    NewTenant::name(text).map_err(|problem| i18n(Locale::En).problem(&problem).into_owned())
}

async fn create(create: Create, config: &Config, json: bool) -> Result<()> {
    let email = create.admin_email;
    // The administrator's name is unknown, so that the first part of the address is used.
    let local = email.as_str().split('@').next().unwrap_or_default().to_owned();
    let administrator = PersonName { first: local, last: None };
    let new = NewTenant {
        slug: create.slug,
        name: create.name,
        locale: create.locale,
        time_zone: create.timezone,
        country: create.country,
    };
    let password = output::new_password()?;
    let services = crate::cli::ready(config).await?;
    let id = services.tenants.create(&new, &email, &administrator, password).await?;
    let slug = new.slug.as_str();
    output::print_error(&format!(
        "Next: `aloqa channel add twilio --tenant {slug} …` or `aloqa channel add telegram --tenant {slug} …`, then `aloqa serve`, and \
         sign in as {email} at {}",
        config.public_url
    ));
    output::result(json, &format!("{slug} ({id})"), &json!({ "id": id, "slug": slug }))
}

async fn list(config: &Config, json: bool) -> Result<()> {
    let tenants = match lookup::check_exists(config) {
        Ok(()) => crate::cli::ready(config).await?.tenants.list().await?,
        Err(error) => {
            output::print_error(&output::describe(&error));
            Vec::new()
        }
    };
    let row = |t: &Tenant| {
        let state = if t.suspended_at.is_some() { "\tsuspended" } else { "" };
        let (locale, zone, country) = (t.locale.tag(), t.time_zone.name(), t.country.code());
        format!("{}\t{}\t{locale}\t{zone}\t{country}{state}", t.slug, t.name)
    };
    let value = |t: &Tenant| {
        json!({
            "id": t.id,
            "slug": t.slug.as_str(),
            "name": t.name,
            "locale": t.locale.tag(),
            "timezone": t.time_zone.name(),
            "country": t.country.code(),
            "suspended_at": t.suspended_at,
        })
    };
    let text = tenants.iter().map(row).collect::<Vec<_>>().join("\n");
    output::result(json, &text, &tenants.iter().map(value).collect())
}

async fn suspend(slug: &str, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, slug).await?;
    let is_new = services.tenants.suspend(tenant.id).await?;
    let text = if is_new {
        format!("{slug} is suspended: nobody signs in, webhooks are stored, and nothing is sent.")
    } else {
        format!("{slug} is suspended already.")
    };
    output::result(json, &text, &json!({ "slug": slug, "suspended": true }))
}

async fn resume(slug: &str, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, slug).await?;
    if !services.tenants.resume(tenant.id).await? && tenant.suspended_at.is_some() {
        return Err(AppError::internal(format!(
            "the deletion of `{slug}` has begun: `aloqa tenant delete --slug {slug}` continues it"
        )));
    }
    output::result(json, &format!("{slug} is not suspended."), &json!({ "slug": slug, "suspended": false }))
}

async fn export(export: Export, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    let slug = &export.workspace.slug;
    let tenant = lookup::workspace(&services, slug).await?;
    let deps = services.dependencies();
    let day = deps.clock.now().format("%F");
    let file = export.output.unwrap_or_else(|| PathBuf::from(format!("{slug}-{day}.zip")));
    let written = archive::create(&deps.database, &deps.storage, &tenant, &file).await?;
    let rows: u64 = written.tables.iter().map(|(_, rows)| rows).sum();
    let (file, files) = (file.display().to_string(), written.files);
    let tables: serde_json::Map<_, _> =
        written.tables.into_iter().map(|(name, rows)| (name, rows.into())).collect();
    let text = format!("{file}: {rows} rows of {} tables, {files} files", tables.len());
    output::result(json, &text, &json!({ "file": file, "tables": tables, "files": files }))
}

async fn delete(slug: &str, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, slug).await?;
    output::print_error(&format!(
        "This deletes the workspace `{slug}` ({}) with all clients, messages and files. It can\u{2019}t be undone; \
         `aloqa tenant export --slug {slug}` writes them to a file first. Type the slug to confirm:",
        tenant.name
    ));
    if output::line()? != slug {
        return Err(AppError::internal("that is not the slug; nothing was deleted"));
    }
    let deleted = services.tenants.delete(&tenant).await?;
    let text = format!("{slug} is deleted: {} rows and {} files.", deleted.rows, deleted.files);
    output::result(json, &text, &json!({ "slug": slug, "rows": deleted.rows, "files": deleted.files }))
}

async fn usage(usage: Usage, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    if let Some(slug) = &usage.slug {
        lookup::workspace(&services, slug).await?;
    }
    let mut months = services.tenants.usage().await?;
    months.retain(|month| usage.slug.as_ref().is_none_or(|slug| *slug == month.slug));
    let row = |m: &MonthUsage| {
        format!("{}\t{}\t{} clients\t{} messages\t{} bytes", m.slug, m.month, m.clients, m.messages, m.bytes)
    };
    let value = |m: &MonthUsage| json!({ "slug": m.slug, "month": m.month, "clients": m.clients, "messages": m.messages, "bytes": m.bytes });
    let text = months.iter().map(row).collect::<Vec<_>>().join("\n");
    output::result(json, &text, &months.iter().map(value).collect())
}
