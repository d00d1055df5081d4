//! Stories of every route: isolation, roles, cross-site requests, fuzzing.

pub mod cross_site_requests;
pub mod fuzz;
pub mod health;
pub mod roles;
pub mod route_table;
pub mod tenant_isolation;
