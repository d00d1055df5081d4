//! The shapes of the contract: what programs read as JSON, and what pages are made of.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::presentation::{delivery::attachments::AttachmentView, http::edit_conflict, ui::i18n::I18n};
use crate::{
    domain::{
        Chat, ChatId, Client, ClientId, Contact, ContactId, ContactType, Country, Email, Failure, Member,
        MemberId, Message, MessageId, MessageTemplate, Passport, PhoneNumber, Pin, TemplateId,
    },
    persistence::Page,
    services::{
        CHANNEL_CHANGED, CHANNEL_DISABLED, CHANNEL_REMOVED, DELIVERY_UNCONFIRMED, PROVIDER_NO_RESPONSE,
        RETRIES_EXHAUSTED,
    },
};

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct PageView<T> {
    /// The items.
    pub items: Vec<T>,
    /// Which page this is, counted from 1.
    pub page: i64,
    /// Items on a page.
    pub limit: i64,
    /// How many items the filter matches.
    pub total: i64,
    /// Whether there is another page.
    pub has_more: bool,
}

impl<T> PageView<T> {
    /// A page as the contract shows it.
    pub fn of<U>(page: Page<U>, view: impl FnMut(U) -> T) -> Self {
        let has_more = page.has_more();
        let page = page.map(view);
        Self {
            items: page.items,
            page: page.request.page,
            limit: page.request.limit,
            total: page.total,
            has_more,
        }
    }
}

/// A list that is whole.
#[derive(Debug, Serialize)]
pub struct ListView<T> {
    /// The items.
    pub items: Vec<T>,
}

/// A contact.
#[derive(Debug, Serialize)]
pub struct ContactView {
    /// Its id.
    pub id: ContactId,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its value.
    pub value: String,
    /// The value as people write it.
    #[serde(skip)]
    pub display_value: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl ContactView {
    fn has_number(&self) -> bool {
        [ContactType::Phone, ContactType::Whatsapp].map(ContactType::as_str).contains(&self.kind)
    }
}

impl From<Contact> for ContactView {
    fn from(contact: Contact) -> Self {
        let display_value = match contact.kind {
            ContactType::Phone | ContactType::Whatsapp => {
                PhoneNumber::parse_e164(&contact.value).map(|number| number.format_international()).ok()
            }
            // The number of an account is no name.
            ContactType::Telegram if contact.value.bytes().all(|byte| byte.is_ascii_digit()) => None,
            ContactType::Telegram => Some(format!("@{}", contact.value)),
            ContactType::Email | ContactType::Other => None,
        };
        Self {
            id: contact.id,
            kind: contact.kind.as_str(),
            display_value: display_value.unwrap_or_else(|| contact.value.clone()),
            value: contact.value,
            created_at: contact.created_at,
            updated_at: contact.updated_at,
        }
    }
}

/// A client.
#[derive(Debug, Serialize)]
pub struct ClientView {
    pub id: ClientId,
    pub first_name: String,
    pub last_name: Option<String>,
    pub middle_name: Option<String>,
    pub full_name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub date_of_birth: Option<NaiveDate>,
    pub gender: Option<&'static str>,
    pub passport_series: Option<String>,
    pub passport_number: Option<String>,
    pub pin: Option<String>,
    pub country_code: Option<String>,
    pub comments: Option<String>,
    pub contacts: Vec<ContactView>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The phone as people write it.
    #[serde(skip)]
    pub phone_display: Option<String>,
}

impl ClientView {
    /// The client with phones as people of `country` write them.
    #[must_use]
    pub fn shown_in(mut self, country: Country) -> Self {
        let shown =
            |value: &str| PhoneNumber::parse_e164(value).ok().map(|number| number.format_for(country));
        self.phone_display = self.phone.as_deref().and_then(shown);
        for contact in &mut self.contacts {
            if let Some(phone) = shown(&contact.value).filter(|_| contact.has_number()) {
                contact.display_value = phone;
            }
        }
        self
    }

