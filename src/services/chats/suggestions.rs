//! What a message offers to do with its sender: to take the number that was shared, or to bring two clients together.

use crate::services::{Actor, ChatService};
use crate::{
    domain::{ChatId, ClientId, ContactType, ContactValue, Message, MessageId, PhoneNumber},
    error::Result,
};

/// What can be done with what a message says of its sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatSuggestion {
    /// The message.
    pub message: MessageId,
    /// The client of the chat.
    pub client: ClientId,
    /// What can be done.
    pub action: SuggestedAction,
}

/// What can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SuggestedAction {
    /// The number becomes the client's.
    SavePhone(PhoneNumber),
    /// Another client is the same person.
    Merge {
        /// The other one.
        other: ClientId,
        /// Its name.
        name: String,
    },
}

impl ChatService {
    /// What the newest of these messages of a chat offers, where one offers anything; for those who may change clients.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`] when the database is away.
    #[tracing::instrument(name = "chat_offer", level = "debug", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn suggestion(
        &self,
        actor: &Actor,
        chat: ChatId,
        messages: &[Message],
    ) -> Result<Option<ChatSuggestion>> {
        let offers = |message: &&Message| {
            message.details.invited.is_some() || message.details.contact.as_ref().is_some_and(|c| c.own)
        };
        let Some(message) = messages.iter().rev().find(offers) else { return Ok(None) };
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let Some(chat) = tx.chats().get(chat).await? else { return Ok(None) };
        let client = chat.client;
        let offer = |action| Some(ChatSuggestion { message: message.id, client, action });
        let other = match &message.details.contact {
            None => message.details.invited,
            Some(contact) => {
                // Telegram writes international numbers without their plus.
                let digits = contact.phone.trim_start_matches('+');
                let Ok(phone) = PhoneNumber::parse(&format!("+{digits}"), actor.tenant.country) else {
                    return Ok(None);
                };
                if chat.client_phone.as_ref() == Some(&phone) {
                    return Ok(None);
                }
                let Ok(address) = ContactValue::from_provider(ContactType::Phone, phone.as_str()) else {
                    return Ok(None);
                };
                match tx.clients().find_by_address(&address).await?.filter(|found| *found != client) {
                    Some(other) => Some(other),
                    None => return Ok(offer(SuggestedAction::SavePhone(phone))),
                }
            }
        };
        let Some(other) = other.filter(|other| *other != client) else { return Ok(None) };
        let name = tx.clients().get(other).await?.map(|other| other.data().full_name());
        Ok(name.and_then(|name| offer(SuggestedAction::Merge { other, name })))
    }
}
