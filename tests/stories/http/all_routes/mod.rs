//! Tests of every route: tenant isolation, roles, cross-site requests and random input.

pub mod cross_site_requests;
pub mod fuzz;
pub mod health;
pub mod roles;
pub mod route_table;
pub mod tenant_isolation;
