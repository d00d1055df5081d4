//! View models of messages, used as JSON and on pages.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{ChatId, Failure, MemberId, Message, MessageId},
    presentation::{delivery::attachments::AttachmentView, ui::i18n::I18n},
    providers::NO_RESPONSE,
    services::{
        ADDRESS_REMOVED, CHANNEL_CHANGED, CHANNEL_DISABLED, CHANNEL_REMOVED, DELIVERY_UNCONFIRMED,
        RETRIES_EXHAUSTED,
    },
};

/// A page of a chat's messages.
#[derive(Debug, Serialize)]
pub struct MessagesView {
    /// The messages in ascending order.
    pub items: Vec<MessageView>,
    /// True if there are older messages.
    pub has_more: bool,
}

/// The sender of a message.
#[derive(Debug, Clone, Serialize)]
pub struct SenderView {
    r#type: &'static str,
    /// The name.
    pub name: String,
}

/// A message.
#[derive(Debug, Clone, Serialize)]
pub struct MessageView {
    pub id: MessageId,
    pub chat_id: ChatId,
    pub direction: &'static str,
    pub sender_id: MemberId,
    pub sender: SenderView,
    pub transport: &'static str,
    pub message: String,
    pub attachments: Vec<AttachmentView>,
    pub status: &'static str,
    pub error_code: Option<String>,
    pub error_message: Option<String>,
    pub sent_at: Option<DateTime<Utc>>,
    pub delivered_at: Option<DateTime<Utc>>,
    pub read_at: Option<DateTime<Utc>>,
    pub edited_at: Option<DateTime<Utc>>,
    pub scheduled_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl MessageView {
    /// Creates the view in the reader's language.
    pub fn new(message: Message, i18n: I18n) -> Self {
        let text = shown_text(&message, i18n);
        let files = message.attachments.into_iter().map(|file| AttachmentView::new(file, i18n));
        Self {
            id: message.id,
            chat_id: message.chat,
            direction: message.direction.as_str(),
            sender_id: message.member,
            sender: SenderView { r#type: message.sender_type.as_str(), name: message.sender_name },
            transport: message.transport.as_str(),
            message: text,
            attachments: files.collect(),
            status: message.status.as_str(),
            error_message: message.failure.as_ref().map(|failure| failure_message(failure, i18n)),
            error_code: message.failure.map(|failure| failure.code),
            sent_at: message.sent_at,
            delivered_at: message.delivered_at,
            read_at: message.read_at,
            edited_at: message.edited_at,
            scheduled_at: message.scheduled_at,
            created_at: message.created_at,
        }
    }
}

/// The text of a message, with the words for a content that has none of its own.
pub(in crate::presentation) fn shown_text(message: &Message, i18n: I18n) -> String {
    let Some(kind) = message.details.kind else { return message.text.clone() };
    let words = i18n.get(format!("message-kind-{}", kind.as_str()));
    if message.text.is_empty() || message.text == kind.symbol() {
        return words.into_owned();
    }
    format!("{words}: {}", message.text)
}

/// The description of a failed delivery. An error code without a text in the catalogue is shown
/// with the provider's own text.
pub(in crate::presentation) fn failure_message(failure: &Failure, i18n: I18n) -> String {
    let key = format!("failure-{}", failure.code);
    if i18n.has(&key) {
        return i18n.get(&key).into_owned();
    }
    let detail = failure.detail.clone().unwrap_or_else(|| i18n.get("status-failed").into_owned());
    i18n.args("failure-other", &[("detail", detail.into()), ("code", failure.code.clone().into())])
        .into_owned()
}

/// True if an error code is one of ours, which pages do not show.
pub fn is_internal_code(code: &str) -> bool {
    [
        DELIVERY_UNCONFIRMED,
        RETRIES_EXHAUSTED,
        CHANNEL_DISABLED,
        CHANNEL_REMOVED,
        CHANNEL_CHANGED,
        ADDRESS_REMOVED,
        NO_RESPONSE,
    ]
    .contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Locale;

    #[test]
    fn a_failure_is_a_sentence_and_an_unknown_code_keeps_its_number() {
        let failure = |code: &str| Failure { code: code.into(), detail: Some("Queue overflow".into()) };
        assert_eq!(
            failure_message(&failure("30003"), I18n::new(Locale::En)),
            "The phone is switched off or out of reach."
        );
        assert_eq!(
            failure_message(&failure("30003"), I18n::new(Locale::Ru)),
            "Телефон выключен или вне сети."
        );
        let unknown = failure_message(&failure("39999"), I18n::new(Locale::En));
        assert_eq!(unknown, "The provider refused the message: Queue overflow (code 39999)");
    }

    #[test]
    fn the_codes_that_people_meet_have_a_sentence_in_every_language() {
        let published = [
            20003, 20404, 20429, 21211, 21408, 21606, 21608, 21610, 21611, 21612, 21614, 21617, 30001, 30002,
            30003, 30004, 30005, 30006, 30007, 30008, 30034, 63003, 63007, 63016, 63018, 63024,
        ];
        let codes = published.map(|code: u32| code.to_string()).into_iter();
        let own = [
            DELIVERY_UNCONFIRMED,
            RETRIES_EXHAUSTED,
            CHANNEL_DISABLED,
            CHANNEL_REMOVED,
            CHANNEL_CHANGED,
            ADDRESS_REMOVED,
            NO_RESPONSE,
        ];
        for code in codes.chain(own.map(str::to_owned)) {
            let sentences = Locale::ALL.map(|locale| {
                let failure = Failure { code: code.clone(), detail: Some("Provider's words".into()) };
                failure_message(&failure, I18n::new(locale))
            });
            for sentence in &sentences {
                assert!(
                    sentence.ends_with('.') && !sentence.contains("Provider's words"),
                    "{code}: {sentence}"
                );
            }
            assert!(sentences[0] != sentences[1] && sentences[1] != sentences[2], "{code}: {sentences:?}");
        }
    }
}
