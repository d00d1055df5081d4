//! The only place that knows SQL: one text for both engines, and no way to a tenant's rows without its id.

#[macro_use]
mod engine;

mod activity;
mod channels;
mod chats;
mod clients;
mod delivery;
mod identity;
mod search;

pub use crate::persistence::activity::*;
pub use crate::persistence::channels::*;
pub use crate::persistence::chats::*;
pub use crate::persistence::clients::*;
pub use crate::persistence::delivery::*;
pub use crate::persistence::engine::*;
pub use crate::persistence::identity::*;
pub use crate::persistence::search::*;
