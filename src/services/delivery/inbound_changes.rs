//! Edits of inbound messages, and changes of a client's consent or membership.

use chrono::{DateTime, Utc};

use crate::services::delivery::inbound::{InboundService, lock_sender};
use crate::{
    domain::{
        ContactValue, Event, InboundMessage, Message, MessageDetails, PreviousText, Reactions,
        SuppressionReason, Transport,
    },
    error::Result,
    persistence::UnitOfWork,
    providers::consent_senders,
    services::ChannelContext,
};

impl InboundService {
    /// Stores an edit of a message: the message gets the newest text, and the previous texts are
    /// kept. An edit of an unknown message is stored as a new message.
    ///
    /// # Errors
    /// Any error; the provider has to try again.
    #[tracing::instrument(name = "change_message", skip_all,
        fields(tenant = %context.tenant.id, channel = %context.channel.id))]
    pub async fn edit(&self, context: &ChannelContext, message: &InboundMessage) -> Result<()> {
        let now = self.deps.clock.now();
        let channel = context.channel.id;
        let mut tx = self.deps.database.begin(context.tenant.id).await?;
        if !tx.channels_mut().deduplicate(channel, message.receipt(), now).await? {
            return Ok(());
        }
        lock_sender(&mut tx, message).await?;
        match tx.messages().by_provider_id(channel, &message.provider_id).await? {
            Some(stored) => self.replace(&mut tx, &stored, message).await?,
            None if self.receive_from_staff(&mut tx, context, message).await?.is_some() => {}
            None => {
                self.store(&mut tx, context, message).await?;
            }
        }
        tx.commit().await
    }

    async fn replace(&self, tx: &mut UnitOfWork, stored: &Message, message: &InboundMessage) -> Result<()> {
        let now = self.deps.clock.now();
        tx.messages_mut().lock_for_update(stored.id).await?;
        let Some(stored) = tx.messages().find(stored.id).await? else { return Ok(()) };
        let (text, changed_at) = (message.text.as_str(), message.changed_at.unwrap_or(now));
        let known = |earlier: &PreviousText| earlier.text == text && earlier.written_at == changed_at;
        let is_known_text = text == stored.text || stored.previous_texts.iter().any(known);
        let replaces_files = names_other_files(&stored, message);
        if is_known_text && !replaces_files {
            return Ok(());
        }
        if stored.edited_at.is_some_and(|newer| newer > changed_at) {
            if !is_known_text {
                let earlier = PreviousText { text: text.to_owned(), written_at: changed_at };
                tx.messages_mut().add_previous_text(stored.id, &earlier).await?;
            }
            add_former_files(tx, &stored, message, now).await?;
        } else {
            if text != stored.text {
                let written_at = stored.edited_at.unwrap_or(stored.created_at);
                let earlier = PreviousText { text: stored.text, written_at };
                tx.messages_mut().add_previous_text(stored.id, &earlier).await?;
            }
            let mut former_files = stored.details.former_files;
            if replaces_files {
                tx.attachments_mut().replace_all(stored.id, now).await?;
                for file in &message.media {
                    tx.attachments_mut().add_pending(stored.id, file, now).await?;
                }
                former_files.extend(stored.details.files);
            }
            // The code of an invite link, the client it invited, the quote and the place in the chat do not change with
            // the text.
            let details = MessageDetails {
                start: stored.details.start,
                invited: stored.details.invited,
                quote: stored.details.quote,
                reactions: stored.details.reactions,
                sequence: stored.details.sequence.or(message.details.sequence),
                former_files,
                ..message.details.clone()
            };
            tx.messages_mut().edit(stored.id, &message.text, &details, changed_at).await?;
        }
        tx.record(Event::MessageEdited { chat_id: stored.chat, message_id: stored.id }, None, now);
        Ok(())
    }

    /// Stores the original text of a message whose edit arrived first.
    pub(super) async fn store_original(
        &self,
        tx: &mut UnitOfWork,
        stored: &Message,
        message: &InboundMessage,
    ) -> Result<()> {
        let text = message.text.as_str();
        let is_known =
            text == stored.text || stored.previous_texts.iter().any(|earlier| earlier.text == text);
        if is_known && !names_other_files(stored, message) {
            return Ok(());
        }
        let now = self.deps.clock.now();
        if !is_known {
            let earlier = PreviousText { text: text.to_owned(), written_at: stored.created_at };
            tx.messages_mut().add_previous_text(stored.id, &earlier).await?;
        }
        add_former_files(tx, stored, message, now).await?;
        tx.record(Event::MessageEdited { chat_id: stored.chat, message_id: stored.id }, None, now);
        Ok(())
    }

    /// Stores the reactions of a client to a message. Those to a message that is not stored are ignored.
    ///
    /// # Errors
    /// Any error; the provider has to try again.
    #[tracing::instrument(name = "change_reactions", skip_all,
        fields(tenant = %context.tenant.id, channel = %context.channel.id))]
    pub async fn react(
        &self,
        context: &ChannelContext,
        receipt: &str,
        provider_id: &str,
        reactions: &Reactions,
    ) -> Result<()> {
        let now = self.deps.clock.now();
        let channel = context.channel.id;
        let mut tx = self.deps.database.begin(context.tenant.id).await?;
        if !tx.channels_mut().deduplicate(channel, receipt, now).await? {
            return Ok(());
        }
        let Some(found) = tx.messages().by_provider_id(channel, provider_id).await? else { return Ok(()) };
        tx.messages_mut().lock_for_update(found.id).await?;
        // It may have changed before it was locked.
        let stored = tx.messages().find(found.id).await?;
        let is_newer = |known: &Reactions| reactions.changed_at >= known.changed_at;
        if let Some(stored) = stored
            && stored.details.reactions.as_ref().is_none_or(is_newer)
        {
            let details = MessageDetails { reactions: Some(reactions.clone()), ..stored.details };
            tx.messages_mut().set_details(stored.id, &details).await?;
            let changed = Event::MessageReactionsChanged { chat_id: stored.chat, message_id: stored.id };
            tx.record(changed, None, now);
        }
        tx.commit().await
    }

    /// Stores that a client has blocked a channel, or has unblocked it (`open`).
    ///
    /// # Errors
    /// Any error; the provider has to try again.
    #[tracing::instrument(name = "change_reach", skip_all,
        fields(tenant = %context.tenant.id, channel = %context.channel.id, open))]
    pub async fn update_membership(
        &self,
        context: &ChannelContext,
        receipt: &str,
        transport: Transport,
        address: &str,
        open: bool,
    ) -> Result<()> {
        let now = self.deps.clock.now();
        let channel = context.channel.id;
        let mut tx = self.deps.database.begin(context.tenant.id).await?;
        if !tx.channels_mut().deduplicate(channel, receipt, now).await? {
            return Ok(());
        }
        let senders = consent_senders(&context.channel, transport);
        let changed = if open {
            tx.channels_mut().lift_suppression(&senders, transport, address).await?
        } else {
            tx.notifications_mut().unlink_blocked(channel, address, now).await?;
            tx.channels_mut().suppress(&senders, transport, address, SuppressionReason::Blocked, now).await?
        };
        if changed && let Ok(contact) = ContactValue::from_provider(transport.contact_type(), address) {
            // A client who never wrote has no chat that could show the change.
            let client = tx.clients().find_by_address(&contact).await?;
            let chat = match client {
                Some(client) => tx.chats().of_client(client).await?,
                None => None,
            };
            if let Some(chat) = chat {
                tx.record(Event::ReachChanged { chat_id: chat.id, client_id: chat.client }, None, now);
            }
        }
        tx.commit().await
    }
}

/// True if a state of a message has other files than the stored one. The ids of the files are not known of messages that
/// were stored by earlier versions; they count as equal.
fn names_other_files(stored: &Message, state: &InboundMessage) -> bool {
    let are_known = !stored.details.files.is_empty() || stored.attachments.is_empty();
    are_known
        && stored.details.files != state.details.files
        && !state.details.files.iter().all(|file| stored.details.former_files.contains(file))
}

/// Adds the files of an earlier state of a message to its history.
async fn add_former_files(
    tx: &mut UnitOfWork,
    stored: &Message,
    state: &InboundMessage,
    at: DateTime<Utc>,
) -> Result<()> {
    if names_other_files(stored, state) {
        for file in &state.media {
            tx.attachments_mut().add_former(stored.id, file, at).await?;
        }
    }
    Ok(())
}
