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

pub use activity::*;
pub use channels::*;
pub use chats::*;
pub use clients::*;
pub use delivery::*;
pub use identity::*;
pub use search::*;
pub use values::*;
