//! The only place that knows SQL: one text for both engines, and no way to a tenant's rows without its id.

#[macro_use]
mod sql;

mod bell;
mod carrying;
mod channels;
mod chat_briefs;
mod chat_list;
mod chat_search;
mod chats;
mod client_briefs;
mod client_bulk;
mod client_list;
mod clients;
mod database;
mod deliveries;
mod error;
mod events;
mod found;
mod imports;
mod matches;
mod merges;
mod message_windows;
mod messages;
mod operator;
mod page;
mod search;
mod templates;
mod tx;
mod users;

pub use bell::Bell;
pub use carrying::{Carrying, MovedChat};
pub use channels::{Channels, NewChannel, SealedChannel};
pub use chat_list::{ListPlace, ListStart};
pub use chats::{ChatFilter, Chats};
pub use client_briefs::ClientBrief;
pub use client_bulk::Belongings;
pub use client_list::{ClientCursor, ClientFilter, ClientPage, ClientPlace, ClientSort, ClientWalk};
pub use clients::Clients;
pub use database::{Database, Wall};
pub use deliveries::{ClaimedDelivery, Deliveries};
pub use events::Events;
pub use found::FoundMessage;
pub use imports::{ClaimedImport, ImportStep, Imports, NewImport};
pub use matches::{Match, Matches};
pub use merges::{MergeRecord, Merges};
pub use messages::{InboundMedia, Messages, StatusReport};
pub use operator::{Directory, SessionRow};
pub use page::{Page, PageRequest};
pub use search::{Backlog, SearchIndex};
pub use templates::Templates;
pub use tx::{OperatorTx, Tx};
pub use users::{Credentials, Users};
