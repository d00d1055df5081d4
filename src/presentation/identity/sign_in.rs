//! Signing in with e-mail and password, and signing out.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::USER_AGENT},
    response::{AppendHeaders, IntoResponse as _, Redirect, Response},
};
use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use crate::{
    domain::Problem,
    error::{AppError, Result},
    presentation::{
        AppState,
        http::{
            context::Ctx,
            cookies::{BROWSER_COOKIE, SESSION_COOKIE, cookie, set_cookie},
            errors::note_of,
            extract::{BodyFields, Format, Query, RequestLocale},
            peer::ClientAddress,
            routes,
        },
        ui::{assets::Assets, i18n::I18n, layout::page},
    },
    services::{BROWSER_LIFETIME, CodeAttempt, SESSION_LIFETIME, SignIn, SignInAttempt, Workspace},
};

#[derive(Template)]
#[template(path = "identity/sign_in.html")]
struct LoginPage {
    t: I18n,
    assets: &'static Assets,
    email: String,
    next: String,
    /// The reason why the sign-in was refused.
    refusal: Option<String>,
    workspaces: Vec<Workspace>,
    /// The challenge of a user who has to enter a code of the second factor; empty in the first step.
    challenge: String,
}

impl LoginPage {
    fn empty(locale: &RequestLocale, next: &str) -> Self {
        Self {
            t: I18n::new(locale.get(Format::Html)),
            assets: Assets::get(),
            email: String::new(),
            next: local_path(next).unwrap_or_default().to_owned(),
            refusal: None,
            workspaces: Vec::new(),
            challenge: String::new(),
        }
    }
}

/// Shows the form.
///
/// # Errors
/// [`AppError::Internal`] if the template can't be rendered.
pub async fn show(
    signed_in: Option<AlreadySignedIn>,
    locale: RequestLocale,
    Query(query): Query,
) -> Result<Response> {
    if signed_in.is_some() {
        return Ok(Redirect::to(&routes::Chats.to_string()).into_response());
    }
    page(StatusCode::OK, &LoginPage::empty(&locale, query.text_or_empty("next")))
}

