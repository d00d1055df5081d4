//! The paths of all routes. The router, links and tests use them.

use url::Url;

use crate::domain::{
    AccessLinkId, AttachmentId, ChannelId, ChatId, ClientId, ContactId, ImportId, MergeId, MessageId, RoleId,
    SessionId, TemplateId, TokenId, UserId, WhatsappTemplateId,
};

/// Defines a type for each path, with its pattern for the router and its text with ids for links.
macro_rules! define_routes {
    ($($(#[$doc:meta])* $name:ident $(($($field:ident: $type:ty),+))? = $pattern:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name $(($(pub $type),+))?;

        impl $name {
            /// The pattern that the router matches.
            pub const PATTERN: &str = $pattern;
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                #[allow(unused_mut, reason = "paths without ids have nothing to fill in")]
                let mut path = Self::PATTERN.to_owned();
                $(
                    let Self($($field),+) = self;
                    $(path = path.replace(concat!("{", stringify!($field), "}"), &$field.to_string());)+
                )?
                f.write_str(&path)
            }
        }
    )*};
}

pub(crate) use define_routes;

define_routes! {
    /// The start page, which redirects to the chats.
    Home = "/";
    /// Signing in.
    Login = "/login";
    /// Signing out.
    Logout = "/logout";
    /// The user's own account.
    Account = "/account";
    /// The user's own password.
    AccountPassword = "/account/password";
    /// The user's sessions.
    Sessions = "/account/sessions";
    /// The second factor of the user.
    TwoFactor = "/account/two-factor";
    /// A session of the user.
    Session(session_id: SessionId) = "/account/sessions/{session_id}";
    /// Setting a password by a link that was sent.
    AccessLink = "/access";
    /// The settings of a workspace.
    Workspace = "/crm/settings/workspace";
    /// The users of a workspace and their invitations.
    Team = "/crm/settings/team";
    /// A user of the workspace.
    Member(user_id: UserId) = "/crm/settings/team/{user_id}";
    /// A link by which a user sets a new password.
    MemberResetLink(user_id: UserId) = "/crm/settings/team/{user_id}/reset-link";
    /// The second factor of another user.
    MemberTwoFactor(user_id: UserId) = "/crm/settings/team/{user_id}/two-factor";
    /// An invitation that was not accepted yet.
    TeamInvitation(link_id: AccessLinkId) = "/crm/settings/team/invitations/{link_id}";
    /// The roles of a workspace.
    Roles = "/crm/settings/roles";
    /// A role.
    Role(role_id: RoleId) = "/crm/settings/roles/{role_id}";
    /// The audit log.
    Audit = "/crm/settings/audit";
    /// The export of the audit log as a file.
    ExportAudit = "/crm/settings/audit/export";
    /// API keys.
    ApiKeys = "/crm/settings/api-keys";
    /// An API key.
    ApiKey(key_id: TokenId) = "/crm/settings/api-keys/{key_id}";
    /// The user's settings of staff notifications.
    AccountNotifications = "/account/notifications";
    /// The link of the user's Telegram account.
    NotificationLink = "/account/notifications/link";
    /// The layout preferences of the browser.
    LayoutPreferences = "/account/frame";
    /// Clients.
    Clients = "/crm/clients";
    /// The form for a new client.
    NewClient = "/crm/clients/new";
    /// The export of the client list as a file.
    ExportClients = "/crm/clients/export";
    /// Deleting several clients.
    DeleteClients = "/crm/clients/delete";
    /// The imports, and the upload of a new one.
    Imports = "/crm/clients/imports";
    /// An import.
    Import(import_id: ImportId) = "/crm/clients/imports/{import_id}";
    /// Starting an import, which stores its rows.
    StartImport(import_id: ImportId) = "/crm/clients/imports/{import_id}/start";
    /// Cancelling an import.
    CancelImport(import_id: ImportId) = "/crm/clients/imports/{import_id}/cancel";
    /// The rows of an import that have errors.
    ImportErrors(import_id: ImportId) = "/crm/clients/imports/{import_id}/flaws";
    /// A client.
    Client(id: ClientId) = "/crm/clients/{id}";
    /// The form for a client.
    EditClient(id: ClientId) = "/crm/clients/{id}/edit";
    /// The latest messages with a client.
    ClientMessages(id: ClientId) = "/crm/clients/{id}/messages";
    /// The actions for a client and the client's history.
    ClientActions(id: ClientId) = "/crm/clients/{id}/actions";
    /// The deletion of a client, with its impact.
    DeleteClient(id: ClientId) = "/crm/clients/{id}/delete";
    /// A client's contacts.
    Contacts(id: ClientId) = "/crm/clients/{id}/contacts";
    /// A contact.
    Contact(id: ClientId, contact_id: ContactId) = "/crm/clients/{id}/contacts/{contact_id}";
    /// The invite links of a client.
    InviteLinks(id: ClientId) = "/crm/clients/{id}/invitations";
    /// Pairs of clients that may be duplicates.
    Duplicates = "/crm/clients/duplicates";
    /// Dismissing a pair of duplicates.
    DismissDuplicate = "/crm/clients/duplicates/dismiss";
    /// The merges that can be undone.
    Merges = "/crm/clients/merges";
    /// Undoing a merge.
    UndoMerge(merge_id: MergeId) = "/crm/clients/merges/{merge_id}/undo";
    /// Merging a client with another.
    MergeClient(id: ClientId) = "/crm/clients/{id}/merge";
    /// Chats.
    Chats = "/crm/chats";
    /// The form for a new chat.
    NewChat = "/crm/chats/new";
    /// The parts of an open page of chats that have changed.
    ChatUpdates = "/crm/chats/parts";
    /// A chat.
    Chat(id: ChatId) = "/crm/chats/{id}";
    /// The messages of a chat.
    Messages(id: ChatId) = "/crm/chats/{id}/messages";
    /// Marking a chat as unread.
    UnreadChat(id: ChatId) = "/crm/chats/{id}/unread";
    /// The presence of the user in a chat.
    Presence(id: ChatId) = "/crm/chats/{id}/presence";
    /// Marking a chat as read up to a message.
    ReadMessage(id: ChatId, message_id: MessageId) = "/crm/chats/{id}/messages/{message_id}/read";
    /// Sending a failed message again.
    RetryMessage(id: ChatId, message_id: MessageId) = "/crm/chats/{id}/messages/{message_id}/retry";
    /// The user's draft in a chat.
    Draft(id: ChatId) = "/crm/chats/{id}/draft";
    /// Quick replies, filled with the values of a chat's client.
    ChatTemplates(id: ChatId) = "/crm/chats/{id}/templates";
    /// WhatsApp templates, filled with the values of a chat's client.
    ChatWhatsappTemplates(id: ChatId) = "/crm/chats/{id}/approved-templates";
    /// A WhatsApp template: its form, and sending it.
    ChatWhatsappTemplate(id: ChatId, approved_id: WhatsappTemplateId) = "/crm/chats/{id}/approved-templates/{approved_id}";
    /// A scheduled message: its form, changing and cancelling it.
    ScheduledMessage(id: ChatId, message_id: MessageId) = "/crm/chats/{id}/messages/{message_id}/schedule";
    /// Sending a scheduled message now.
    SendNow(id: ChatId, message_id: MessageId) = "/crm/chats/{id}/messages/{message_id}/send-now";
    /// All scheduled messages.
    ScheduledMessages = "/crm/scheduled-messages";
    /// Marking an unconfirmed message as delivered.
    ConfirmDelivery(id: ChatId, message_id: MessageId) = "/crm/chats/{id}/messages/{message_id}/arrived";
    /// Quick replies.
    InstantMessages = "/crm/instant-messages";
    /// The form for a new quick reply.
    NewInstantMessage = "/crm/instant-messages/new";
    /// A quick reply.
    InstantMessage(id: TemplateId) = "/crm/instant-messages/{id}";
    /// The form for a quick reply.
    EditInstantMessage(id: TemplateId) = "/crm/instant-messages/{id}/edit";
    /// Channels.
    Channels = "/crm/settings/channels";
    /// The form for a new channel.
    NewChannel = "/crm/settings/channels/new";
    /// A channel.
    Channel(id: ChannelId) = "/crm/settings/channels/{id}";
    /// The credentials of a channel.
    ChannelCredentials(id: ChannelId) = "/crm/settings/channels/{id}/credentials";
    /// Fetching messages of a channel that no webhook has brought.
    MissedMessages(id: ChannelId) = "/crm/settings/channels/{id}/missed";
    /// Testing a channel with its provider.
    TestChannel(id: ChannelId) = "/crm/settings/channels/{id}/test";
    /// The removal of a channel, with its impact.
    RemoveChannel(id: ChannelId) = "/crm/settings/channels/{id}/remove";
    /// The WhatsApp templates of a channel.
    ChannelTemplates(id: ChannelId) = "/crm/settings/channels/{id}/templates";
    /// The form for a new WhatsApp template.
    NewChannelTemplate(id: ChannelId) = "/crm/settings/channels/{id}/templates/new";
    /// A WhatsApp template.
    ChannelTemplate(id: ChannelId, approved_id: WhatsappTemplateId) = "/crm/settings/channels/{id}/templates/{approved_id}";
    /// The backlogs of the channels and the failed messages.
    Deliveries = "/crm/settings/deliveries";
    /// Sending failed messages again.
    ResendDeliveries = "/crm/settings/deliveries/retry";
    /// A file of a message.
    Upload(id: AttachmentId) = "/uploads/{id}";
    /// The spotlight: search over everything.
    Spotlight = "/spotlight";
    /// The live stream.
    Events = "/crm/events";
    /// The style guide, in development builds.
    StyleGuide = "/workbench";
    /// The web app manifest.
    Manifest = "/manifest.webmanifest";
    /// The service worker.
    ServiceWorker = "/worker.js";
    /// The offline page.
    Offline = "/offline";
    /// The liveness check.
    Healthz = "/healthz";
    /// The readiness check of the database.
    Readyz = "/readyz";
    /// Style sheets, scripts and icons.
    Static = "/static/{version}/{*file}";
}

/// The address of an access link with its token, below the public URL. The token is in the query, which is not logged.
pub fn access_link(public_url: &Url, token: &str) -> String {
    let mut url = public_url.clone();
    url.set_path(AccessLink::PATTERN);
    url.query_pairs_mut().clear().append_pair("token", token);
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_filled_in() {
        assert_eq!(Clients.to_string(), "/crm/clients");
        assert_eq!(Contact(ClientId(7), ContactId(9)).to_string(), "/crm/clients/7/contacts/9");
    }
}
