//! A chat created through the repositories.

use aloqa::{
    domain::{
        ChannelId, ChatId, ClientId, Direction, IdempotencyKey, InboundMedia, MemberId, MessageDetails,
        MessageId, MessageStatus, MessageText, NewMessage, Sender, Transport,
    },
    error::Result,
    persistence::{ChatFilter, Start, UnitOfWork},
    services::{Actor, ChannelContext, ChatPage, ChatPageRequest, Services},
};
use chrono::{DateTime, Utc};

use crate::support::{Company, TestEnv};

/// A client's chat with a member on each side.
#[derive(Debug, Clone, Copy)]
pub struct ChatFixture {
    pub client: ClientId,
    pub chat: ChatId,
    /// The member of the client by SMS.
    pub member: MemberId,
    /// The member of the agent by SMS.
    pub agent: MemberId,
    pub channel: ChannelId,
}

impl TestEnv {
    /// Opens a chat without messages with a new client.
    pub async fn chat_fixture(
        &self,
        company: &Company,
        by: &ChannelContext,
        name: &str,
        phone: &str,
    ) -> ChatFixture {
        let client = company.client(self, name, phone).await;
        let now = self.clock.now();
        let mut tx = company.begin().await;
        let (chat, _) = tx.chats_mut().find_or_create(client, now).await.unwrap();
        let sender = Sender::Client { client, contact: None, address: phone.to_owned() };
        let member =
            tx.chats_mut().find_or_create_member(chat, Transport::Sms, &sender, None, now).await.unwrap();
        let user = Sender::User(company.agent.user.id);
        let agent =
            tx.chats_mut().find_or_create_member(chat, Transport::Sms, &user, None, now).await.unwrap();
        tx.commit().await.unwrap();
        ChatFixture { client, chat, member, agent, channel: by.channel.id }
    }
}

impl ChatFixture {
    /// A message from the client.
    pub fn inbound(&self, text: &str, at: DateTime<Utc>) -> NewMessage {
        NewMessage {
            chat: self.chat,
            member: self.member,
            direction: Direction::Inbound,
            transport: Transport::Sms,
            channel: self.channel,
            text: MessageText::from_provider(text),
            details: MessageDetails::default(),
            status: MessageStatus::Received,
            provider_id: None,
            idempotency_key: None,
            scheduled_at: None,
            sent_at: None,
            created_at: at,
        }
    }

    /// A reply from the agent.
    pub fn outbound(&self, text: &str, at: DateTime<Utc>) -> NewMessage {
        NewMessage {
            member: self.agent,
            direction: Direction::Outbound,
            status: MessageStatus::Queued,
            ..self.inbound(text, at)
        }
    }
}

/// Stores a message and makes it the last one of its chat.
pub async fn store_message(tx: &mut UnitOfWork, message: &NewMessage) -> MessageId {
    let id = tx.messages_mut().create(message, &[]).await.unwrap();
    tx.chats_mut().set_last_message(id, message).await.unwrap();
    id
}

/// A picture that has not been fetched from the provider yet.
pub fn picture(name: &str) -> InboundMedia {
    InboundMedia {
        url: format!("https://api.twilio.com/media/{name}"),
        content_type: "image/jpeg".to_owned(),
        name: name.to_owned(),
    }
}

/// Opens the page of a chat, at a message or at its newest ones.
pub async fn chat_page(
    services: &Services,
    actor: &Actor,
    chat: ChatId,
    at: Option<MessageId>,
) -> Result<ChatPage> {
    let request = ChatPageRequest {
        chat,
        at,
        find: None,
        template: None,
        filter: ChatFilter::default(),
        start: Start::Offset(0),
        limit: 50,
    };
    services.chats.open_page(actor, &request).await
}

/// An idempotency key as the service stores it.
pub fn idempotency_key(key: &str) -> IdempotencyKey {
    IdempotencyKey { key: key.to_owned(), fingerprint: vec![7; 32] }
}
