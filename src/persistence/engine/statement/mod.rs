//! Statements: their text with arguments, the rows that they return, the types of columns, lists with their pages, and the
//! check that they filter by tenant.

mod columns;
pub(in crate::persistence::engine) mod list;
pub(in crate::persistence::engine) mod page;
pub(in crate::persistence::engine) mod query;
pub(in crate::persistence::engine) mod row;
pub(in crate::persistence::engine) mod sql;
#[cfg(any(test, debug_assertions))]
mod tenancy;
pub(in crate::persistence::engine) mod value;
