//! The context of a request: its user, language and format, and the services. A handler of
//! signed-in users takes it besides ids and fields.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{Extensions, HeaderMap, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Redirect, Response},
};
use axum_extra::headers::{Authorization, HeaderMapExt as _, authorization::Bearer};
use serde::Serialize;
use subtle::ConstantTimeEq as _;

use crate::{
    domain::DeliveryPriority,
    error::{AppError, Result},
    presentation::{
        http::{
            body_meter::IsAuthenticated,
            cookies::{SESSION_COOKIE, cookie},
            extract::{Format, Query, RequestLocale},
            fields::{CSRF_FIELD, Fields},
            form::Form,
            middleware::{ActorReport, QuotaReport},
            peer::ClientAddress,
            routes,
            state::AppState,
        },
        ui::{i18n::I18n, layout_preferences::LayoutPreferences},
    },
    services::{Actor, IdentityService, Services, stored_user_agent},
};

/// The header by which a script sends the CSRF token.
const CSRF_HEADER: &str = "x-csrf-token";

/// The context of a request by a signed-in user, or by a program with a user's token.
#[derive(Clone)]
pub struct Ctx {
    /// The application's state.
    pub state: AppState,
    /// The user, with tenant and permissions.
    pub actor: Actor,
    /// The format of the response.
    pub format: Format,
    /// The page texts in the user's language.
    pub i18n: I18n,
    /// The fields of the query string.
    pub query: Fields,
    /// The layout preferences of the browser.
    pub layout_preferences: LayoutPreferences,
    credential: Credential,
}

#[derive(Debug, Clone)]
enum Credential {
    Session(String),
    Bearer(String),
}

/// The user of a request, in its extensions once the request is authenticated.
#[derive(Clone)]
pub(in crate::presentation::http) struct Authenticated {
    actor: Actor,
    credential: Credential,
}

impl Authenticated {
    /// Authenticates a request by its API token or its session.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] without a valid one; [`AppError::TooManyAttempts`] if the token has no requests left.
    pub(in crate::presentation::http) async fn of(
        headers: &HeaderMap,
        extensions: &Extensions,
        state: &AppState,
    ) -> Result<Self> {
        let identity = &state.services.identity;
        let (actor, credential) = if let Some(token) = bearer(headers) {
            let actor = identity.authenticate_bearer(&token).await?;
            if actor.is_some() {
                let quota = identity.count_request(&token);
                if let Some(report) = extensions.get::<QuotaReport>() {
                    report.set(quota);
                }
                if quota.is_exceeded {
                    return Err(AppError::TooManyAttempts { retry_after: quota.resets_in });
                }
            }
            (actor, Credential::Bearer(token))
        } else {
            let token =
                cookie(headers, SESSION_COOKIE.of(state.is_secure())).ok_or(AppError::Unauthenticated)?;
            (identity.authenticate_session(&token).await?, Credential::Session(token))
        };
        let mut actor = actor.ok_or(AppError::Unauthenticated)?;
        let address = extensions.get::<ClientAddress>().map(|client| client.0);
        let user_agent = headers.get(header::USER_AGENT).and_then(|text| text.to_str().ok());
        actor.origin.address = address.map(|address| address.to_string());
        actor.origin.device = user_agent.map(stored_user_agent);
        if let Some(report) = extensions.get::<ActorReport>() {
            report.set(&actor);
        }
        Ok(Self { actor, credential })
    }
}

/// The paths that a user reaches who still has to set up a second factor.
const WITHOUT_SECOND_FACTOR: [&str; 2] = [routes::TwoFactor::PATTERN, routes::Logout::PATTERN];

impl FromRequestParts<AppState> for Ctx {
    type Rejection = AppError;

