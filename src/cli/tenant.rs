//! `aloqa tenant create` and `aloqa tenant list`.

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use serde_json::json;

use crate::cli::{lookup, output};
use crate::{
    config::Config,
    domain::{Country, Email, Locale, NewTenant, PersonName, Slug, Tenant, TimeZone},
    error::Result,
    presentation::i18n,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a workspace; the administrator's password is read from standard input
    Create(Create),
    /// List all workspaces
    List,
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
        format!("{}\t{}\t{}\t{}\t{}", t.slug, t.name, t.locale.tag(), t.time_zone.name(), t.country.code())
    };
    let value = |t: &Tenant| {
        json!({
            "id": t.id,
            "slug": t.slug.as_str(),
            "name": t.name,
            "locale": t.locale.tag(),
            "timezone": t.time_zone.name(),
            "country": t.country.code(),
        })
    };
    let text = tenants.iter().map(row).collect::<Vec<_>>().join("\n");
    output::result(json, &text, &tenants.iter().map(value).collect())
}
