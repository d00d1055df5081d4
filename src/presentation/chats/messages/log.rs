//! The message log of a chat: messages by day, grouped by sender, with the first unread one marked.

use std::{borrow::Cow, collections::HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::{
    domain::{Direction, Message, MessageId, MessageStatus, PreviousText, Referral, sort_by_writing},
    presentation::{
        chats::messages::{
            links::{TextPart, split_links},
            suggestion::SuggestionBannerView,
            view::{MessageView, is_internal_code, shown_text},
        },
        delivery::attachments::AttachmentView,
        http::routes,
        ui::{i18n::I18n, layout::Layout},
    },
    services::QueueWait,
};

/// The maximum time between two messages of a group.
const GROUP_INTERVAL: TimeDelta = TimeDelta::minutes(10);

/// The shortest delay between writing and arrival that is shown.
const SHOWN_DELAY: TimeDelta = TimeDelta::minutes(2);

/// A message in the log.
pub(in crate::presentation) struct LogItem {
    pub(in crate::presentation) message: MessageView,
    /// The text, split at its addresses.
    pub(in crate::presentation) parts: Vec<TextPart>,
    /// The day, on the first message of a day.
    pub(in crate::presentation) day: Option<Cow<'static, str>>,
    /// The id of the day's heading on the page.
    pub(in crate::presentation) day_id: String,
    /// True for the first unread message.
    pub(in crate::presentation) is_first_unread: bool,
    /// True if sender, transport, time and status are shown: on the last message of a group, and on
    /// one whose status or history differs.
    pub(in crate::presentation) shows_footer: bool,
    /// CSS classes: first of a group, part of an album, named by the address.
    pub(in crate::presentation) css_classes: String,
    /// True if the message becomes read when it is seen.
    pub(in crate::presentation) unread: bool,
    pub(in crate::presentation) time: String,
    pub(in crate::presentation) datetime: String,
    pub(in crate::presentation) moment: String,
    /// The texts before the sender edited the message, the oldest first.
    pub(in crate::presentation) previous_texts: Vec<PreviousTextView>,
    /// The client's reactions; empty if there are none.
    pub(in crate::presentation) reactions: String,
    /// Files that the sender replaced, the oldest first.
    pub(in crate::presentation) previous_files: Vec<AttachmentView>,
    /// The time at which the client wrote a message that arrived later.
    pub(in crate::presentation) written: Option<String>,
    /// The origin of the message, if it was forwarded or answers an advertisement.
    pub(in crate::presentation) origin: Option<Cow<'static, str>>,
    /// The quoted message: the beginning of its text and its address.
    pub(in crate::presentation) quote: Option<(String, String)>,
    /// A note if the message is a WhatsApp template.
    pub(in crate::presentation) whatsapp_template: Option<Cow<'static, str>>,
    /// An action that the message suggests for its client.
    pub(in crate::presentation) suggestion: Option<SuggestionBannerView>,
    /// The state of the delivery, with the expected wait of a message that waits for others.
    pub(in crate::presentation) status: Cow<'static, str>,
    /// The time that the message is scheduled for.
    pub(in crate::presentation) scheduled: Option<String>,
    /// The provider's error code, unless it is one of ours.
    pub(in crate::presentation) failure_code: Option<String>,
    /// The address for sending the message again.
    pub(in crate::presentation) retry_url: Option<String>,
    /// The address for confirming an unconfirmed delivery.
    pub(in crate::presentation) confirm_delivery_url: Option<String>,
}

/// A former text of an edited message.
pub(in crate::presentation) struct PreviousTextView {
    pub(in crate::presentation) text: String,
    pub(in crate::presentation) moment: String,
    pub(in crate::presentation) datetime: String,
}

impl PreviousTextView {
    fn new(earlier: &PreviousText, layout: &Layout) -> Self {
        Self {
            text: earlier.text.clone(),
            moment: layout.date_and_time(&earlier.written_at),
            datetime: earlier.written_at.to_rfc3339(),
        }
    }
}

/// True if the message is shown in the log. Scheduled messages are shown above the composer
/// instead.
fn is_in_log(message: &Message) -> bool {
    message.status != MessageStatus::Scheduled
}

/// Builds the log from messages in ascending order. With `mark_first_unread`, the first unread
/// message is marked.
pub(in crate::presentation) fn build_log(
    mut messages: Vec<Message>,
    waits: &HashMap<MessageId, QueueWait>,
    layout: &Layout,
    mark_first_unread: bool,
    may_send: bool,
) -> Vec<LogItem> {
    messages.retain(is_in_log);
    sort_by_writing(&mut messages);
    let unread = |m: &Message| m.direction == Direction::Inbound && m.read_at.is_none();
    let first_unread = mark_first_unread.then(|| messages.iter().position(unread)).flatten();
    let group_starts: Vec<bool> = messages
        .iter()
        .enumerate()
        .map(|(index, message)| {
            let before = index.checked_sub(1).and_then(|before| messages.get(before));
            before.is_none_or(|before| !is_same_group(before, message, layout)) || first_unread == Some(index)
        })
        .collect();
    let ends: Vec<bool> = (0..messages.len())
        .map(|index| {
            let message = messages.get(index);
            let next = messages.get(index + 1);
            let speaks = |m: &Message| {
                m.failure.is_some()
                    || m.edited_at.is_some()
                    || m.scheduled_at.is_some()
                    || written_before(m).is_some()
            };
            let differs = message.zip(next).is_some_and(|(a, b)| a.status != b.status);
            group_starts.get(index + 1).copied().unwrap_or(true) || message.is_some_and(speaks) || differs
        })
        .collect();
    let joined: Vec<bool> = messages
        .iter()
        .enumerate()
        .map(|(index, message)| {
            let before = index.checked_sub(1).and_then(|before| messages.get(before));
            let album = message.details.album.as_ref();
            album.is_some() && before.is_some_and(|before| before.details.album.as_ref() == album)
        })
        .collect();
    let days: Vec<_> = messages.iter().map(|message| layout.date(&message.created_at)).collect();
    messages
        .into_iter()
        .enumerate()
        .map(|(index, message)| {
            let new_day = index == 0 || days.get(index - 1) != days.get(index);
            LogItem {
                parts: split_links(&shown_text(&message, layout.t)),
                day_id: message_day(&days, index),
                css_classes: css_classes(
                    group_starts.get(index).copied().unwrap_or(true),
                    joined.get(index) == Some(&true),
                ),
                unread: may_send && unread(&message),
                day: new_day.then(|| layout.relative_day(layout.date(&message.created_at))),
                is_first_unread: first_unread == Some(index),
                shows_footer: ends.get(index).copied().unwrap_or(true),
                time: layout.time(&message.created_at),
                datetime: layout.datetime(&message.created_at),
                moment: layout.date_and_time(&message.created_at),
                previous_texts: message
                    .previous_texts
                    .iter()
                    .map(|earlier| PreviousTextView::new(earlier, layout))
                    .collect(),
                reactions: message
                    .details
                    .reactions
                    .as_ref()
                    .map(|of| of.emoji.join(" "))
                    .unwrap_or_default(),
                previous_files: message
                    .previous_files
                    .iter()
                    .map(|file| AttachmentView::new(file.clone(), layout.t))
                    .collect(),
                written: written_before(&message).map(|at| layout.date_and_time(&at)),
                origin: origin(&message, layout.t),
                quote: quote(&message),
                whatsapp_template: message
                    .details
                    .whatsapp_template
                    .as_ref()
                    .map(|_| layout.t.get("message-approved")),
                suggestion: None,
                status: status(&message, waits.get(&message.id), layout.t),
                scheduled: message.scheduled_at.map(|at| layout.date_and_time(&at)),
                failure_code: message
                    .failure
                    .as_ref()
                    .map(|f| f.code.clone())
                    .filter(|code| !is_internal_code(code)),
                retry_url: (may_send && message.status.can_retry())
                    .then(|| routes::RetryMessage(message.chat, message.id).to_string()),
                confirm_delivery_url: (may_send && message.status == MessageStatus::Unknown)
                    .then(|| routes::ConfirmDelivery(message.chat, message.id).to_string()),
                message: MessageView::new(message, layout.t),
            }
        })
        .collect()
}

/// The state of the delivery of a message.
fn status(message: &Message, wait: Option<&QueueWait>, i18n: I18n) -> Cow<'static, str> {
    match wait {
        // A started minute counts in full.
        Some(QueueWait { ahead, seconds }) => i18n.args(
            "status-queued-behind",
            &[("count", (*ahead).into()), ("minutes", ((seconds + 59) / 60).into())],
        ),
        None => i18n.get(format!("status-{}", message.status.as_str())),
    }
}

