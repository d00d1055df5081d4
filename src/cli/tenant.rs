//! `aloqa tenant create` and `aloqa tenant list`.

use clap::{Args, Subcommand};
use serde_json::json;

use super::output;
use crate::{
    config::Config,
    domain::{Country, Email, FieldErrors, Locale, NewTenant, PersonName, Slug, Tenant, TimeZone},
    error::Result,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a workspace; the administrator's password is read from standard input
    Create(Create),
    /// List all workspaces
    List,
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// The short name in commands: a-z, 0-9 and hyphens
    #[arg(long)]
    slug: String,
    /// The name on pages
    #[arg(long)]
    name: String,
    /// The address that the first administrator signs in with
    #[arg(long, value_name = "EMAIL")]
    admin_email: String,
    /// The language of pages: en, ru or uz
    #[arg(long, default_value = "en")]
    locale: String,
    /// The zone of days and times, such as Asia/Tashkent
    #[arg(long, default_value = "UTC")]
    timezone: String,
    /// The country of phone numbers without a prefix (ISO 3166-1 alpha-2)
    #[arg(long, default_value = "UZ")]
    country: String,
}

pub(super) async fn run(command: Command, config: &Config, json: bool) -> Result<()> {
    match command {
        Command::Create(create) => self::create(create, config, json).await,
        Command::List => list(config, json).await,
    }
}

async fn create(create: Create, config: &Config, json: bool) -> Result<()> {
    let mut errors = FieldErrors::default();
    let slug = errors.check("slug", create.slug.parse::<Slug>());
    let email = errors.check("admin_email", Email::parse(&create.admin_email));
    let locale = errors.check("locale", create.locale.parse::<Locale>());
    let time_zone = errors.check("timezone", create.timezone.parse::<TimeZone>());
    let country = errors.check("country", create.country.parse::<Country>());
    let name = errors.check("name", NewTenant::name(&create.name));
    let (Some(slug), Some(email), Some(locale), Some(time_zone), Some(country), Some(name)) =
        (slug, email, locale, time_zone, country, name)
    else {
        return Err(errors.into());
    };
    // Nobody said what the administrator is called, so it goes by its address until someone does.
    let local = email.as_str().split('@').next().unwrap_or_default().to_owned();
    let administrator = PersonName { first: local, last: None };
    let password = output::secret("Password: ")?;
    let services = super::ready(config).await?;
    let new = NewTenant { slug, name, locale, time_zone, country };
    let id = services.tenants.create(&new, &email, &administrator, password).await?;
    output::result(json, &format!("{} ({id})", new.slug), &json!({ "id": id, "slug": new.slug.as_str() }))
}

async fn list(config: &Config, json: bool) -> Result<()> {
    let tenants = super::ready(config).await?.tenants.list().await?;
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
