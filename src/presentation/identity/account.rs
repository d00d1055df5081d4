//! The user's own account: name, language, theme, keyboard shortcuts and password.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::{HeaderMap, StatusCode, header::USER_AGENT},
    response::{IntoResponse as _, Redirect, Response},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

use crate::{
    domain::{Locale, PersonName, Preferences, Problem, Theme, User},
    error::Result,
    presentation::{
        http::{
            context::Ctx,
            extract::{BodyFields, Format},
            fields::{Fields, parse_bool},
            form::Form,
            peer::ClientAddress,
            routes,
        },
        identity::session_cookie,
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
    services::device,
};

/// The account as JSON.
#[derive(Serialize)]
struct AccountView {
    email: String,
    first_name: String,
    last_name: Option<String>,
    locale: Option<&'static str>,
    theme: &'static str,
    single_keys: bool,
}

impl From<User> for AccountView {
    fn from(user: User) -> Self {
        Self {
            email: user.email.as_str().to_owned(),
            first_name: user.name.first,
            last_name: user.name.last,
            locale: user.preferences.locale.map(Locale::tag),
            theme: user.preferences.theme.as_str(),
            single_keys: user.preferences.single_keys,
        }
    }
}

#[derive(Template)]
#[template(path = "identity/account.html")]
struct AccountPage {
    layout: Layout,
    form: Form,
    password: Form,
    email: String,
    locales: Vec<(&'static str, Cow<'static, str>)>,
    workspace_locale: Cow<'static, str>,
    themes: Vec<(&'static str, Cow<'static, str>)>,
    single_keys: [(&'static str, Cow<'static, str>); 2],
    saved: bool,
    /// The other pages of settings that the user may open: addresses and titles.
    settings: Vec<(&'static str, Cow<'static, str>)>,
}

/// Shows the account of the signed-in user.
///
/// # Errors
/// [`crate::error::AppError::Unavailable`] if the database does not answer.
pub async fn show(ctx: Ctx) -> Result<Response> {
    let user = ctx.actor.user.clone();
    match ctx.format {
        Format::Json => Ok(Json(AccountView::from(user)).into_response()),
        Format::Html => {
            let saved = ctx.query.text("saved").is_some();
            render(&ctx, StatusCode::OK, filled(user), Form::default(), saved).await
        }
    }
}

/// Changes the fields that are present in the request.
///
/// # Errors
/// [`crate::error::AppError::Invalid`] for an invalid field.
pub async fn update(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    let user = &ctx.actor.user;
    let (name, preferences) = match parse(&fields, user) {
        Ok(parsed) => parsed,
        Err(error) => {
            let render = |status, form| render(&ctx, status, form, Form::default(), false);
            return ctx.form_or_error(error, &fields, render).await;
        }
    };
    ctx.services().identity.update(&ctx.actor, &name, &preferences).await?;
    let saved = User { name, preferences, ..user.clone() };
    Ok(ctx.changed(&format!("{}?saved", routes::Account), &AccountView::from(saved)))
}

fn filled(user: User) -> Form {
    let view = AccountView::from(user);
    Form::filled([
        ("first_name", Some(view.first_name)),
        ("last_name", view.last_name),
        ("locale", view.locale.map(str::to_owned)),
        ("theme", Some(view.theme.to_owned())),
        ("single_keys", Some(view.single_keys.to_string())),
    ])
}

/// Reads the fields; absent ones keep their values.
fn parse(fields: &Fields, user: &User) -> Result<(PersonName, Preferences)> {
    let (mut form, kept) = (fields.reader(), user.preferences);
    let (first, last) = (user.name.first.clone(), user.name.last.clone());
    let first = form.patch("first_name", first, Err(Problem::Required), PersonName::parse_first);
    let last = form.patch("last_name", last, Ok(None), PersonName::parse_last);
    let locale = form.patch("locale", kept.locale, Ok(None), |text| text.parse().map(Some));
    let theme = form.patch("theme", kept.theme, Ok(Theme::default()), str::parse);
    let single_keys = form.patch("single_keys", kept.single_keys, Ok(false), parse_bool);
    let name = first.zip(last).map(|(first, last)| PersonName { first, last });
    let preferences = locale.zip(theme).zip(single_keys);
    let preferences =
        preferences.map(|((locale, theme), single_keys)| Preferences { locale, theme, single_keys });
    form.finish_all(name.zip(preferences))
}

/// Renders the page with its two forms, either of which may contain errors.
pub(in crate::presentation) async fn render(
    ctx: &Ctx,
    status: StatusCode,
    form: Form,
    password: Form,
    saved: bool,
) -> Result<Response> {
    let layout = Layout::load(ctx, routes::Account::PATTERN).await?;
    let t = layout.t;
    let sections = ctx.state.features.iter().flat_map(|feature| feature.settings);
    let settings = sections
        .filter(|section| section.href != routes::Account::PATTERN)
        .filter(|section| section.permission.is_none_or(|permission| ctx.actor.may(permission)))
        .map(|section| (section.href, t.get(section.title)))
        .collect();
    let tenant_locale = t.get(format!("locale-{}", ctx.actor.tenant.locale.tag()));
    page(
        status,
        &AccountPage {
            form,
            password,
            email: ctx.actor.user.email.as_str().to_owned(),
            // Each language is listed by its own name, so that users find theirs on a page in
            // another language.
            locales: Locale::ALL.map(|l| (l.tag(), I18n::new(l).get(format!("locale-{}", l.tag())))).into(),
            workspace_locale: t.with("account-as-company", "language", tenant_locale),
            themes: Theme::ALL
                .map(|theme| (theme.as_str(), t.get(format!("theme-{}", theme.as_str()))))
                .into(),
            single_keys: [("true", t.get("keys-on")), ("false", t.get("keys-off"))],
            saved,
            settings,
            layout,
        },
    )
}

/// The form with the stored values.
pub(in crate::presentation) fn stored_form(ctx: &Ctx) -> Form {
    filled(ctx.actor.user.clone())
}

/// Changes the password and ends all sessions; the browser gets a new session.
///
/// # Errors
/// [`crate::error::AppError::Invalid`] for a wrong current password or a new one that is too short;
/// [`crate::error::AppError::TooManyAttempts`] after too many wrong ones.
pub async fn change_password(
    ctx: Ctx,
    ClientAddress(peer): ClientAddress,
    headers: HeaderMap,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let [current, new] =
        ["current_password", "password"].map(|name| SecretString::from(fields.text_or_empty(name)));
    let device = device(peer, headers.get(USER_AGENT).and_then(|text| text.to_str().ok()));
    match ctx.services().identity.change_password(&ctx.actor, current, new, device).await {
        Ok(token) => {
            let cookie = session_cookie(token.expose_secret(), &ctx.state)?;
            Ok(match (ctx.format, ctx.session()) {
                (Format::Json, None) => StatusCode::NO_CONTENT.into_response(),
                (Format::Json, Some(_)) => (StatusCode::NO_CONTENT, cookie).into_response(),
                (Format::Html, _) => {
                    (cookie, Redirect::to(&format!("{}?saved", routes::Account))).into_response()
                }
            })
        }
        Err(error) => {
            // Passwords are not put into the page again.
            let render = |status, form: Form| {
                let form = form.without_values();
                render(&ctx, status, stored_form(&ctx), form, false)
            };
            ctx.form_or_error(error, &fields, render).await
        }
    }
}
