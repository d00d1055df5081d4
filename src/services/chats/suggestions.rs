//! Suggestions for the sender of a message: to store a shared number, or to merge two clients.

use crate::{
    domain::{Chat, ClientId, ContactType, ContactValue, Message, MessageId, Permission, PhoneNumber},
    error::Result,
    persistence::{ClientSummary, Snapshot},
    services::Actor,
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

/// Returns the suggestion of the newest of a chat's messages that has one, for users who may change clients.
pub(in crate::services) async fn suggestion(
    tx: &mut Snapshot,
    actor: &Actor,
    chat: &Chat,
    messages: &[Message],
) -> Result<Option<ChatSuggestion>> {
    let has_suggestion = |message: &&Message| {
        message.details.invited.is_some() || message.details.contact.as_ref().is_some_and(|c| c.own)
    };
    let Some(message) = messages.iter().rev().find(has_suggestion) else { return Ok(None) };
    if !actor.may(Permission::ClientUpdate) {
        return Ok(None);
    }
    let suggest = |action| Some(ChatSuggestion { message: message.id, client: chat.client, action });
    let other = match (&message.details.contact, message.details.invited) {
        (None, Some(invited)) if invited != chat.client => tx.clients().summaries(&[invited]).await?.pop(),
        (None, _) => None,
        (Some(contact), _) => {
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
            let owner = tx.clients().summary_by_address(&address).await?;
            let Some(other) = owner.filter(|owner| owner.id != chat.client) else {
                return Ok(suggest(SuggestedAction::SavePhone(phone)));
            };
            Some(other)
        }
    };
    let merge = |other: ClientSummary| SuggestedAction::Merge { other: other.id, name: other.name };
    Ok(other.and_then(|other| suggest(merge(other))))
}