/// The time at which the client wrote a message that arrived later than that.
fn written_before(message: &Message) -> Option<DateTime<Utc>> {
    let late = |at: &DateTime<Utc>| message.created_at - *at >= SHOWN_DELAY;
    message.sent_at.filter(late).filter(|_| message.direction == Direction::Inbound)
}

/// The origin of a message that the client did not write of itself.
fn origin(message: &Message, i18n: I18n) -> Option<Cow<'static, str>> {
    let details = &message.details;
    if let Some(author) = &details.forwarded_from {
        return Some(match author.as_str() {
            "" => i18n.get("message-forwarded"),
            author => i18n.with("message-forwarded-from", "name", author),
        });
    }
    let Referral { headline, body, url } = details.referral.as_ref()?;
    let named = [headline, body, url].into_iter().find(|text| !text.is_empty())?;
    Some(i18n.with("message-referral", "name", named.clone()))
}

/// The beginning and the address of the quoted message.
fn quote(message: &Message) -> Option<(String, String)> {
    let quote = message.details.quote.as_ref()?;
    let url = format!("{}?message={}#m{}", routes::Chat(message.chat), quote.message, quote.message);
    Some((quote.text.clone(), url))
}

/// The CSS classes of a message: first of its group, continuation of an album.
fn css_classes(first: bool, joined: bool) -> String {
    let first = if first { " first" } else { "" };
    let joined = if joined { " joined" } else { "" };
    format!("{first}{joined}")
}

fn is_same_group(before: &Message, message: &Message, layout: &Layout) -> bool {
    before.member == message.member
        && before.failure.is_none()
        && message.created_at - before.created_at < GROUP_INTERVAL
        && layout.date(&before.created_at) == layout.date(&message.created_at)
}

fn message_day(days: &[NaiveDate], index: usize) -> String {
    days.get(index).map(|day| format!("day-{day}")).unwrap_or_default()
}
