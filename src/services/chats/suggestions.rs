//! Suggestions for the sender of a message: to store a shared number, or to merge two clients.

use crate::services::{Actor, ChatService};
use crate::{
    domain::{ChatId, ClientId, ContactType, ContactValue, Message, MessageId, PhoneNumber},
    error::Result,
};

/// A suggestion for the client of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatSuggestion {
    /// The message that caused it.
    pub message: MessageId,
    /// The client of the chat.
    pub client: ClientId,
    /// The suggested action.
    pub action: SuggestedAction,
}

/// An action of a suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SuggestedAction {
    /// Store the number as the client's phone.
    SavePhone(PhoneNumber),
    /// Merge with another client, who is the same person.
    Merge {
        /// The other client.
        other: ClientId,
        /// The other client's name.
        name: String,
    },
}

impl ChatService {
    /// Returns the suggestion of the newest of these messages that has one, for users who may
    /// change clients.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`].
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
                // Telegram omits the plus of international numbers.
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