    /// Authenticates the request. A request with a session that changes something needs the
    /// session's CSRF token. This is checked here, because every handler that needs a user takes
    /// this context.
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let known = parts.extensions.get::<Authenticated>().cloned();
        let Authenticated { actor, credential } = match known {
            Some(known) => known,
            None => Authenticated::of(&parts.headers, &parts.extensions, state).await?,
        };
        parts.extensions.insert(IsAuthenticated);
        if let Some(locale) = parts.extensions.get::<RequestLocale>() {
            locale.set_user(actor.locale());
        }
        let is_session = matches!(credential, Credential::Session(_));
        if actor.needs_second_factor && is_session && !WITHOUT_SECOND_FACTOR.contains(&parts.uri.path()) {
            return Err(AppError::SecondFactorRequired);
        }
        let Ok(Query(query)) = Query::from_request_parts(parts, state).await;
        let ctx = Self {
            i18n: I18n::new(actor.locale()),
            format: Format::of(&parts.headers),
            layout_preferences: LayoutPreferences::of(&parts.headers),
            state: state.clone(),
            actor,
            query,
            credential,
        };
        ctx.verify_form_token(parts)?;
        Ok(ctx)
    }
}

impl Ctx {
    /// The services.
    pub fn services(&self) -> &Services {
        &self.state.services
    }

    /// The CSRF token of the session; empty for a request with an API token, which needs none.
    pub fn csrf_token(&self) -> String {
        match &self.credential {
            Credential::Session(token) => IdentityService::form_token(token),
            Credential::Bearer(_) => String::new(),
        }
    }

    fn verify_form_token(&self, parts: &Parts) -> Result<()> {
        let changes = !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        if !changes || self.session().is_none() {
            return Ok(());
        }
        let header = parts.headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
        let field = parts.extensions.get::<Arc<Fields>>().and_then(|fields| fields.text(CSRF_FIELD));
        let given = header.or(field).unwrap_or_default();
        let is_ours = bool::from(given.as_bytes().ct_eq(self.csrf_token().as_bytes()));
        if is_ours { Ok(()) } else { Err(AppError::ForgedForm) }
    }

    /// The session's token, if the request has a session.
    pub fn session(&self) -> Option<&str> {
        match &self.credential {
            Credential::Session(token) => Some(token),
            Credential::Bearer(_) => None,
        }
    }

    /// The priority of messages of this request: those of a signed-in user are what a person wrote and waits for.
    pub fn delivery_priority(&self) -> DeliveryPriority {
        if self.session().is_some() { DeliveryPriority::Interactive } else { DeliveryPriority::Bulk }
    }

    /// The token of the session, or the API token.
    pub fn token(&self) -> &str {
        match &self.credential {
            Credential::Session(token) | Credential::Bearer(token) => token,
        }
    }

    /// The response after something was created: 201 with its address as JSON, or a redirect.
    pub fn created(&self, location: &str, redirect_to: &str, view: &impl Serialize) -> Response {
        match self.format {
            Format::Json => {
                (StatusCode::CREATED, [(header::LOCATION, location)], axum::Json(view)).into_response()
            }
            Format::Html => Redirect::to(redirect_to).into_response(),
        }
    }

    /// The response after something was changed: 200 as JSON, or a redirect.
    pub fn changed(&self, redirect_to: &str, view: &impl Serialize) -> Response {
        match self.format {
            Format::Json => axum::Json(view).into_response(),
            Format::Html => Redirect::to(redirect_to).into_response(),
        }
    }

    /// The response after something was deleted: 204 for JSON requests, or a redirect.
    pub fn deleted(&self, redirect_to: &str) -> Response {
        match self.format {
            Format::Json => StatusCode::NO_CONTENT.into_response(),
            Format::Html => Redirect::to(redirect_to).into_response(),
        }
    }

    /// The response to an invalid form. A page shows the form again with the submitted values, by
    /// `render`; a JSON request, and an error that is not about fields, gets the error.
    ///
    /// # Errors
    /// The error that is not shown in the form.
    pub async fn form_or_error<F: Future<Output = Result<Response>>>(
        &self,
        error: AppError,
        fields: &Fields,
        render: impl FnOnce(StatusCode, Form) -> F,
    ) -> Result<Response> {
        match (Form::error_status(&error), self.format) {
            (Some(status), Format::Html) => {
                render(status, Form::with_errors(fields, &error, self.i18n)).await
            }
            _ => Err(error),
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    Some(headers.typed_get::<Authorization<Bearer>>()?.token().trim().to_owned())
}
