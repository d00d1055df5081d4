//! Chats: repository, list, messages, drafts, message templates and scheduled messages.

pub(in crate::persistence) mod drafts;
pub(in crate::persistence) mod list;
pub(in crate::persistence) mod message_edits;
pub(in crate::persistence) mod message_pages;
pub(in crate::persistence) mod message_templates;
pub(in crate::persistence) mod messages;
pub(in crate::persistence) mod repository;
pub(in crate::persistence) mod scheduled_messages;
pub(in crate::persistence) mod summaries;

use crate::persistence::{Snapshot, UnitOfWork};
pub use drafts::{Drafts, DraftsMut};
pub use list::{ListedChat, parse_chat_cursor};
pub use message_pages::MessagesAround;
pub use message_templates::{TemplateSort, Templates, TemplatesMut};
pub use messages::{Messages, MessagesMut, StatusChange};
pub use repository::{ChatFilter, Chats, ChatsMut, OpenedChat};
pub use scheduled_messages::{ScheduledMessages, ScheduledMessagesMut};

impl Snapshot {
    /// Chats and their members.
    pub fn chats(&mut self) -> Chats<'_> {
        Chats { snapshot: self }
    }

    /// Messages and their files.
    pub fn messages(&mut self) -> Messages<'_> {
        Messages { snapshot: self }
    }

    /// Drafts.
    pub fn drafts(&mut self) -> Drafts<'_> {
        Drafts { snapshot: self }
    }

    /// Message templates.
    pub fn templates(&mut self) -> Templates<'_> {
        Templates { snapshot: self }
    }

    /// Scheduled messages.
    pub fn scheduled_messages(&mut self) -> ScheduledMessages<'_> {
        ScheduledMessages { snapshot: self }
    }
}

impl UnitOfWork {
    /// Write access to chats.
    pub fn chats_mut(&mut self) -> ChatsMut<'_> {
        ChatsMut { work: self }
    }

    /// Write access to messages.
    pub fn messages_mut(&mut self) -> MessagesMut<'_> {
        MessagesMut { work: self }
    }

    /// Write access to drafts.
    pub fn drafts_mut(&mut self) -> DraftsMut<'_> {
        DraftsMut { work: self }
    }

    /// Write access to message templates.
    pub fn templates_mut(&mut self) -> TemplatesMut<'_> {
        TemplatesMut { work: self }
    }

    /// Write access to scheduled messages.
    pub fn scheduled_messages_mut(&mut self) -> ScheduledMessagesMut<'_> {
        ScheduledMessagesMut { work: self }
    }
}