    /// Names this version of the client.
    pub fn tag(&self) -> String {
        edit_conflict::tag(self)
    }
}

impl From<Client> for ClientView {
    fn from(client: Client) -> Self {
        let data = client.data();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            id: client.id,
            first_name: data.first_name().to_owned(),
            last_name: owned(data.last_name()),
            middle_name: owned(data.middle_name()),
            full_name: data.full_name(),
            phone: data.phone().map(ToString::to_string),
            email: owned(data.email().map(Email::as_str)),
            address: owned(data.address()),
            date_of_birth: data.date_of_birth(),
            gender: data.gender().map(crate::domain::Gender::as_str),
            passport_series: owned(data.passport().and_then(Passport::series)),
            passport_number: owned(data.passport().map(Passport::number)),
            pin: owned(data.pin().map(Pin::value)),
            country_code: data.pin().map(|pin| pin.country().code().to_owned()),
            comments: owned(data.comments()),
            phone_display: data.phone().map(PhoneNumber::format_international),
            created_at: client.created_at,
            updated_at: client.updated_at,
            contacts: client.contacts.into_iter().map(Into::into).collect(),
        }
    }
}

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
    /// A chat with its last message in full.
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
    /// The newest messages, ascending.
    pub messages: Vec<MessageView>,
    /// Whether there are older ones.
    pub has_more: bool,
    /// The participants.
    pub members: Vec<MemberView>,
}

/// A part of a chat's messages.
#[derive(Debug, Serialize)]
pub struct MessagesView {
    /// The messages, ascending.
    pub items: Vec<MessageView>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// A participant.
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

/// Who said a message.
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
    /// A message in the reader's language.
    pub fn new(message: Message, i18n: I18n) -> Self {
        let files = message.attachments.into_iter().map(|file| AttachmentView::new(file, i18n));
        Self {
            id: message.id,
            chat_id: message.chat,
            direction: message.direction.as_str(),
            sender_id: message.member,
            sender: SenderView { r#type: message.sender_type.as_str(), name: message.sender_name },
            transport: message.transport.as_str(),
            message: message.text,
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

/// Why a message was not delivered, as a person understands it. A code without a sentence of ours is shown with the
/// provider's own text.
pub(in crate::presentation) fn failure_message(failure: &Failure, i18n: I18n) -> String {
    let key = format!("failure-{}", failure.code);
    if i18n.has(&key) {
        return i18n.get(&key).into_owned();
    }
    let detail = failure.detail.clone().unwrap_or_else(|| i18n.get("status-failed").into_owned());
    i18n.args("failure-other", &[("detail", detail.into()), ("code", failure.code.clone().into())])
        .into_owned()
}

/// Whether a failure's code is one of ours, which says nothing to a reader.
pub fn is_internal_code(code: &str) -> bool {
    [
        DELIVERY_UNCONFIRMED,
        RETRIES_EXHAUSTED,
        CHANNEL_DISABLED,
        CHANNEL_REMOVED,
        CHANNEL_CHANGED,
        PROVIDER_NO_RESPONSE,
    ]
    .contains(&code)
}

/// A message template.
#[derive(Debug, Serialize)]
pub struct TemplateView {
    /// Its id.
    pub id: TemplateId,
    /// Its name.
    pub name: String,
    /// Its text.
    pub template: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<MessageTemplate> for TemplateView {
    fn from(template: MessageTemplate) -> Self {
        Self {
            id: template.id,
            name: template.name,
            template: template.text,
            created_at: template.created_at,
            updated_at: template.updated_at,
        }
    }
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
        let twilio = [
            20003, 20404, 20429, 21211, 21408, 21606, 21608, 21610, 21611, 21612, 21614, 21617, 30001, 30002,
            30003, 30004, 30005, 30006, 30007, 30008, 30034, 63003, 63007, 63016, 63018, 63024,
        ];
        let codes = twilio.map(|code: u32| code.to_string()).into_iter();
        let own = [
            DELIVERY_UNCONFIRMED,
            RETRIES_EXHAUSTED,
            CHANNEL_DISABLED,
            CHANNEL_REMOVED,
            CHANNEL_CHANGED,
            PROVIDER_NO_RESPONSE,
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
