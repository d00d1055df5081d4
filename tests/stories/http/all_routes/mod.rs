//! Tests of every route: tenant isolation, roles, templates, cross-site requests and random input.

pub mod cross_site_requests;
pub mod endless_bodies;
pub mod fuzz;
pub mod health;
pub mod roles;
pub mod route_table;
pub mod templates;
pub mod tenant_isolation;
pub mod text_hygiene;
