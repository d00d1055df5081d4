//! The settings of a workspace: its name, language, time zone, country, and the countries to which it sends.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::{
    domain::{Country, Locale, NewTenant, OutboundCountries, Problem, TwoFactorRule, WorkspaceSettings},
    error::Result,
    presentation::{
        http::{
            context::Ctx,
            extract::{BodyFields, Format},
            fields::{Fields, FormReader},
            form::Form,
            routes,
        },
        identity::roles::choices,
        ui::{
            country_names,
            i18n::I18n,
            layout::{Layout, page},
        },
    },
    services::{Framed, WorkspaceDetails},
};

/// The settings as JSON. `outbound_countries` is `own`, `any` or a list of codes.
#[derive(Serialize)]
struct WorkspaceView {
    name: String,
    locale: &'static str,
    time_zone: &'static str,
    country: String,
    outbound_countries: String,
    inbound_countries: Vec<String>,
    two_factor_roles: Vec<String>,
}

impl WorkspaceView {
    fn new(settings: &WorkspaceSettings, inbound: &[Country]) -> Self {
        let outbound_countries = match &settings.outbound_countries {
            OutboundCountries::OwnAndInbound => OWN.to_owned(),
            OutboundCountries::Any => ANY.to_owned(),
            OutboundCountries::Listed(listed) => OutboundCountries::codes(listed),
        };
        Self {
            name: settings.name.clone(),
            locale: settings.locale.tag(),
            time_zone: settings.time_zone.name(),
            country: settings.country.code().to_owned(),
            outbound_countries,
            two_factor_roles: settings.two_factor.roles(),
            inbound_countries: inbound.iter().map(|country| country.code().to_owned()).collect(),
        }
    }
}

/// The words for the rules that are no list.
const OWN: &str = "own";
const ANY: &str = "any";
const LISTED: &str = "listed";

#[derive(Template)]
#[template(path = "identity/workspace.html")]
struct WorkspacePage {
    layout: Layout,
    form: Form,
    slug: String,
    locales: Vec<(&'static str, Cow<'static, str>)>,
    time_zones: Vec<(&'static str, Cow<'static, str>)>,
    countries: Vec<(&'static str, Cow<'static, str>)>,
    rules: Vec<(&'static str, Cow<'static, str>)>,
    inbound: String,
    two_factor: Vec<RoleChoice>,
    saved: bool,
}

/// A role whose users need a second factor, or `*` for all.
struct RoleChoice {
    reference: String,
    name: Cow<'static, str>,
    is_chosen: bool,
}

/// Shows the settings.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`].
pub async fn show(ctx: Ctx) -> Result<Response> {
    let Framed { content, frame } = ctx.services().workspace.show(&ctx.actor).await?;
    if ctx.format == Format::Json {
        return Ok(Json(WorkspaceView::new(&content.settings, &content.inbound_countries)).into_response());
    }
    let layout = Layout::new(&ctx, routes::Account::PATTERN, frame);
    let form = filled(&content.settings);
    render(&ctx, layout, StatusCode::OK, form, &content)
}

/// Changes the fields that are sent.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn update(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    let Framed { content, frame } = ctx.services().workspace.show(&ctx.actor).await?;
    let roles: Vec<_> = choices(content.roles.clone(), ctx.i18n).into_iter().map(|(role, _)| role).collect();
    match parse(&fields, content.settings.clone(), &roles) {
        Ok(settings) => {
            ctx.services().workspace.update(&ctx.actor, &settings).await?;
            let view = WorkspaceView::new(&settings, &content.inbound_countries);
            Ok(ctx.changed(&format!("{}?saved", routes::Workspace), &view))
        }
        Err(error) => {
            let layout = Layout::new(&ctx, routes::Account::PATTERN, frame);
            let again = async |status, form| render(&ctx, layout, status, form, &content);
            ctx.form_or_error(error, &fields, again).await
        }
    }
}

fn filled(settings: &WorkspaceSettings) -> Form {
    let view = WorkspaceView::new(settings, &[]);
    let (rule, listed) = match settings.outbound_countries {
        OutboundCountries::Listed(_) => (LISTED.to_owned(), Some(view.outbound_countries)),
        _ => (view.outbound_countries, None),
    };
    Form::filled([
        ("name", Some(view.name)),
        ("locale", Some(view.locale.to_owned())),
        ("time_zone", Some(view.time_zone.to_owned())),
        ("country", Some(view.country)),
        ("outbound_countries", Some(rule)),
        ("listed_countries", listed),
    ])
}

