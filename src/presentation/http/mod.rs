//! HTTP: the application, routes, request context, forms, negotiation, middleware and errors.

pub(crate) mod app;
pub(crate) mod body_meter;
pub(crate) mod context;
pub(crate) mod cookies;
pub(crate) mod edit_conflict;
pub(crate) mod error_page;
pub(crate) mod errors;
pub(crate) mod extract;
pub(crate) mod feature;
pub(crate) mod fields;
pub(crate) mod form;
pub(crate) mod middleware;
pub(crate) mod monitoring;
pub(crate) mod multipart;
pub(crate) mod page;
pub(crate) mod peer;
pub(crate) mod refusal_log;
pub mod routes;
pub(crate) mod state;
