//! Messages, and the rule of their delivery status: it never moves backwards.

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::domain::{
    Attachment, ChannelId, ChatId, MemberId, MessageDetails, MessageId, PreviousText, Problem, SenderType,
    Transport, values::invisible::is_blank,
};

/// The longest message, in characters. Providers have lower limits, which are checked before
/// sending.
pub const MESSAGE_LIMIT: usize = 4_096;

/// The direction of a message, seen from the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum Direction {
    /// From the client.
    Inbound,
    /// To the client.
    Outbound,
}

impl Direction {
    /// The name in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The delivery status of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum MessageStatus {
    /// Inbound messages have this status throughout.
    Received,
    /// The message waits for its scheduled time.
    Scheduled,
    /// The message is in the outbox.
    Queued,
    /// The provider may or may not have accepted the message; it is not sent again automatically.
    Unknown,
    /// The provider has accepted the message.
    Sent,
    /// The message has reached the client's device.
    Delivered,
    /// The client has seen the message.
    Read,
    /// The message was not delivered. The status is final until a user retries it.
    Failed,
}

impl MessageStatus {
    /// All variants.
    pub const ALL: [Self; 8] = [
        Self::Received,
        Self::Scheduled,
        Self::Queued,
        Self::Unknown,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Failed,
    ];

    /// The name in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Returns the status after a report of `to`, independently of the order in which reports
    /// arrive: later stages override earlier ones, and a failure overrides every stage before
    /// delivery and is final.
    #[must_use]
    pub fn advance(self, to: Self) -> Self {
        match (self.rank(), to.rank()) {
            // Delivery and failure are both final: a late "undelivered" does not undo a delivery.
            (_, Some(_)) if to == Self::Failed && matches!(self, Self::Delivered | Self::Read) => self,
            (Some(from), Some(new)) if new > from => to,
            _ => self,
        }
    }

    /// True if a user may retry the message: it failed, or its delivery is unconfirmed.
    pub fn can_retry(self) -> bool {
        matches!(self, Self::Failed | Self::Unknown)
    }

    /// True if the message has not been handed to the provider yet.
    pub fn is_pending(self) -> bool {
        matches!(self, Self::Scheduled | Self::Queued)
    }

    /// The stage of an outbound message, in order; inbound statuses have none.
    fn rank(self) -> Option<u8> {
        match self {
            Self::Received => None,
            Self::Scheduled => Some(0),
            Self::Queued => Some(1),
            Self::Unknown => Some(2),
            Self::Sent => Some(3),
            Self::Delivered => Some(4),
            Self::Read => Some(5),
            Self::Failed => Some(6),
        }
    }
}

/// A message's text: at most [`MESSAGE_LIMIT`] characters, with `\n` line breaks and without NUL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageText(String);

impl MessageText {
    /// Parses a text that a user wrote.
    ///
    /// # Errors
    /// [`Problem::Required`] for white space alone, [`Problem::TooLong`].
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let clean = Self::clean(text);
        match clean.0.chars().count() {
            0 => Err(Problem::Required),
            1..=MESSAGE_LIMIT => Ok(clean),
            _ => Err(Problem::TooLong { max: MESSAGE_LIMIT }),
        }
    }

    /// Accepts a text that a provider delivered, at any length: an inbound message is never
    /// refused.
    pub fn from_provider(text: &str) -> Self {
        Self::clean(text)
    }

    fn clean(text: &str) -> Self {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let kept: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        Self(if is_blank(&kept) { String::new() } else { kept.trim().to_owned() })
    }

    /// The text as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if the text is empty, as for a picture without a caption.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The beginning of the text on one line, for lists.
    pub fn preview(&self) -> String {
        let words = self.0.split_whitespace().collect::<Vec<_>>().join(" ");
        words.chars().take(140).collect()
    }
}

/// The reason why a message was not delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The provider's error code, or a code of Aloqa when the provider was not reached.
    pub code: String,
    /// The provider's own text, which pages show when they have no translation for the code.
    pub detail: Option<String>,
}

/// The key by which a repeated request is recognised, with what the request asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The client-supplied key, with the user's id before it: users do not know the keys of others.
    pub key: String,
    /// The SHA-256 hash of what the request asked for. A request with the same key and another fingerprint is an error.
    pub fingerprint: Vec<u8>,
}

/// A message to be stored.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// The chat that it belongs to.
    pub chat: ChatId,
    /// The sender.
    pub member: MemberId,
    /// Inbound or outbound.
    pub direction: Direction,
    /// The transport that carries it.
    pub transport: Transport,
    /// The channel that received it or will send it.
    pub channel: ChannelId,
    /// The text; may be empty.
    pub text: MessageText,
    /// Content besides the text and the files.
    pub details: MessageDetails,
    /// The initial delivery status.
    pub status: MessageStatus,
    /// The provider's id of the message, if it is known already.
    pub provider_id: Option<String>,
    /// The client-supplied key by which a repeated request is recognised.
    pub idempotency_key: Option<IdempotencyKey>,
    /// The time to send it at; `None` sends it at once.
    pub scheduled_at: Option<DateTime<Utc>>,
    /// The time at which the client sent an inbound message, if the provider tells.
    pub sent_at: Option<DateTime<Utc>>,
    /// The time when it was created or received.
    pub created_at: DateTime<Utc>,
}

