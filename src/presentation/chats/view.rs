//! View models of chats, used as JSON and on pages.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{Chat, ChatId, ClientId, Member, MemberId},
    presentation::chats::messages::view::MessageView,
};

/// The client of a chat.
#[derive(Debug, Serialize)]
struct ChatClientView {
    id: ClientId,
    full_name: String,
    phone: Option<String>,
}

/// A chat.
#[derive(Debug, Serialize)]
pub struct ChatView {
    id: ChatId,
    client: ChatClientView,
    unread_count: i64,
    last_message: Option<MessageView>,
    last_message_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl ChatView {
    /// Creates the view with the complete last message.
    pub fn new(chat: Chat, last_message: Option<MessageView>) -> Self {
        Self {
            id: chat.id,
            client: ChatClientView {
                id: chat.client,
                full_name: chat.client_name,
                phone: chat.client_phone.map(|phone| phone.to_string()),
            },
            unread_count: chat.unread_count,
            last_message_at: chat.last_message.map(|last| last.at),
            last_message,
            created_at: chat.created_at,
        }
    }
}

/// A chat with its newest messages and its members.
#[derive(Debug, Serialize)]
pub struct ConversationView {
    /// The chat.
    #[serde(flatten)]
    pub chat: ChatView,
    /// The newest messages in ascending order.
    pub messages: Vec<MessageView>,
    /// True if there are older messages.
    pub has_more: bool,
    /// The participants of the chat.
    pub members: Vec<MemberView>,
}

/// A participant of a chat.
#[derive(Debug, Serialize)]
pub struct MemberView {
    id: MemberId,
    transport: &'static str,
    sender: MemberSenderView,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
struct MemberSenderView {
    r#type: &'static str,
    id: Option<i64>,
    name: String,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            id: member.id,
            transport: member.transport.as_str(),
            sender: MemberSenderView {
                r#type: member.sender_type.as_str(),
                id: member.sender_id,
                name: member.name,
            },
            created_at: member.created_at,
        }
    }
}
