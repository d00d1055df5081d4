//! Domain events. An event is recorded in the transaction that causes it and published to
//! subscribers afterwards.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{
    AccessLinkId, ChannelId, ChatId, ClientId, EventId, MessageId, Permission, RoleId, TemplateId, TokenId,
    UserId,
};

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident { $($(#[$how:meta])* $field:ident: $type:ty),* } => $permission:expr;)*) => {
        /// A domain event. It holds ids and field names but no content, so that the event stream
        /// reveals nothing that its reader may not see. The query of an export is the exception:
        /// only readers of the audit log receive it.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        pub enum Event { $($(#[$doc])* $name { $(#[doc = "The id or value that the event concerns."] $(#[$how])* $field: $type),* }),* }

        /// The name of an event in streams and in the audit log.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum EventKind { $($(#[$doc])* $name),* }

        impl EventKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in JSON and in the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }

            /// The permission that a user needs to receive the event.
            pub fn permission(self) -> Permission {
                match self { $(Self::$name => $permission),* }
            }
        }

        impl Event {
            /// The client that the event concerns; `None` for events without a client.
            pub fn client(&self) -> Option<ClientId> {
                let fields = serde_json::to_value(self).ok()?;
                fields.get("client_id")?.as_i64().map(ClientId)
            }

            /// The event's name without its data.
            pub fn kind(&self) -> EventKind {
                match self { $(Self::$name { .. } => EventKind::$name),* }
            }
        }
    };
}

