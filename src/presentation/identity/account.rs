//! One's name, language, colours and keys.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::{
    domain::{FieldErrors, Locale, Patch, PersonName, Preferences, Problem, Theme, User},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, Query, SignedIn},
            fields::Fields,
            form::{Form, changed, form_or_error},
            routes,
        },
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
};

/// What programs see of the account.
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
}

/// The account of whoever asks.
///
/// # Errors
/// [`crate::error::AppError::Unavailable`] when the database is away.
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Query(query): Query,
) -> Result<Response> {
    let user = signed_in.actor.user.clone();
    match format {
        Format::Json => Ok(Json(AccountView::from(user)).into_response()),
        Format::Html => {
            let saved = query.text("saved").is_some();
            render(&state, &signed_in, StatusCode::OK, filled(user), Form::default(), saved).await
        }
    }
}

/// Changes the fields that were sent.
///
/// # Errors
/// [`crate::error::AppError::Invalid`].
pub async fn update(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let user = &signed_in.actor.user;
    let (name, preferences) = match parse(&fields, user) {
        Ok(parsed) => parsed,
        Err(errors) => {
            let render = |status, form| render(&state, &signed_in, status, form, Form::default(), false);
            let i18n = I18n::new(signed_in.actor.locale());
            return form_or_error(errors.into(), format, &fields, i18n, render).await;
        }
    };
    state.services.identity.update(&signed_in.actor, &name, &preferences).await?;
    let saved = User { name, preferences, ..user.clone() };
    Ok(changed(format, &format!("{}?saved", routes::Account), &AccountView::from(saved)))
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

/// What was sent; fields that were not stay as they are.
fn parse(fields: &Fields, user: &User) -> Result<(PersonName, Preferences), FieldErrors> {
    let mut errors = FieldErrors::default();
    let kept = user.preferences;
    let first = field_or(
        fields,
        "first_name",
        user.name.first.clone(),
        Err(Problem::Required),
        PersonName::parse_first,
    );
    let last = field_or(fields, "last_name", user.name.last.clone(), Ok(None), PersonName::parse_last);
    let locale = field_or(fields, "locale", kept.locale, Ok(None), |text| text.parse().map(Some));
    let theme = field_or(fields, "theme", kept.theme, Ok(Theme::default()), str::parse);
    let is_true = |text: &str| text.parse().map_err(|_| Problem::NotOneOf("true, false"));
    let single_keys = field_or(fields, "single_keys", kept.single_keys, Ok(false), is_true);
    let (first, last) = (errors.check("first_name", first), errors.check("last_name", last));
    let (locale, theme) = (errors.check("locale", locale), errors.check("theme", theme));
    let single_keys = errors.check("single_keys", single_keys);
    match (first, last, locale, theme, single_keys) {
        (Some(first), Some(last), Some(locale), Some(theme), Some(single_keys)) => {
            Ok((PersonName { first, last }, Preferences { locale, theme, single_keys }))
        }
        _ => Err(errors),
    }
}

/// A field's value: what it was when nothing was sent, what `cleared` says when it was sent empty.
fn field_or<T>(
    fields: &Fields,
    name: &str,
    kept: T,
    cleared: Result<T, Problem>,
    parse: impl FnOnce(&str) -> Result<T, Problem>,
) -> Result<T, Problem> {
    match fields.patch(name)? {
        Patch::Keep => Ok(kept),
        Patch::Clear => cleared,
        Patch::Set(text) => parse(&text),
    }
}

/// The page with both of its forms, one of which may come back with what is wrong.
pub(in crate::presentation) async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    status: StatusCode,
    form: Form,
    password: Form,
    saved: bool,
) -> Result<Response> {
    let layout = Layout::new(state, signed_in, routes::Account::PATTERN, None).await?;
    let t = layout.t;
    let tenant_locale = t.get(format!("locale-{}", signed_in.actor.tenant.locale.tag()));
    page(
        status,
        &AccountPage {
            form,
            password,
            email: signed_in.actor.user.email.as_str().to_owned(),
            // Each language by its own name, so that whoever is lost in another finds the own.
            locales: Locale::ALL.map(|l| (l.tag(), I18n::new(l).get(format!("locale-{}", l.tag())))).into(),
            workspace_locale: t.with("account-as-company", "language", tenant_locale),
            themes: Theme::ALL
                .map(|theme| (theme.as_str(), t.get(format!("theme-{}", theme.as_str()))))
                .into(),
            single_keys: [("true", t.get("keys-on")), ("false", t.get("keys-off"))],
            saved,
            layout,
        },
    )
}

/// The form as nothing was sent.
pub(in crate::presentation) fn stored_form(signed_in: &SignedIn) -> Form {
    filled(signed_in.actor.user.clone())
}
