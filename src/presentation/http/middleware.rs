//! The middleware of every request.

use std::sync::{Arc, OnceLock};

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tower_http::{
    csrf::{CsrfLayer, ProtectionError},
    request_id::RequestId,
};
use tracing::{Instrument as _, field::Empty};
use url::{Host, Url};

use crate::{
    error::{AppError, Result},
    metrics::Metrics,
    presentation::{
        http::{
            body_meter::{BodyLimits, IsAuthenticated},
            context::Authenticated,
            extract::{content_type, read_body},
            fields::{Fields, METHOD_FIELD},
            multipart::{Multipart, PendingFiles, SharedBody},
            peer::ClientAddress,
            routes,
            state::AppState,
        },
        is_essential,
    },
    services::{Actor, RequestQuota},
};

const REQUEST_ID_HEADER: &str = "x-request-id";

/// Removes the id that a request has already. A stranger could send a long one, or that of another request, and it
/// would be logged.
pub fn without_request_id(mut request: Request) -> Request {
    request.headers_mut().remove(REQUEST_ID_HEADER);
    request
}

/// Opens a span for each request and logs and counts it when it is answered, also if it never reached a route. Bodies and
/// query values are never logged.
pub async fn trace(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    let client = request.extensions().get::<ClientAddress>().map(|client| tracing::field::display(client.0));
    let span = tracing::info_span!("request", method = %request.method(), route = Empty, id, client);
    let method = request.method().clone();
    async move {
        let started = std::time::Instant::now();
        let response = next.run(request).await;
        let (status, took) = (response.status().as_u16(), started.elapsed());
        let route = response.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        metrics.request(method.as_str(), route, status, took);
        tracing::info!(status, took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX), "answered");
        response
    }
    .instrument(span)
    .await
}

/// The quota of the token of a request, which is known once the request is authenticated.
#[derive(Clone, Default)]
pub struct QuotaReport(Arc<OnceLock<RequestQuota>>);

impl QuotaReport {
    /// Records the quota.
    pub fn set(&self, quota: RequestQuota) {
        // A request has one token, so that a second call never sets another quota.
        let _ = self.0.set(quota);
    }
}

/// The user of a request, which is known once the request is authenticated.
#[derive(Clone, Default)]
pub struct ActorReport(Arc<OnceLock<Actor>>);

impl ActorReport {
    /// Records the user.
    pub fn set(&self, actor: &Actor) {
        // A request has one user, so that a second call never sets another one.
        let _ = self.0.set(actor.clone());
    }

    /// The user; `None` for a request that is not authenticated.
    pub fn actor(&self) -> Option<&Actor> {
        self.0.get()
    }
}

