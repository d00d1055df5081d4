//! Tests of the database engine: migrations, schema, tenant isolation and row-level security.

pub mod database;
pub mod row_level_security;
pub mod schema;
pub mod snapshot;
pub mod tenant_isolation;
