//! Every path, written once: the router, the links and the tests take it from here.

use crate::domain::{
    AttachmentId, ChannelId, ChatId, ClientId, ContactId, ImportId, MergeId, MessageId, TemplateId,
    WhatsappTemplateId,
};

/// Defines a type for each path: its pattern for the router, and its text with the ids filled in for links.
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
    /// The way in.
    Home = "/";
    /// Signing in.
    Login = "/login";
    /// Signing out.
    Logout = "/logout";
    /// One's own account.
    Account = "/account";
    /// One's own password.
    AccountPassword = "/account/password";
    /// Of what one is told by a bot.
    AccountNotifications = "/account/notifications";
    /// The account of Telegram that one is told by.
    NotificationLink = "/account/notifications/link";
    /// What of the frame of pages a browser shows.
    LayoutPreferences = "/account/frame";
    /// Clients.
    Clients = "/crm/clients";
    /// The form for a new client.
    NewClient = "/crm/clients/new";
    /// The list as a file.
    ExportClients = "/crm/clients/export";
    /// Deleting several clients.
    DeleteClients = "/crm/clients/delete";
    /// Imports, and the upload of one.
    Imports = "/crm/clients/imports";
    /// An import.
    Import(import_id: ImportId) = "/crm/clients/imports/{import_id}";
    /// Storing an import's rows.
    StartImport(import_id: ImportId) = "/crm/clients/imports/{import_id}/start";
    /// Ending an import.
    CancelImport(import_id: ImportId) = "/crm/clients/imports/{import_id}/cancel";
    /// The rows of an import with something wrong.
    ImportErrors(import_id: ImportId) = "/crm/clients/imports/{import_id}/flaws";
    /// A client.
    Client(id: ClientId) = "/crm/clients/{id}";
    /// The form of a client.
    EditClient(id: ClientId) = "/crm/clients/{id}/edit";
    /// What was said with a client.
    ClientMessages(id: ClientId) = "/crm/clients/{id}/messages";
    /// What can be done with a client, and what was.
    ClientActions(id: ClientId) = "/crm/clients/{id}/actions";
    /// What deleting a client takes with it.
    DeleteClient(id: ClientId) = "/crm/clients/{id}/delete";
    /// A client's contacts.
    Contacts(id: ClientId) = "/crm/clients/{id}/contacts";
    /// A contact.
    Contact(id: ClientId, contact_id: ContactId) = "/crm/clients/{id}/contacts/{contact_id}";
    /// Links by which a client comes to write by a bot.
    InviteLinks(id: ClientId) = "/crm/clients/{id}/invitations";
    /// Likely pairs of duplicates.
    Duplicates = "/crm/clients/duplicates";
    /// Saying that a pair is none.
    DismissDuplicate = "/crm/clients/duplicates/dismiss";
    /// Merges that can be undone.
    Merges = "/crm/clients/merges";
    /// Undoing a merge.
    UndoMerge(merge_id: MergeId) = "/crm/clients/merges/{merge_id}/undo";
    /// Merging a client with another.
    MergeClient(id: ClientId) = "/crm/clients/{id}/merge";
    /// Chats.
    Chats = "/crm/chats";
    /// The form for a new chat.
    NewChat = "/crm/chats/new";
    /// What changed on a page of chats that is open.
    ChatUpdates = "/crm/chats/parts";
    /// A chat.
    Chat(id: ChatId) = "/crm/chats/{id}";
    /// A chat's messages.
    Messages(id: ChatId) = "/crm/chats/{id}/messages";
    /// Putting a chat back among the unread ones.
    UnreadChat(id: ChatId) = "/crm/chats/{id}/unread";
    /// Being at a chat.
    Presence(id: ChatId) = "/crm/chats/{id}/presence";
    /// Having read a message.
    ReadMessage(id: ChatId, message_id: MessageId) = "/crm/chats/{id}/messages/{message_id}/read";
    /// Sending a failed message again.
    RetryMessage(id: ChatId, message_id: MessageId) = "/crm/chats/{id}/messages/{message_id}/retry";
    /// What the user has begun to write in a chat.
    Draft(id: ChatId) = "/crm/chats/{id}/draft";
    /// Message templates, filled for a chat's client.
    ChatTemplates(id: ChatId) = "/crm/chats/{id}/templates";
    /// Templates that WhatsApp approved, filled for a chat's client.
    ChatWhatsappTemplates(id: ChatId) = "/crm/chats/{id}/approved-templates";
    /// One of them: its form, and sending it.
    ChatWhatsappTemplate(id: ChatId, approved_id: WhatsappTemplateId) = "/crm/chats/{id}/approved-templates/{approved_id}";
    /// A message that is to go out later: its form, its change, its end.
    ScheduledMessage(id: ChatId, message_id: MessageId) = "/crm/chats/{id}/messages/{message_id}/schedule";
    /// Sending a message now that was to go out later.
    SendNow(id: ChatId, message_id: MessageId) = "/crm/chats/{id}/messages/{message_id}/send-now";
    /// All that is to go out later.
    ScheduledMessages = "/crm/scheduled-messages";
    /// Knowing that a message arrived.
    ConfirmDelivery(id: ChatId, message_id: MessageId) = "/crm/chats/{id}/messages/{message_id}/arrived";
    /// Message templates.
    InstantMessages = "/crm/instant-messages";
    /// The form for a new template.
    NewInstantMessage = "/crm/instant-messages/new";
    /// A template.
    InstantMessage(id: TemplateId) = "/crm/instant-messages/{id}";
    /// The form of a template.
    EditInstantMessage(id: TemplateId) = "/crm/instant-messages/{id}/edit";
    /// Channels.
    Channels = "/crm/settings/channels";
    /// The form for a new channel.
    NewChannel = "/crm/settings/channels/new";
    /// A channel.
    Channel(id: ChannelId) = "/crm/settings/channels/{id}";
    /// What proves us to a channel's provider.
    ChannelCredentials(id: ChannelId) = "/crm/settings/channels/{id}/credentials";
    /// Asking a channel's provider whether all is well.
    TestChannel(id: ChannelId) = "/crm/settings/channels/{id}/test";
    /// What removing a channel means.
    RemoveChannel(id: ChannelId) = "/crm/settings/channels/{id}/remove";
    /// Templates that WhatsApp approved for a channel.
    ChannelTemplates(id: ChannelId) = "/crm/settings/channels/{id}/templates";
    /// The form for a new one.
    NewChannelTemplate(id: ChannelId) = "/crm/settings/channels/{id}/templates/new";
    /// One of them.
    ChannelTemplate(id: ChannelId, approved_id: WhatsappTemplateId) = "/crm/settings/channels/{id}/templates/{approved_id}";
    /// What waits to be sent, and what was not delivered.
    Deliveries = "/crm/settings/deliveries";
    /// Sending what failed again.
    ResendDeliveries = "/crm/settings/deliveries/retry";
    /// A file.
    Upload(id: AttachmentId) = "/uploads/{id}";
    /// The spotlight: search over everything.
    Spotlight = "/spotlight";
    /// The live stream.
    Events = "/crm/events";
    /// Everything that pages are made of, for those who make them.
    StyleGuide = "/workbench";
    /// What lets browsers install Aloqa.
    Manifest = "/manifest.webmanifest";
    /// The script that keeps the page for the time without a connection.
    ServiceWorker = "/worker.js";
    /// That page.
    Offline = "/offline";
    /// Whether the process is alive.
    Healthz = "/healthz";
    /// Whether the database answers.
    Readyz = "/readyz";
    /// Style, script and icons.
    Static = "/static/{version}/{*file}";
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
