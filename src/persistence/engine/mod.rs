//! The database engine: connections, migrations, transactions, statements, pages and wake-ups.

#[macro_use]
pub(in crate::persistence) mod sql;

pub(in crate::persistence) mod cross_tenant;
pub(in crate::persistence) mod database;
pub(in crate::persistence) mod error;
pub(in crate::persistence) mod page;
pub(in crate::persistence) mod tx;
pub(in crate::persistence) mod wake_ups;

pub use crate::persistence::engine::cross_tenant::{CrossTenant, SessionRow};
pub use crate::persistence::engine::database::{Database, RowLevelSecurity};
pub use crate::persistence::engine::page::{Page, PageRequest};
pub use crate::persistence::engine::tx::{CrossTenantTx, Tx};
pub use crate::persistence::engine::wake_ups::WakeUps;
