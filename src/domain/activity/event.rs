//! What happened: recorded in the transaction that made it happen, then told to those who listen.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{ChannelId, ChatId, ClientId, EventId, MessageId, Permission, TemplateId, UserId};

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident { $($(#[$how:meta])* $field:ident: $type:ty),* } => $permission:expr;)*) => {
        /// An event; it holds ids and names of fields and no content, so that reading one tells nothing that its reader may not
        /// see. What was asked for in an export is for those who read the audit log.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        pub enum Event { $($(#[$doc])* $name { $(#[doc = "What it is about."] $(#[$how])* $field: $type),* }),* }

        /// The name of an event, as streams and the audit log show it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum EventKind { $($(#[$doc])* $name),* }

        impl EventKind {
            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }

            /// What a user must be allowed to, to be told.
            pub fn permission(self) -> Permission {
                match self { $(Self::$name => $permission),* }
            }
        }

        impl Event {
            /// The client that it is about, where it is about one.
            pub fn client(&self) -> Option<ClientId> {
                let fields = serde_json::to_value(self).ok()?;
                fields.get("client_id")?.as_i64().map(ClientId)
            }

            /// Its kind.
            pub fn kind(&self) -> EventKind {
                match self { $(Self::$name { .. } => EventKind::$name),* }
            }
        }
    };
}

events! {
    /// A client was made.
    ClientCreated { client_id: ClientId } => Permission::ClientRead;
    /// A client or its contacts were changed.
    ClientUpdated {
        client_id: ClientId,
        #[serde(default, skip_serializing_if = "crate::domain::ChangedFields::is_empty")] changes: crate::domain::ChangedFields
    } => Permission::ClientRead;
    /// Clients were taken out as a file: in which format, those that matched this query of the list, and how many.
    ClientsExported { format: crate::domain::ExportFormat, query: String, count: i64 } => Permission::AuditRead;
    /// A client was deleted with all that belonged to it.
    ClientDeleted { client_id: ClientId } => Permission::ClientRead;
    /// Two clients became one; the merged one is gone.
    ClientMerged { client_id: ClientId, merged_id: ClientId } => Permission::ClientRead;
    /// A merge was undone: the merged client is there again.
    ClientUnmerged { client_id: ClientId, merged_id: ClientId } => Permission::ClientRead;
    /// A chat was made.
    ChatCreated { chat_id: ChatId, client_id: ClientId } => Permission::ChatRead;
    /// A message came in.
    MessageReceived { chat_id: ChatId, message_id: MessageId, client_id: ClientId } => Permission::ChatRead;
    /// Staff sent a message: it is queued.
    MessageSent { chat_id: ChatId, message_id: MessageId, client_id: ClientId } => Permission::ChatRead;
    /// Staff wrote a message that is to go out later.
    MessageScheduled { chat_id: ChatId, message_id: MessageId, client_id: ClientId } => Permission::ChatRead;
    /// A message that was to go out later was given another time or text, or sent at once.
    ScheduleChanged { chat_id: ChatId, message_id: MessageId } => Permission::ChatRead;
    /// A message that was to go out later was cancelled: it is not there any more.
    ScheduleCancelled { chat_id: ChatId, message_id: MessageId, client_id: ClientId } => Permission::ChatRead;
    /// A message's delivery went on, or failed.
    MessageStatusChanged { chat_id: ChatId, message_id: MessageId } => Permission::ChatRead;
    /// A client changed what it had written.
    MessageEdited { chat_id: ChatId, message_id: MessageId } => Permission::ChatRead;
    /// A client can't be written to by a channel any more, or can again.
    ReachChanged { chat_id: ChatId, client_id: ClientId } => Permission::ChatRead;
    /// The files of a message came from the provider, or will not come.
    MessageFilesChanged { chat_id: ChatId, message_id: MessageId } => Permission::ChatRead;
    /// Staff read a message, and with it all before it.
    MessageRead { chat_id: ChatId, message_id: MessageId } => Permission::ChatRead;
    /// Staff put a chat back among the unread ones, from this message on.
    MessageUnread { chat_id: ChatId, message_id: MessageId } => Permission::ChatRead;
    /// A template was made.
    TemplateCreated { template_id: TemplateId } => Permission::MessageTemplateRead;
    /// A template was changed.
    TemplateUpdated { template_id: TemplateId } => Permission::MessageTemplateRead;
    /// A template was deleted.
    TemplateDeleted { template_id: TemplateId } => Permission::MessageTemplateRead;
    /// A channel was connected.
    ChannelAdded { channel_id: ChannelId } => Permission::AuditRead;
    /// A channel was given other numbers.
    ChannelChanged { channel_id: ChannelId } => Permission::AuditRead;
    /// A channel was given other credentials.
    ChannelCredentialsChanged { channel_id: ChannelId } => Permission::AuditRead;
    /// A channel was switched off.
    ChannelDisabled { channel_id: ChannelId } => Permission::AuditRead;
    /// A channel was switched on again.
    ChannelEnabled { channel_id: ChannelId } => Permission::AuditRead;
    /// A channel was removed.
    ChannelRemoved { channel_id: ChannelId } => Permission::AuditRead;
    /// A user signed in.
    SignedIn { user_id: UserId } => Permission::AuditRead;
    /// A user changed its password, which ended all its sessions.
    PasswordChanged { user_id: UserId } => Permission::AuditRead;
    /// Someone gave a wrong password for a user.
    SignInFailed { user_id: UserId } => Permission::AuditRead;
}

/// An event as it was stored.
#[derive(Debug, Clone)]
pub struct RecordedEvent {
    /// Its number in the tenant, which is also its id in the live stream.
    pub id: EventId,
    /// What happened.
    pub event: Event,
    /// Who did it; none for providers and the system.
    pub actor: Option<UserId>,
    /// When.
    pub at: DateTime<Utc>,
}
