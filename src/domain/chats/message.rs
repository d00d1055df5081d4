//! Messages and the one rule of their delivery: a status never goes backwards.

use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::domain::{
    Attachment, ChannelId, ChatId, MemberId, MessageDetails, MessageId, PreviousText, Problem, SenderType,
    Transport,
};

/// The longest message, in characters. Providers have limits of their own, told before sending.
pub const MESSAGE_LIMIT: usize = 4_096;

/// Which way a message goes, seen from the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the client.
    Inbound,
    /// To the client.
    Outbound,
}

impl Direction {
    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}

impl FromStr for Direction {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        [Self::Inbound, Self::Outbound]
            .into_iter()
            .find(|d| d.as_str() == text)
            .ok_or(Problem::NotOneOf("inbound, outbound"))
    }
}

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageStatus {
    /// Inbound: it is here.
    Received,
    /// Waits for its time.
    Scheduled,
    /// Waits for the worker.
    Queued,
    /// The provider may or may not have it; nothing is sent again by itself.
    Unknown,
    /// The provider has it.
    Sent,
    /// The client's device has it.
    Delivered,
    /// The client has seen it.
    Read,
    /// It will not arrive; final until someone presses retry.
    Failed,
}

impl MessageStatus {
    /// All of them.
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

    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Unknown => "unknown",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }

    /// The status after a report of `to`, whatever the order in which reports come: later ones win over
    /// earlier ones, a failure wins over everything that is not a delivery, and is final.
    #[must_use]
    pub fn advance(self, to: Self) -> Self {
        match (self.rank(), to.rank()) {
            // Delivery and failure are both ends: a late "undelivered" does not undo a delivery.
            (_, Some(_)) if to == Self::Failed && matches!(self, Self::Delivered | Self::Read) => self,
            (Some(from), Some(new)) if new > from => to,
            _ => self,
        }
    }

    /// Whether someone may press retry: it failed, or nobody knows.
    pub fn can_retry(self) -> bool {
        matches!(self, Self::Failed | Self::Unknown)
    }

    /// Whether it has yet to be handed over.
    pub fn is_pending(self) -> bool {
        matches!(self, Self::Scheduled | Self::Queued)
    }

    /// The order of an outbound message's life; inbound ones have none.
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

impl FromStr for MessageStatus {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|s| s.as_str() == text).ok_or(Problem::NotOneOf("a message status"))
    }
}

/// A message's text: at most [`MESSAGE_LIMIT`] characters, line breaks as `\n`, never NUL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageText(String);

impl MessageText {
    /// Parses what staff typed.
    ///
    /// # Errors
    /// Nothing but white space, or too long.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let clean = Self::clean(text);
        match clean.0.chars().count() {
            0 => Err(Problem::Required),
            1..=MESSAGE_LIMIT => Ok(clean),
            _ => Err(Problem::TooLong { max: MESSAGE_LIMIT }),
        }
    }

    /// The text that a provider delivered. It is kept whatever its length: a customer's words are not refused.
    pub fn from_provider(text: &str) -> Self {
        Self::clean(text)
    }

    fn clean(text: &str) -> Self {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let kept: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        Self(kept.trim().to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is none, as with a picture without a caption.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first words on one line, for lists.
    pub fn preview(&self) -> String {
        let words = self.0.split_whitespace().collect::<Vec<_>>().join(" ");
        words.chars().take(140).collect()
    }
}

/// Why a message was not delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The provider's code, or a word of ours where the provider was never reached.
    pub code: String,
    /// The provider's own text, shown where the code has no sentence of ours.
    pub detail: Option<String>,
}

/// A message that is about to be stored.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// The chat.
    pub chat: ChatId,
    /// Who says it.
    pub member: MemberId,
    /// Which way it goes.
    pub direction: Direction,
    /// How it travels.
    pub transport: Transport,
    /// The channel that it came by or leaves by.
    pub channel: ChannelId,
    /// The text.
    pub text: MessageText,
    /// What else it holds.
    pub details: MessageDetails,
    /// How far it has come.
    pub status: MessageStatus,
    /// The provider's id, where it is known already.
    pub provider_id: Option<String>,
    /// The sender's key for "this click and no other".
    pub idempotency_key: Option<String>,
    /// When it is to leave, where not at once.
    pub scheduled_at: Option<DateTime<Utc>>,
    /// When it was made, or came.
    pub created_at: DateTime<Utc>,
}

/// A stored message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id; grows within the chat.
    pub id: MessageId,
    /// The chat.
    pub chat: ChatId,
    /// The member that said it.
    pub member: MemberId,
    /// The kind of sender.
    pub sender_type: SenderType,
    /// The sender's name as it is now.
    pub sender_name: String,
    /// Which way it goes.
    pub direction: Direction,
    /// How it travels.
    pub transport: Transport,
    /// The channel, unless it was removed since.
    pub channel: Option<ChannelId>,
    /// The text.
    pub text: String,
    /// What else it holds.
    pub details: MessageDetails,
    /// The texts that it had before, the oldest first.
    pub previous_texts: Vec<PreviousText>,
    /// The files.
    pub attachments: Vec<Attachment>,
    /// How far it has come.
    pub status: MessageStatus,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// When the provider took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the client's device had it.
    pub delivered_at: Option<DateTime<Utc>>,
    /// Outbound: when the client saw it. Inbound: when staff did.
    pub read_at: Option<DateTime<Utc>>,
    /// When the client last edited it.
    pub edited_at: Option<DateTime<Utc>>,
    /// When it is to leave.
    pub scheduled_at: Option<DateTime<Utc>>,
    /// How often someone pressed retry.
    pub retries: i64,
    /// When it was made, or came.
    pub created_at: DateTime<Utc>,
}

impl Message {
    /// What our status callbacks call this try of this message.
    pub fn callback_reference(&self) -> String {
        format!("{}.{}", self.id, self.retries)
    }

    /// The message that a [`callback_reference`](Self::callback_reference) is about.
    pub fn parse_callback_reference(reference: &str) -> Option<MessageId> {
        reference.split_once('.')?.0.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use MessageStatus::*;
    use proptest::prelude::*;

    #[test]
    fn every_pair_of_statuses_only_goes_forward() {
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
        fn reports_in_any_order_with_repeats_end_alike(
            mut reports in prop::collection::vec(prop::sample::select(vec![Queued, Sent, Delivered, Read]), 1..12)
        ) {
            let end = |reports: &[MessageStatus]| reports.iter().fold(Queued, |s, to| s.advance(*to));
            let shuffled = end(&reports);
            reports.sort_by_key(|s| s.rank());
            prop_assert_eq!(end(&reports), shuffled);
        }
    }

    #[test]
    fn names_are_read_back() {
        for status in MessageStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
        }
    }

    #[test]
    fn text_keeps_its_lines_and_loses_what_cannot_be_stored() {
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