/// Reads the fields; absent ones keep their values.
fn parse(fields: &Fields, kept: WorkspaceSettings, roles: &[String]) -> Result<WorkspaceSettings> {
    let mut form = fields.reader();
    let required = || Err(Problem::Required);
    let name = form.patch("name", kept.name, Err(Problem::Required), NewTenant::name);
    let locale = form.patch("locale", kept.locale, Err(Problem::Required), str::parse);
    let time_zone = form.patch("time_zone", kept.time_zone, Err(Problem::Required), str::parse);
    let country = form.patch("country", kept.country, Err(Problem::Required), str::parse);
    let outbound = rule(&mut form, fields, kept.outbound_countries, required());
    let chosen = fields.texts("two_factor_roles");
    let two_factor = chosen.and_then(|chosen| match chosen {
        Some(chosen) => TwoFactorRule::parse(&chosen, roles),
        None => Ok(kept.two_factor),
    });
    let two_factor = form.check("two_factor_roles", two_factor);
    let settings = name.zip(locale).zip(time_zone.zip(country)).zip(outbound.zip(two_factor));
    form.finish_all(settings.map(
        |(((name, locale), (time_zone, country)), (outbound_countries, two_factor))| WorkspaceSettings {
            name,
            locale,
            time_zone,
            country,
            outbound_countries,
            two_factor,
        },
    ))
}

/// Reads the countries to which messages are sent: a rule by its word, or codes. The form sends the codes in a field of
/// their own.
fn rule(
    form: &mut FormReader<'_>,
    fields: &Fields,
    kept: OutboundCountries,
    cleared: std::result::Result<OutboundCountries, Problem>,
) -> Option<OutboundCountries> {
    if fields.text("outbound_countries") == Some(LISTED) {
        return form.required("listed_countries", OutboundCountries::parse_list);
    }
    form.patch("outbound_countries", kept, cleared, |text| match text {
        OWN => Ok(OutboundCountries::OwnAndInbound),
        ANY => Ok(OutboundCountries::Any),
        codes => OutboundCountries::parse_list(codes),
    })
}

/// The roles whose users may be made to have a second factor, everyone first.
fn role_choices(details: &WorkspaceDetails, t: I18n) -> Vec<RoleChoice> {
    let chosen = details.settings.two_factor.roles();
    let everyone = ("*".to_owned(), t.get("two-factor-everyone"));
    let choice = |(reference, name): (String, Cow<'static, str>)| RoleChoice {
        is_chosen: chosen.contains(&reference),
        reference,
        name,
    };
    std::iter::once(everyone).chain(choices(details.roles.clone(), t)).map(choice).collect()
}

fn render(
    ctx: &Ctx,
    layout: Layout,
    status: StatusCode,
    form: Form,
    details: &WorkspaceDetails,
) -> Result<Response> {
    let t = layout.t;
    let locale = t.locale;
    let own = details.settings.country;
    let known = std::iter::once(own).chain(details.inbound_countries.iter().copied());
    let known: Vec<_> = known.map(|country| country_names::name(country.code(), locale).to_owned()).collect();
    page(
        status,
        &WorkspacePage {
            form,
            slug: ctx.actor.tenant.slug.to_string(),
            locales: Locale::ALL.map(|l| (l.tag(), I18n::new(l).get(format!("locale-{}", l.tag())))).into(),
            time_zones: chrono_tz::TZ_VARIANTS.iter().map(|zone| (zone.name(), zone.name().into())).collect(),
            countries: country_names::choices(own, locale)
                .into_iter()
                .map(|(code, name)| (code, Cow::Borrowed(name)))
                .collect(),
            rules: [OWN, LISTED, ANY].map(|rule| (rule, t.get(format!("outbound-countries-{rule}")))).into(),
            two_factor: role_choices(details, t),
            inbound: known.join(", "),
            saved: ctx.query.text("saved").is_some(),
            layout,
        },
    )
}
