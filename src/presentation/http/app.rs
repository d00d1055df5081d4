//! The application: the routes of all features, and around them everything that is done to any request.

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
    presentation::http::{errors, middleware, state::AppState},
};

/// The whole application: everything that is done to any request, around the routes of all features.
pub fn app(state: AppState) -> Router {
    let secure = state.services.dependencies().public_url.scheme() == "https";
    let routes = state
        .features
        .routes()
        .router
        .fallback(|| async { AppError::NotFound })
        .method_not_allowed_fallback(|| async { AppError::MethodNotAllowed })
        .layer(layers::from_fn(middleware::trace))
        .with_state(state);
    // A form may name the method that it means, which decides the route; so all of this is around the routes rather
    // than on each.
    let middleware_stack = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(layers::from_fn_with_state(
            Arc::new(middleware::security_headers(secure)),
            middleware::add_security_headers,
        ))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_compressible)))
        .layer(layers::from_fn(errors::render))
        .layer(CatchPanicLayer::custom(panic_response))
        .layer(middleware::same_origin())
        .layer(layers::from_fn(middleware::read_form));
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
