//! The persistence layer, the only one with SQL: one text for both engines, and access to a
//! tenant's rows only with its id.

mod engine;

mod activity;
mod channels;
mod chats;
mod clients;
mod delivery;
mod identity;
mod search;

pub use activity::*;
pub use channels::*;
pub use chats::*;
pub use clients::*;
pub use delivery::*;
pub use engine::*;
pub use identity::*;
pub use search::*;
