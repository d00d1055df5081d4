//! The database engine: connections, transactions, statements with their arguments and rows, lists, and wake-ups.

mod copy;
mod cross_tenant;
mod database;
mod due_work;
mod error;
mod migrations;
mod snapshot;
mod statement;
mod tenant_data;
mod transaction;
mod transfer;
mod unit_of_work;
mod waiting_work;
mod wake_ups;

pub use copy::DatabaseCopy;
pub use cross_tenant::CrossTenant;
pub use database::{Database, RowLevelSecurity};
pub use migrations::SchemaState;
pub use snapshot::Snapshot;
pub use statement::list::{Cursor, ListPage, Position, Start};
pub use statement::page::{Page, PageRequest};
pub use tenant_data::{TenantRows, TenantTable};
pub use transfer::TransferredTable;
pub use unit_of_work::UnitOfWork;
pub use wake_ups::{TenantWakeUps, WakeUp, WakeUps, WorkKind};

pub(in crate::persistence) use statement::list::{FIRST, Key, LAST, List};
pub(in crate::persistence) use statement::query::Query;
pub(in crate::persistence) use statement::row::{FromRow, Row};
pub(in crate::persistence) use statement::sql::Sql;
pub(in crate::persistence) use statement::value::{ToValue, Value};
pub(in crate::persistence) use transaction::Engine;