events! {
    /// A client was created.
    ClientCreated { client_id: ClientId } => Permission::ClientRead;
    /// A client or its contacts were changed.
    ClientUpdated {
        client_id: ClientId,
        #[serde(default, skip_serializing_if = "crate::domain::ChangedFields::is_empty")] changes: crate::domain::ChangedFields
    } => Permission::ClientRead;
    /// Clients were exported as a file. The event records the format, the query of the client list
    /// and the number of rows.
    ClientsExported { format: crate::domain::ExportFormat, query: String, count: i64 } => Permission::AuditRead;
    /// A client was deleted together with its chat and files.
    ClientDeleted { client_id: ClientId } => Permission::ClientRead;
    /// Two clients were merged; the merged client no longer exists.
    ClientMerged { client_id: ClientId, merged_id: ClientId } => Permission::ClientRead;
    /// A merge was undone: the merged client exists again.
    ClientUnmerged { client_id: ClientId, merged_id: ClientId } => Permission::ClientRead;
    /// A chat was created.
    ChatCreated { chat_id: ChatId, client_id: ClientId } => Permission::ChatRead;
    /// A message arrived from a client.
    MessageReceived { chat_id: ChatId, message_id: MessageId, client_id: ClientId } => Permission::ChatRead;
    /// A user sent a message: it is in the outbox.
    MessageSent { chat_id: ChatId, message_id: MessageId, client_id: ClientId } => Permission::ChatRead;
    /// A user scheduled a message.
    MessageScheduled { chat_id: ChatId, message_id: MessageId, client_id: ClientId } => Permission::ChatRead;
    /// A scheduled message got another time or text, or was sent at once.
    ScheduleChanged { chat_id: ChatId, message_id: MessageId } => Permission::ChatRead;
    /// A scheduled message was cancelled and thereby deleted.
    ScheduleCancelled { chat_id: ChatId, message_id: MessageId, client_id: ClientId } => Permission::ChatRead;
    /// A message's delivery status changed.
    MessageStatusChanged { chat_id: ChatId, message_id: MessageId } => Permission::ChatRead;
    /// A client edited a message that it had sent.
    MessageEdited { chat_id: ChatId, message_id: MessageId } => Permission::ChatRead;
    /// An address of a client was suppressed on a channel, or the suppression was lifted.
    ReachChanged { chat_id: ChatId, client_id: ClientId } => Permission::ChatRead;
    /// The files of a message were fetched from the provider, or the fetch failed for good.
    MessageFilesChanged { chat_id: ChatId, message_id: MessageId } => Permission::ChatRead;
    /// A client reacted to a message, or took a reaction back.
    MessageReactionsChanged { chat_id: ChatId, message_id: MessageId } => Permission::ChatRead;
    /// A user read a message of a client and thereby all messages before it. The status `read` of a
    /// message, by contrast, means that the client has seen it.
    MessageRead { chat_id: ChatId, message_id: MessageId } => Permission::ChatRead;
    /// A user marked a chat as unread from this message on.
    MessageUnread { chat_id: ChatId, message_id: MessageId } => Permission::ChatRead;
    /// A message template was created.
    TemplateCreated { template_id: TemplateId } => Permission::MessageTemplateRead;
    /// A message template was changed.
    TemplateUpdated { template_id: TemplateId } => Permission::MessageTemplateRead;
    /// A message template was deleted.
    TemplateDeleted { template_id: TemplateId } => Permission::MessageTemplateRead;
    /// A channel was connected.
    ChannelAdded { channel_id: ChannelId } => Permission::AuditRead;
    /// A channel's sender addresses were changed.
    ChannelChanged { channel_id: ChannelId } => Permission::AuditRead;
    /// A channel's credentials were replaced.
    ChannelCredentialsChanged { channel_id: ChannelId } => Permission::AuditRead;
    /// A channel was disabled.
    ChannelDisabled { channel_id: ChannelId } => Permission::AuditRead;
    /// A channel was enabled again.
    ChannelEnabled { channel_id: ChannelId } => Permission::AuditRead;
    /// A channel was removed.
    ChannelRemoved { channel_id: ChannelId } => Permission::AuditRead;
    /// A user signed out.
    SignedOut { user_id: UserId } => Permission::AuditRead;
    /// A user changed the own name or preferences.
    AccountUpdated { user_id: UserId } => Permission::AuditRead;
    /// A user was created by the operator.
    UserCreated { user_id: UserId } => Permission::AuditRead;
    /// A user asked for something that the user's permissions do not include.
    AccessRefused { user_id: UserId, permission: String } => Permission::AuditRead;
    /// The operator suspended the workspace.
    WorkspaceSuspended {} => Permission::AuditRead;
    /// The operator resumed the workspace.
    WorkspaceResumed {} => Permission::AuditRead;
    /// Entries of the audit log were exported as a file.
    AuditExported { query: String } => Permission::AuditRead;
    /// A user signed in.
    SignedIn { user_id: UserId } => Permission::AuditRead;
    /// A user changed the password, which ended all of the user's sessions and API tokens.
    PasswordChanged { user_id: UserId } => Permission::AuditRead;
    /// The operator set a user's password, which ended all of the user's sessions and API tokens.
    PasswordReset { user_id: UserId } => Permission::AuditRead;
    /// A user was disabled, which ended all of the user's sessions and API tokens.
    UserDisabled { user_id: UserId } => Permission::AuditRead;
    /// A disabled user was enabled.
    UserEnabled { user_id: UserId } => Permission::AuditRead;
    /// A user got another role: a built-in one by its name, an own one by its id.
    UserRoleChanged { user_id: UserId, role: String } => Permission::AuditRead;
    /// A user was invited by a link, or the link was renewed.
    UserInvited { link_id: AccessLinkId } => Permission::AuditRead;
    /// An invitation was withdrawn.
    InvitationWithdrawn { link_id: AccessLinkId } => Permission::AuditRead;
    /// An invited user set a password.
    InvitationAccepted { user_id: UserId } => Permission::AuditRead;
    /// A link was made by which a user sets a new password.
    PasswordLinkCreated { user_id: UserId } => Permission::AuditRead;
    /// A role was created.
    RoleCreated { role_id: RoleId } => Permission::AuditRead;
    /// A role's name or permissions were changed.
    RoleUpdated { role_id: RoleId } => Permission::AuditRead;
    /// A role was deleted.
    RoleDeleted { role_id: RoleId } => Permission::AuditRead;
    /// A user began to sign in with a second factor.
    TwoFactorEnabled { user_id: UserId } => Permission::AuditRead;
    /// A user no longer signs in with a second factor.
    TwoFactorDisabled { user_id: UserId } => Permission::AuditRead;
    /// An administrator or the operator removed a user's second factor, which ended all of the user's sessions.
    TwoFactorReset { user_id: UserId } => Permission::AuditRead;
    /// A user signed in with a recovery code.
    RecoveryCodeUsed { user_id: UserId } => Permission::AuditRead;
    /// The settings of the workspace were changed.
    WorkspaceChanged {} => Permission::AuditRead;
    /// A session of a user was ended by the user from another one.
    SessionEnded { user_id: UserId } => Permission::AuditRead;
    /// An API token was created.
    TokenCreated { user_id: UserId, token_id: TokenId } => Permission::AuditRead;
    /// An API token was revoked.
    TokenRevoked { token_id: TokenId } => Permission::AuditRead;
    /// A sign-in with a user's address failed because of a wrong password. Events of earlier versions have no peer.
    SignInFailed {
        user_id: UserId,
        #[serde(default, skip_serializing_if = "Option::is_none")] peer: Option<String>
    } => Permission::AuditRead;
    /// Attempts to sign in with a user's address were blocked, because too many of this peer had failed.
    SignInBlocked { user_id: UserId, peer: String } => Permission::AuditRead;
}

/// A stored event.
#[derive(Debug, Clone)]
pub struct RecordedEvent {
    /// The event's number within the tenant, which is also its id in the live stream.
    pub id: EventId,
    /// The event's kind and data.
    pub event: Event,
    /// The user who caused it; `None` for events caused by providers and by the system.
    pub actor: Option<UserId>,
    /// The time of the transaction that recorded it.
    pub at: DateTime<Utc>,
}
