//! The only place that knows SQL: one text for both engines, and no way to a tenant's rows without its id.

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
