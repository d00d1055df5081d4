//! HTTP and HTML: the router, what handlers take and give, one file per action, webhooks and the live stream.

pub(crate) mod activity;
pub(crate) mod channels;
pub(crate) mod chats;
pub(crate) mod clients;
pub(crate) mod delivery;
pub(crate) mod http;
pub(crate) mod identity;
pub(crate) mod search;
pub(crate) mod ui;

use std::sync::Arc;

use axum::{
    Router,
    http::{Extensions, HeaderMap, StatusCode, Version, header},
    middleware as layers,
    response::Response,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate as _},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
};

pub use self::{
    activity::notification_texts::notification_text,
    channels::health::FindingView,
    http::{
        feature::{FEATURES, Feature, RouteTable, route_table},
        routes,
    },
    ui::i18n::I18n,
};

use crate::{domain::Locale, error::AppError, services::Services};

/// What every handler can take a part of.
#[derive(Clone)]
pub struct AppState {
    /// The use cases.
    pub services: Services,
    /// Cancelled when the server goes down, so that live streams end.
    pub stop: CancellationToken,
}

/// The words of a language, for what is not a page.
pub fn i18n(locale: Locale) -> I18n {
    I18n::new(locale)
}

/// The whole application: everything that is done to any request, around the routes of all features.
pub fn app(state: AppState) -> Router {
    let secure = state.services.dependencies().public_url.scheme() == "https";
    let is_simulated = state.services.simulator.is_available();
    let table = if is_simulated {
        crate::presentation::http::feature::simulated_table()
    } else {
        crate::presentation::http::feature::table()
    };
    let routes = table
        .router
        .fallback(|| async { AppError::NotFound })
        .method_not_allowed_fallback(|| async { AppError::MethodNotAllowed })
        .layer(layers::from_fn(crate::presentation::http::middleware::trace))
        .with_state(state);
    // A form may name the method that it means, which decides the route; so all of this is around the routes rather
    // than on each.
    let middleware_stack = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(layers::from_fn_with_state(
            Arc::new(crate::presentation::http::middleware::security_headers(secure)),
            crate::presentation::http::middleware::add_security_headers,
        ))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_compressible)))
        .layer(layers::from_fn(crate::presentation::http::errors::render))
        .layer(CatchPanicLayer::custom(panic_response))
        .layer(layers::from_fn(crate::presentation::http::middleware::same_origin))
        .layer(layers::from_fn(crate::presentation::http::middleware::read_form));
    Router::new().fallback_service(routes).layer(middleware_stack)
}

/// Files are given out as they are: in parts, and with their length.
fn is_compressible(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ACCEPT_RANGES)
}

/// A mistake of ours that unwound: it is answered as any other, and the process goes on.
#[expect(clippy::needless_pass_by_value, reason = "the layer's signature")]
fn panic_response(cause: Box<dyn std::any::Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().cloned();
    let text = text.or_else(|| cause.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default();
    axum::response::IntoResponse::into_response(AppError::internal(format!("panic: {text}")))
}
