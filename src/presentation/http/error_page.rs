//! The responses to errors: a page or a problem document.

use std::{borrow::Cow, time::Instant};

use askama::Template;
use axum::{
    extract::{FromRequestParts as _, MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tower_http::request_id::RequestId;

use crate::error::AppError;
use crate::presentation::{
    http::{
        context::Ctx,
        errors::{ErrorExtension, Problem, problem},
        extract::{Format, RequestLocale},
        middleware::ActorReport,
        routes,
        state::AppState,
    },
    ui::{assets::Assets, i18n::I18n, layout::Layout},
};

/// The page of an error for someone who is not signed in, or while the database does not answer.
#[derive(Template)]
#[template(path = "ui/error.html")]
struct ErrorPage {
    t: I18n,
    assets: &'static Assets,
    problem: Problem,
}

/// The page of an error for a signed-in user, with the navigation.
#[derive(Template)]
#[template(path = "ui/error_in_layout.html")]
struct ErrorInLayout {
    layout: Layout,
    t: I18n,
    problem: Problem,
}

/// Adds the body to error responses in the reader's format and language, and logs the causes of
/// internal errors.
pub async fn render(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let format = Format::of(request.headers());
    let locale = RequestLocale::of(request.headers());
    request.extensions_mut().insert(locale.clone());
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let requested_path = (request.method() == Method::GET)
        .then(|| request.uri().path_and_query().map(ToString::to_string))
        .flatten();
    let cookies = request.headers().get(header::COOKIE).cloned();
    let report = ActorReport::default();
    request.extensions_mut().insert(report.clone());

    let response = next.run(request).await;
    let Some(ErrorExtension(error)) = response.extensions().get::<ErrorExtension>().cloned() else {
        return response;
    };
    match &*error {
        AppError::Internal(cause) => tracing::error!(request_id, cause = ?cause, "internal error"),
        AppError::Unavailable(cause) => tracing::warn!(request_id, cause = ?cause, "unavailable"),
        AppError::ForgedForm
        | AppError::BadSignature
        | AppError::BadToken
        | AppError::Misdirected
        | AppError::TooManyAttempts { .. }
        | AppError::Busy
        | AppError::TooLarge => {
            if let Some(omitted) = state.refusals.admit(Instant::now()) {
                tracing::warn!(request_id, error = %error, omitted, "refused");
            }
        }
        other => tracing::debug!(request_id, error = %other, "refused"),
    }
    if let (AppError::Forbidden(permission), Some(actor)) = (&*error, report.actor()) {
        state.services.identity.record_refused_access(actor, *permission).await;
    }
    // The router sets the allowed methods (RFC 9110, section 15.5.6).
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut answer = match (format, &*error) {
        (Format::Html, AppError::Unauthenticated) => to_sign_in(requested_path),
        (Format::Html, AppError::SecondFactorRequired) => {
            Redirect::to(routes::TwoFactor::PATTERN).into_response()
        }
        (Format::Html, _) => {
            let layout = layout_of(&state, cookies, &error).await;
            let locale = layout.as_ref().map_or_else(|| locale.get(format), |layout| layout.t.locale);
            page(problem(&error, I18n::new(locale), request_id), I18n::new(locale), layout)
        }
        (Format::Json, _) => {
            let problem = problem(&error, I18n::new(locale.get(format)), request_id);
            let body = serde_json::to_string(&problem).unwrap_or_default();
            ([(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
        }
    };
    if !answer.status().is_redirection() {
        add_headers(&mut answer, &error);
    }
    if let Some(route) = response.extensions().get::<MatchedPath>().cloned() {
        answer.extensions_mut().insert(route);
    }
    if let Some(allow) = allow {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    answer
}

/// The layout for the user whose session the request has. There is none for errors that a page must answer without the
/// database, and for requests that are refused before their session is looked at.
async fn layout_of(state: &AppState, cookies: Option<HeaderValue>, error: &AppError) -> Option<Layout> {
    let needs_no_session = matches!(
        error,
        AppError::Internal(_)
            | AppError::Unavailable(_)
            | AppError::Busy
            | AppError::TooManyAttempts { .. }
            | AppError::Misdirected
            | AppError::TooLarge
            | AppError::ExpiredLink
    );
    let cookies = cookies.filter(|_| !needs_no_session)?;
    let mut request = Request::new(());
    *request.headers_mut() = HeaderMap::from_iter([(header::COOKIE, cookies)]);
    let (mut parts, ()) = request.into_parts();
    let ctx = Ctx::from_request_parts(&mut parts, state).await.ok()?;
    Layout::load(&ctx, "").await.ok()
}

/// Leads to the page of sign-in, which leads back.
fn to_sign_in(requested_path: Option<String>) -> Response {
    let next = requested_path
        .filter(|path| path != "/")
        .map_or_else(String::new, |path| format!("?next={}", utf8_percent_encode(&path, NON_ALPHANUMERIC)));
    Redirect::to(&format!("{}{next}", routes::Login)).into_response()
}

fn page(problem: Problem, t: I18n, layout: Option<Layout>) -> Response {
    match layout {
        Some(layout) => html(&ErrorInLayout { layout, t, problem }),
        None => html(&ErrorPage { t, assets: Assets::get(), problem }),
    }
}

fn html<T: Template>(template: &T) -> Response {
    let _span = tracing::debug_span!("render", page = std::any::type_name::<T>()).entered();
    axum::response::Html(template.render().unwrap_or_default()).into_response()
}

/// Sets the status and the headers of an error.
fn add_headers(response: &mut Response, error: &AppError) {
    let (status, _) = error.kind();
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Some(value) = error.retry_after().map(HeaderValue::from) {
        headers.insert(header::RETRY_AFTER, value);
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// The label of a field. Fields that only addresses have, such as the number of a page, have none.
fn label(t: I18n, field: &str) -> Option<Cow<'static, str>> {
    let key = format!("field-{field}");
    t.has(&key).then(|| t.get(key))
}