/// Adds the quota of the token to each response, errors included (draft-ietf-httpapi-ratelimit-headers).
pub async fn report_quota(mut request: Request, next: Next) -> Response {
    let report = QuotaReport::default();
    request.extensions_mut().insert(report.clone());
    let mut response = next.run(request).await;
    if let Some(quota) = report.0.get() {
        let policy = format!("\"{}\";q={};w={}", quota.policy, quota.limit, quota.window.as_secs());
        let rest = format!("\"{}\";r={};t={}", quota.policy, quota.remaining, quota.resets_in.as_secs());
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", rest)] {
            if let Ok(value) = value.parse() {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
    }
    response
}

/// Refuses requests of an address that sends too many. Health checks and webhooks are not counted, nor what comes from this
/// machine: that is a program of the operator, or a proxy that does not name its clients.
pub async fn limit_address(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let address = request.extensions().get::<ClientAddress>().copied();
    if let Some(ClientAddress(address)) =
        address.filter(|of| !of.0.is_loopback() && !is_essential(request.uri().path()))
    {
        let quota = state.services.identity.count_request_of_address(address);
        if quota.is_exceeded {
            if let Some(report) = request.extensions().get::<QuotaReport>() {
                report.set(quota);
            }
            return AppError::TooManyAttempts { retry_after: quota.resets_in }.into_response();
        }
    }
    next.run(request).await
}

/// Adds the pattern of the route to the span of the request, and to the response for [`trace`].
pub async fn record_route(request: Request, next: Next) -> Response {
    let Some(route) = request.extensions().get::<MatchedPath>().cloned() else {
        return next.run(request).await;
    };
    tracing::Span::current().record("route", route.as_str());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(route);
    response
}

/// The headers of every response, unless the handler has set them.
pub fn security_headers(secure: bool) -> Vec<(HeaderName, HeaderValue)> {
    let fixed = |name: &'static str, value: &'static str| {
        (HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    let mut headers = vec![
        fixed(
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; manifest-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        fixed("x-content-type-options", "nosniff"),
        fixed("x-frame-options", "DENY"),
        fixed("referrer-policy", "same-origin"),
        fixed("cross-origin-opener-policy", "same-origin"),
        // Pages contain personal data, so that no cache may keep them.
        fixed("cache-control", "private, no-store"),
    ];
    if secure {
        headers.push(fixed("strict-transport-security", "max-age=31536000"));
    }
    headers
}

/// Adds the security headers.
pub async fn add_security_headers(
    State(headers): State<Arc<Vec<(HeaderName, HeaderValue)>>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in headers.iter() {
        response.headers_mut().entry(name).or_insert_with(|| value.clone());
    }
    response
}

/// Refuses requests for another host than that of the public URL. Otherwise another site could point its own name to this
/// server, and a browser would take its pages for those of this one (DNS rebinding). An address is no name, and health
/// checks and webhooks are not requested by browsers.
pub async fn check_host(State(public_url): State<Arc<Url>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).map(|host| host.to_str().unwrap_or_default());
    let host = request.uri().host().or(host);
    if host.is_none_or(|host| is_own_host(host, &public_url)) || is_essential(request.uri().path()) {
        return next.run(request).await;
    }
    AppError::Misdirected.into_response()
}

fn is_own_host(host: &str, public_url: &Url) -> bool {
    // Other parts of a URL than the host and the port.
    if host.contains(['@', '/', '\\', '?', '#']) {
        return false;
    }
    let Ok(named) = Url::parse(&format!("http://{host}")) else { return false };
    match named.host() {
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        Some(Host::Domain(name)) => {
            name == "localhost" || name.ends_with(".localhost") || public_url.host_str() == Some(name)
        }
        None => false,
    }
}

/// Refuses requests that another site makes a browser send, by `Sec-Fetch-Site` and `Origin`. This
/// also protects signing in, where there is no session; requests with a session need the CSRF token
/// as well.
pub fn same_origin() -> CsrfLayer<fn(ProtectionError) -> Response> {
    let forged: fn(ProtectionError) -> Response = |_| AppError::ForgedForm.into_response();
    CsrfLayer::new().with_rejection_response(forged)
}

/// Reads forms before routing, because HTML forms can only POST and name their method in a field.
/// Files may be larger than memory: of a form with files, only the fields before the first file are
/// read here, and the handler reads the rest. Nothing is read of a request that is not authenticated,
/// unless the page of sign-in or a webhook is its target.
pub async fn read_form(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let kind = content_type(request.headers());
    let urlencoded = kind.starts_with("application/x-www-form-urlencoded");
    let multipart = kind.starts_with("multipart/form-data");
    if matches!(*request.method(), Method::GET | Method::HEAD) || !(urlencoded || multipart) {
        return next.run(request).await;
    }
    if !is_public(request.uri().path()) {
        match Authenticated::of(request.headers(), request.extensions(), &state).await {
            Ok(known) => {
                request.extensions_mut().insert(known);
                request.extensions_mut().insert(IsAuthenticated);
            }
            Err(error) => return error.into_response(),
        }
    }
    let (mut parts, body) = request.into_parts();
    let limits = BodyLimits::of(&parts.extensions);
    if urlencoded {
        return match read_urlencoded(&parts.headers, body, limits.fields).await {
            Ok(fields) => run_with_fields(parts, fields, next).await,
            Err(error) => error.into_response(),
        };
    }
    let body = SharedBody::new(body);
    let read_text_fields = async {
        let mut form = Multipart::new(&parts.headers, &body, limits.fields)?;
        let mut fields = Fields::default();
        let has_files = form.read_to_file(&mut fields).await?;
        Ok::<_, AppError>((fields, has_files.then_some(form)))
    };
    let response = match read_text_fields.await {
        Ok((fields, form)) => {
            if let Some(form) = form {
                parts.extensions.insert(PendingFiles::new(form));
            }
            run_with_fields(parts, fields, next).await
        }
        Err(error) => error.into_response(),
    };
    body.drain(limits.drained).await;
    response
}

/// True for the paths that take forms without a session.
fn is_public(path: &str) -> bool {
    [routes::Login::PATTERN, routes::AccessLink::PATTERN].contains(&path) || is_essential(path)
}

async fn read_urlencoded(headers: &HeaderMap, body: Body, limit: usize) -> Result<Fields> {
    let declared =
        headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    if declared.is_some_and(|length: usize| length > limit) {
        return Err(AppError::TooLarge);
    }
    Fields::from_urlencoded(&read_body(body, limit).await?)
}

/// Runs the handler with the fields and with the method that they name.
async fn run_with_fields(mut parts: Parts, fields: Fields, next: Next) -> Response {
    if parts.method == Method::POST {
        match fields.text(METHOD_FIELD).map(str::to_ascii_uppercase).as_deref() {
            Some("PUT") => parts.method = Method::PUT,
            Some("DELETE") => parts.method = Method::DELETE,
            _ => {}
        }
    }
    parts.extensions.insert(Arc::new(fields));
    next.run(Request::from_parts(parts, Body::empty())).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_compared_with_the_public_url() {
        let public = Url::parse("https://crm.example.uz/").unwrap();
        for own in [
            "crm.example.uz",
            "CRM.example.uz:443",
            "localhost:8080",
            "127.0.0.1",
            "[::1]:8080",
            "10.0.0.7:80",
        ] {
            assert!(is_own_host(own, &public), "{own}");
        }
        for other in
            ["evil.example", "crm.example.uz.evil.example", "example.uz", "a.crm.example.uz", "", "a b"]
        {
            assert!(!is_own_host(other, &public), "{other}");
        }
        let russian = Url::parse("https://пример.рф").unwrap();
        assert!(is_own_host("xn--e1afmkfd.xn--p1ai", &russian));
    }
}