/// A stored message.
#[derive(Debug, Clone)]
pub struct Message {
    /// The message's id; ids increase within a chat.
    pub id: MessageId,
    /// The chat that it belongs to.
    pub chat: ChatId,
    /// The sender.
    pub member: MemberId,
    /// The sender's kind.
    pub sender_type: SenderType,
    /// The sender's current name.
    pub sender_name: String,
    /// Inbound or outbound.
    pub direction: Direction,
    /// The transport that carries it.
    pub transport: Transport,
    /// The channel; `None` if it was removed since.
    pub channel: Option<ChannelId>,
    /// The text; may be empty.
    pub text: String,
    /// Content besides the text and the files.
    pub details: MessageDetails,
    /// Texts from before the sender's edits, the oldest first.
    pub previous_texts: Vec<PreviousText>,
    /// The provider's ids of the parts that were sent, of a message that is sent in parts.
    pub sent_parts: Vec<String>,
    /// The files, in the order of the message.
    pub attachments: Vec<Attachment>,
    /// Files that the sender replaced, the oldest first.
    pub previous_files: Vec<Attachment>,
    /// The delivery status.
    pub status: MessageStatus,
    /// The reason of a failure.
    pub failure: Option<Failure>,
    /// Outbound: the time when the provider accepted it. Inbound: the time at which the client sent it, if the provider
    /// tells.
    pub sent_at: Option<DateTime<Utc>>,
    /// The time when it reached the client's device.
    pub delivered_at: Option<DateTime<Utc>>,
    /// Outbound: the time when the client saw it. Inbound: the time when a user saw it.
    pub read_at: Option<DateTime<Utc>>,
    /// The time of the client's last edit.
    pub edited_at: Option<DateTime<Utc>>,
    /// The time to send it at.
    pub scheduled_at: Option<DateTime<Utc>>,
    /// The number of retries by users.
    pub retries: i64,
    /// The time when it was created or received.
    pub created_at: DateTime<Utc>,
}

impl Message {
    /// The reference to this attempt to send the message, which is part of the URL of status
    /// callbacks.
    pub fn callback_reference(&self) -> String {
        format!("{}.{}", self.id, self.retries)
    }

    /// Parses the message's id from a [`callback_reference`](Self::callback_reference).
    pub fn parse_callback_reference(reference: &str) -> Option<MessageId> {
        reference.split_once('.')?.0.parse().ok()
    }
}

/// Puts messages that arrived in another order than the client wrote them into the order of writing. Messages in ascending
/// order of their ids are the argument; those without a number of the provider keep their places.
pub fn sort_by_writing(messages: &mut Vec<Message>) {
    for index in 1..messages.len() {
        let Some((own, earlier)) = messages.get(..=index).and_then(<[Message]>::split_last) else { continue };
        let Some(sequence) = own.details.sequence else { continue };
        let is_later = |other: &Message| {
            other.direction == own.direction
                && other.channel == own.channel
                && other.member == own.member
                && other.details.sequence.is_some_and(|other| other > sequence)
        };
        if let Some(place) = earlier.iter().position(is_later) {
            let late = messages.remove(index);
            messages.insert(place, late);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use MessageStatus::*;
    use proptest::prelude::*;

    #[test]
    fn advance_never_moves_a_status_backwards() {
        let forward = [
            (Scheduled, vec![Queued, Unknown, Sent, Delivered, Read, Failed]),
            (Queued, vec![Unknown, Sent, Delivered, Read, Failed]),
            (Unknown, vec![Sent, Delivered, Read, Failed]),
            (Sent, vec![Delivered, Read, Failed]),
            (Delivered, vec![Read]),
            (Read, vec![]),
            (Failed, vec![]),
            (Received, vec![]),
        ];
        for (from, targets) in forward {
            for to in MessageStatus::ALL {
                let expected = if targets.contains(&to) { to } else { from };
                assert_eq!(from.advance(to), expected, "{from:?} and a report of {to:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn reports_in_any_order_give_the_same_status(
            mut reports in prop::collection::vec(prop::sample::select(vec![Queued, Sent, Delivered, Read]), 1..12)
        ) {
            let end = |reports: &[MessageStatus]| reports.iter().fold(Queued, |s, to| s.advance(*to));
            let shuffled = end(&reports);
            reports.sort_by_key(|s| s.rank());
            prop_assert_eq!(end(&reports), shuffled);
        }
    }

    #[test]
    fn status_names_round_trip() {
        for status in MessageStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
        }
    }

    #[test]
    fn message_text_keeps_lines_and_drops_unstorable_characters() {
        assert_eq!(MessageText::parse(" a\r\nb\0 ").unwrap().as_str(), "a\nb");
        assert_eq!(MessageText::parse(" \n "), Err(Problem::Required));
        let long = "я".repeat(MESSAGE_LIMIT);
        assert!(MessageText::parse(&long).is_ok());
        assert_eq!(MessageText::parse(&format!("{long}я")), Err(Problem::TooLong { max: MESSAGE_LIMIT }));
        assert_eq!(
            MessageText::from_provider(&format!("{long}я")).as_str().chars().count(),
            MESSAGE_LIMIT + 1
        );
        assert_eq!(MessageText::from_provider("one\ntwo").preview(), "one two");
    }
}
