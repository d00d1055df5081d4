//! What Aloqa is about, without any I/O: values that parse, aggregates that decide, events that tell.
//!
//! Nothing here knows the database, HTTP or the clock; time and randomness come in as arguments.

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
