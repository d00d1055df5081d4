//! The only place that knows SQL: one text for both engines, and no way to a tenant's rows without its id.

#[macro_use]
mod sql;

mod bell;
mod channels;
mod chats;
mod client_list;
mod clients;
mod database;
mod deliveries;
mod error;
mod events;
mod imports;
mod messages;
mod operator;
mod page;
mod search;
mod templates;
mod tx;
mod users;

pub use bell::Bell;
pub use channels::{Channels, NewChannel, SealedChannel};
pub use chats::{ChatFilter, Chats};
pub use client_list::{ClientCursor, ClientFilter, ClientPage, ClientPlace, ClientSort, ClientWalk};
pub use clients::{Belongings, Clients};
pub use database::{Database, Wall};
pub use deliveries::{ClaimedDelivery, Deliveries};
pub use events::{Deed, Events};
pub use imports::{ClaimedImport, ImportStep, Imports, NewImport};
pub use messages::{InboundMedia, Messages, StatusReport};
pub use operator::{Directory, SessionRow};
pub use page::{Page, PageRequest};
pub use search::{Backlog, SearchIndex};
pub use templates::Templates;
pub use tx::{OperatorTx, Tx};
pub use users::{Credentials, Users};
