//! Setting a password by a link: an invited user accepts the invitation, or a user replaces a forgotten password.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header::USER_AGENT},
    response::{IntoResponse as _, Redirect, Response},
};
use secrecy::SecretString;

use crate::{
    domain::{LinkPurpose, PersonName},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, Query, RequestLocale},
            form::Form,
            peer::ClientAddress,
            routes,
        },
        ui::{assets::Assets, i18n::I18n, layout::page},
    },
    services::{OpenedLink, device},
};

#[derive(Template)]
#[template(path = "identity/access_link.html")]
struct AccessLinkPage {
    t: I18n,
    assets: &'static Assets,
    form: Form,
    token: String,
    workspace: String,
    email: String,
    is_invitation: bool,
}

/// Shows the form of a link.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] for an unknown, used or expired link.
pub async fn show(
    State(state): State<AppState>,
    locale: RequestLocale,
    Query(query): Query,
) -> Result<Response> {
    let token = query.text_or_empty("token");
    let opened = state.services.team.open_link(token).await?;
    let form = match &opened.link.purpose {
        LinkPurpose::Invitation { name: Some(name), .. } => {
            Form::filled([("first_name", Some(name.first.clone())), ("last_name", name.last.clone())])
        }
        _ => Form::default(),
    };
    render(StatusCode::OK, &locale, opened, token, form)
}

fn render(
    status: StatusCode,
    locale: &RequestLocale,
    opened: OpenedLink,
    token: &str,
    form: Form,
) -> Result<Response> {
    let shown = AccessLinkPage {
        t: I18n::new(locale.get(Format::Html)),
        assets: Assets::get(),
        form,
        token: token.to_owned(),
        workspace: opened.tenant.name,
        email: opened.link.email.as_str().to_owned(),
        is_invitation: matches!(opened.link.purpose, LinkPurpose::Invitation { .. }),
    };
    page(status, &shown)
}

/// Uses a link, and leads to the page of sign-in.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] for an unknown, used or expired link; [`crate::error::AppError::Invalid`],
/// [`crate::error::AppError::Conflict`].
pub async fn submit(
    State(state): State<AppState>,
    locale: RequestLocale,
    format: Format,
    ClientAddress(peer): ClientAddress,
    headers: HeaderMap,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let token = fields.text_or_empty("token");
    let name = PersonName::parse(fields.text_or_empty("first_name"), fields.text("last_name"));
    let password = SecretString::from(fields.text_or_empty("password"));
    let device = device(peer, headers.get(USER_AGENT).and_then(|text| text.to_str().ok()));
    match (state.services.team.use_link(token, name, password, device).await, format) {
        (Ok(_), Format::Json) => Ok(StatusCode::NO_CONTENT.into_response()),
        (Ok(_), Format::Html) => Ok(Redirect::to(routes::Login::PATTERN).into_response()),
        (Err(error), Format::Html) if Form::error_status(&error).is_some() => {
            let status = Form::error_status(&error).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            let opened = state.services.team.open_link(token).await?;
            let form = Form::with_errors(&fields, &error, I18n::new(locale.get(Format::Html)));
            render(status, &locale, opened, token, form)
        }
        (Err(error), _) => Err(error),
    }
}