/// Checks e-mail address and password, or in a second step the code of the second factor, and starts a session. The answer
/// to the first step has the challenge that the second one sends back.
///
/// # Errors
/// [`AppError::Unauthenticated`] for JSON requests; [`AppError::TooManyAttempts`] after too many
/// failures; [`AppError::Busy`] if too many others sign in.
pub async fn submit(
    State(state): State<AppState>,
    ClientAddress(peer): ClientAddress,
    locale: RequestLocale,
    format: Format,
    headers: HeaderMap,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let email = fields.text_or_empty("email");
    let mut form = LoginPage::empty(&locale, fields.text_or_empty("next"));
    email.clone_into(&mut form.email);
    let secure = state.is_secure();
    let [session, browser] = [SESSION_COOKIE, BROWSER_COOKIE].map(|name| cookie(&headers, name.of(secure)));
    let attempt = SignInAttempt {
        email,
        password: SecretString::from(fields.text_or_empty("password")),
        workspace: fields.text("tenant").filter(|slug| !slug.is_empty()),
        peer,
        browser: browser.as_deref(),
        session: session.as_deref(),
        user_agent: headers.get(USER_AGENT).and_then(|text| text.to_str().ok()),
    };
    let (challenge, code) = (fields.text_or_empty("challenge"), fields.text_or_empty("code"));
    let result = if challenge.is_empty() {
        state.services.identity.sign_in(attempt).await
    } else {
        let SignInAttempt { peer, session, user_agent, .. } = attempt;
        let attempt = CodeAttempt { challenge, code, peer, session, user_agent };
        state.services.identity.sign_in_with_code(attempt).await
    };
    match (result, format) {
        (Ok(SignIn::Session { token, browser }), format) => {
            let [session] = session_cookie(token.expose_secret(), &state)?;
            let [browser] = set_cookie(secure, BROWSER_COOKIE.of(secure), &browser, BROWSER_LIFETIME)?;
            let cookies = AppendHeaders([session, browser]);
            let next = local_path(&form.next).map_or_else(|| routes::Chats.to_string(), str::to_owned);
            Ok(match format {
                Format::Json => (StatusCode::NO_CONTENT, cookies).into_response(),
                Format::Html => (cookies, Redirect::to(&next)).into_response(),
            })
        }
        (Ok(SignIn::ChooseWorkspace(workspaces)), Format::Html) => {
            form.workspaces = workspaces;
            page(StatusCode::CONFLICT, &form)
        }
        (Ok(SignIn::ChooseWorkspace(workspaces)), Format::Json) => {
            let slugs: Vec<_> = workspaces.into_iter().map(|w| w.slug).collect();
            Ok((StatusCode::CONFLICT, axum::Json(json!({ "tenants": slugs }))).into_response())
        }
        (Ok(SignIn::CodeNeeded { challenge }), Format::Html) => {
            form.challenge = challenge;
            page(StatusCode::OK, &form)
        }
        (Ok(SignIn::CodeNeeded { challenge }), Format::Json) => {
            let view = json!({ "challenge": challenge });
            Ok((StatusCode::ACCEPTED, axum::Json(view)).into_response())
        }
        (Ok(SignIn::WrongCode), Format::Html) => {
            challenge.clone_into(&mut form.challenge);
            form.refusal = Some(form.t.get("problem-wrong-code").into_owned());
            page(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        (Ok(SignIn::WrongCode), Format::Json) => Err(AppError::invalid("code", Problem::WrongCode)),
        (Ok(SignIn::Denied), Format::Html) if !challenge.is_empty() => {
            form.refusal = Some(form.t.get("login-again").into_owned());
            page(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        (Ok(SignIn::Suspended), Format::Html) => {
            form.refusal = Some(form.t.get("error-suspended-detail").into_owned());
            page(StatusCode::FORBIDDEN, &form)
        }
        (Ok(SignIn::Suspended), Format::Json) => Err(AppError::Suspended),
        (Ok(SignIn::Denied), Format::Html) => {
            form.refusal = Some(form.t.get("login-denied").into_owned());
            page(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        (Ok(SignIn::Denied), Format::Json) => Err(AppError::Unauthenticated),
        // The form keeps the address, so that one can try again.
        (Err(error @ (AppError::TooManyAttempts { .. } | AppError::Busy)), Format::Html) => {
            let (status, wait, note) = note_of(&error, form.t);
            form.refusal = Some(note);
            challenge.clone_into(&mut form.challenge);
            Ok((AppendHeaders(wait), page(status, &form)?).into_response())
        }
        (Err(error), _) => Err(error),
    }
}

/// Returns the header that sets the session's cookie; an empty token removes it.
///
/// # Errors
/// See [`set_cookie`].
pub(in crate::presentation) fn session_cookie(
    token: &str,
    state: &AppState,
) -> Result<[(HeaderName, HeaderValue); 1]> {
    let lifetime = if token.is_empty() { TimeDelta::zero() } else { SESSION_LIFETIME };
    let secure = state.is_secure();
    set_cookie(secure, SESSION_COOKIE.of(secure), token, lifetime)
}

/// Returns `next` if it is a path of this site, so that a link can't redirect to another one.
/// Browsers ignore tabs and line breaks in addresses, so that `/\t/evil.example` names another
/// site.
pub(in crate::presentation) fn local_path(next: &str) -> Option<&str> {
    let odd = |c: char| c == '\\' || c.is_control();
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains(odd);
    ours.then_some(next)
}

/// The response to a user who is signed in already.
pub struct AlreadySignedIn;

impl axum::extract::OptionalFromRequestParts<AppState> for AlreadySignedIn {
    type Rejection = AppError;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        state: &AppState,
    ) -> Result<Option<Self>, Self::Rejection> {
        use axum::extract::FromRequestParts as _;
        match Ctx::from_request_parts(parts, state).await {
            Ok(_) => Ok(Some(Self)),
            Err(AppError::Unauthenticated) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Redirects to the first page. A user who is not signed in is redirected to the sign-in page.
pub async fn home(_: Ctx) -> Redirect {
    Redirect::to(&routes::Chats.to_string())
}

/// Makes the browser forget the files that it showed and what scripts stored, such as the recent items of the spotlight
/// (Clear Site Data, W3C).
const FORGET: [(HeaderName, &str); 1] =
    [(HeaderName::from_static("clear-site-data"), "\"cache\", \"storage\"")];

/// Ends the session.
///
/// # Errors
/// [`crate::error::AppError::Unavailable`] if the database does not answer.
pub async fn sign_out(ctx: Ctx) -> Result<Response> {
    if let Some(token) = ctx.session() {
        ctx.services().identity.sign_out(&ctx.actor, token).await?;
    }
    let cookie = session_cookie("", &ctx.state)?;
    Ok(match ctx.format {
        Format::Json => (StatusCode::NO_CONTENT, cookie, FORGET).into_response(),
        Format::Html => (cookie, FORGET, Redirect::to(&routes::Login.to_string())).into_response(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Locale;

    #[test]
    fn no_link_leads_to_another_site() {
        for other in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\u{1}",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(local_path(other), None, "{other}");
        }
        assert_eq!(local_path("/crm/chats/7?x=1"), Some("/crm/chats/7?x=1"));
    }

    #[test]
    fn the_page_renders_in_all_its_states() {
        for locale in Locale::ALL {
            let page = LoginPage {
                t: I18n::new(locale),
                assets: Assets::get(),
                email: "a\"><b@example.uz".into(),
                next: "/crm/clients".into(),
                refusal: Some("No & no".into()),
                workspaces: vec![Workspace { slug: "one".into(), name: "One & Co".into() }],
                challenge: String::new(),
            };
            let html = page.render().unwrap();
            assert!(html.contains("One &#38; Co") && !html.contains("\"><b@"), "{html}");
        }
    }
}
