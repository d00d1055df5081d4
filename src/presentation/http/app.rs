//! The application: the routes of all features, with the middleware of every request around them.

use std::sync::Arc;

use axum::{
    Router,
    http::{Extensions, HeaderMap, StatusCode, Version, header},
    middleware as layers,
    response::Response,
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate as _},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
};

use crate::{
    error::AppError,
    presentation::http::{error_page, middleware, peer, state::AppState},
};

/// Builds the application: the routes of all features, with the middleware of every request around
/// them.
pub fn app(state: AppState) -> Router {
    let secure = state.is_secure();
    let public_url = Arc::new(state.services.dependencies().public_url.clone());
    let limited = state.clone();
    let metrics = state.services.dependencies().metrics.clone();
    let proxies = state.services.dependencies().trusted_proxies.clone();
    let routes = state
        .features
        .routes()
        .router
        .fallback(|| async { AppError::NotFound })
        .method_not_allowed_fallback(|| async { AppError::MethodNotAllowed })
        .layer(layers::from_fn(middleware::record_route))
        .with_state(state);
    // A form may name its method, which decides the route. Therefore the middleware is around the
    // router rather than on each route.
    let middleware_stack = ServiceBuilder::new()
        .map_request(middleware::without_request_id)
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(layers::from_fn_with_state(proxies, peer::identify_client))
        .layer(layers::from_fn_with_state(metrics, middleware::trace))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(layers::from_fn_with_state(
            Arc::new(middleware::security_headers(secure)),
            middleware::add_security_headers,
        ))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_compressible)))
        .layer(layers::from_fn(middleware::report_quota))
        .layer(layers::from_fn_with_state(limited.clone(), error_page::render))
        .layer(CatchPanicLayer::custom(panic_response))
        .layer(layers::from_fn_with_state(limited.clone(), middleware::limit_address))
        .layer(layers::from_fn_with_state(public_url, middleware::check_host))
        .layer(middleware::same_origin())
        .layer(layers::from_fn_with_state(limited, middleware::read_form));
    Router::new().fallback_service(routes).layer(middleware_stack)
}

/// Files are not compressed, so that ranges and their length remain valid.
fn is_compressible(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ACCEPT_RANGES)
}

/// Answers a panic as an internal error, so that the process continues.
#[expect(clippy::needless_pass_by_value, reason = "the layer's signature")]
fn panic_response(cause: Box<dyn std::any::Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().cloned();
    let text = text.or_else(|| cause.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default();
    axum::response::IntoResponse::into_response(AppError::internal(format!("panic: {text}")))
}
