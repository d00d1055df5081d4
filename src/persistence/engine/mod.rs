//! The database engine: connections, transactions, statements with their arguments and rows, lists, and wake-ups.

mod columns;
mod cross_tenant;
mod database;
mod due_work;
mod error;
mod list;
mod migrations;
mod page;
mod query;
mod row;
mod snapshot;
mod sql;
mod tenancy;
mod transaction;
mod unit_of_work;
mod value;
mod wake_ups;

pub use cross_tenant::CrossTenant;
pub use database::{Database, RowLevelSecurity};
pub use list::{Cursor, ListPage, Position, Start};
pub use page::{Page, PageRequest};
pub use snapshot::Snapshot;
pub use unit_of_work::UnitOfWork;
pub use wake_ups::{TenantWakeUps, WakeUp, WakeUps, WorkKind};

pub(in crate::persistence) use list::{FIRST, Key, LAST, List};
pub(in crate::persistence) use query::Query;
pub(in crate::persistence) use row::{FromRow, Row};
pub(in crate::persistence) use sql::Sql;
pub(in crate::persistence) use transaction::Engine;
pub(in crate::persistence) use value::{ToValue, Value};
