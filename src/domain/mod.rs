//! The business rules without any I/O: value types that parse their input, aggregates that decide,
//! and domain events.
//!
//! The module has no access to the database, HTTP or the clock; times and random values are
//! arguments.

mod activity;
mod channels;
mod chats;
mod clients;
mod delivery;
mod identity;
mod search;
mod values;

pub use crate::domain::activity::*;
pub use crate::domain::channels::*;
pub use crate::domain::chats::*;
pub use crate::domain::clients::*;
pub use crate::domain::delivery::*;
pub use crate::domain::identity::*;
pub use crate::domain::search::*;
pub use crate::domain::values::*;
