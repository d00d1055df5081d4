//! The database engine: connections, migrations, transactions, statements, pages and wake-ups.

#[macro_use]
pub(in crate::persistence) mod sql;

pub(in crate::persistence) mod cross_tenant;
pub(in crate::persistence) mod database;
pub(in crate::persistence) mod error;
pub(in crate::persistence) mod page;
pub(in crate::persistence) mod tx;
pub(in crate::persistence) mod wake_ups;

pub use cross_tenant::{Directory, SessionRow};
pub use database::{Database, Wall};
pub use page::{Page, PageRequest};
pub use tx::{OperatorTx, Tx};
pub use wake_ups::Bell;
