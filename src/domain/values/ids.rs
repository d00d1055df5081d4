//! A separate type for each kind of id, so that the compiler rejects a chat's id where a client's
//! is expected.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! integer_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }
    )*};
}

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
    )*};
}

integer_ids! {
    /// A tenant; every other record belongs to exactly one.
    TenantId,
    /// A user of a tenant.
    UserId,
    /// An API token.
    TokenId,
    /// A session of a user, named by a part of the hash of its token.
    SessionId,
    /// A link by which a user sets a password.
    AccessLinkId,
    /// A role that a workspace has made itself; the numbers up to 100 are those of built-in roles.
    RoleId,
    /// A client of a tenant.
    ClientId,
    /// A contact of a client.
    ContactId,
    /// The chat with a client.
    ChatId,
    /// A message; ids increase within a chat.
    MessageId,
    /// A file of a message.
    AttachmentId,
    /// A message template.
    TemplateId,
    /// A WhatsApp template.
    WhatsappTemplateId,
    /// A merge of two clients.
    MergeId,
    /// An import of clients.
    ImportId,
    /// An event of a tenant, numbered without gaps in commit order (see
    /// `docs/adr/0003-event-sequence.md`).
    EventId,
}

uuid_ids! {
    /// A participant of a chat on one transport.
    MemberId,
    /// A tenant's connection to a provider.
    ChannelId,
}
