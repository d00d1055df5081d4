//! Messages as a conversation shows them: by day, grouped by who speaks, with what is new marked.

use std::borrow::Cow;

use chrono::{NaiveDate, TimeDelta};

use crate::presentation::chats::messages::{
    links::{Part, parts},
    suggestion::OfferView,
};
use crate::{
    domain::{Direction, EarlierText, Message, MessageStatus},
    presentation::{
        http::{
            routes,
            views::{MessageView, is_own_code},
        },
        ui::layout::Layout,
    },
};

/// Messages of one speaker that follow each other within this time look like one turn.
const TURN: TimeDelta = TimeDelta::minutes(10);

/// A message with what stands around it.
pub(in crate::presentation) struct LogItem {
    pub(in crate::presentation) message: MessageView,
    /// Its text, split at the addresses in it.
    pub(in crate::presentation) parts: Vec<Part>,
    /// The day that begins with it.
    pub(in crate::presentation) day: Option<Cow<'static, str>>,
    /// The name of that day on the page.
    pub(in crate::presentation) day_id: String,
    /// Whether everything from here on is news.
    pub(in crate::presentation) new: bool,
    /// Whether it ends one, or differs from the next, and so says who, how, when, and how far it has come.
    pub(in crate::presentation) last: bool,
    /// What marks it: that it begins a turn, that the address names it.
    pub(in crate::presentation) mark: String,
    /// Whether seeing it reads it.
    pub(in crate::presentation) unread: bool,
    pub(in crate::presentation) time: String,
    pub(in crate::presentation) datetime: String,
    pub(in crate::presentation) moment: String,
    /// The texts that it had before its sender changed it, the oldest first.
    pub(in crate::presentation) earlier: Vec<Earlier>,
    /// What it answers: how that began, and where it is.
    pub(in crate::presentation) quote: Option<(String, String)>,
    /// That it is a template which WhatsApp approved.
    pub(in crate::presentation) approved: Option<Cow<'static, str>>,
    /// What it offers to do with its sender.
    pub(in crate::presentation) offer: Option<OfferView>,
    /// When it is to go out.
    pub(in crate::presentation) scheduled: Option<String>,
    /// The provider's code of a failure, where it says something to a reader.
    pub(in crate::presentation) code: Option<String>,
    /// Where to press retry.
    pub(in crate::presentation) retry: Option<String>,
    /// Where to press that it arrived, where nobody knows.
    pub(in crate::presentation) arrived: Option<String>,
}

/// A text that a message had.
pub(in crate::presentation) struct Earlier {
    pub(in crate::presentation) text: String,
    pub(in crate::presentation) moment: String,
    pub(in crate::presentation) datetime: String,
}

impl Earlier {
    fn new(earlier: &EarlierText, layout: &Layout) -> Self {
        Self {
            text: earlier.text.clone(),
            moment: layout.moment(&earlier.written_at),
            datetime: earlier.written_at.to_rfc3339(),
        }
    }
}

/// Whether it is part of what was said: what waits for its time is shown above the composer until it goes out.
pub(in crate::presentation) fn is_shown(message: &Message) -> bool {
    message.status != MessageStatus::Scheduled
}

/// Lays messages out, ascending. With `mark_new`, the first that no one has read gets the line.
pub(in crate::presentation) fn lay_out(
    mut messages: Vec<Message>,
    layout: &Layout,
    mark_new: bool,
    may_send: bool,
) -> Vec<LogItem> {
    messages.retain(is_shown);
    let unread = |m: &Message| m.direction == Direction::Inbound && m.read_at.is_none();
    let first_new = mark_new.then(|| messages.iter().position(unread)).flatten();
    let turns: Vec<bool> = messages
        .iter()
        .enumerate()
        .map(|(index, message)| {
            let before = index.checked_sub(1).and_then(|before| messages.get(before));
            before.is_none_or(|before| !same_turn(before, message, layout)) || first_new == Some(index)
        })
        .collect();
    let ends: Vec<bool> = (0..messages.len())
        .map(|index| {
            let message = messages.get(index);
            let next = messages.get(index + 1);
            let speaks =
                |m: &Message| m.failure.is_some() || m.edited_at.is_some() || m.scheduled_at.is_some();
            let differs = message.zip(next).is_some_and(|(a, b)| a.status != b.status);
            turns.get(index + 1).copied().unwrap_or(true) || message.is_some_and(speaks) || differs
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
                parts: parts(&message.text),
                day_id: message_day(&days, index),
                mark: mark(turns.get(index).copied().unwrap_or(true), joined.get(index) == Some(&true)),
                unread: may_send && unread(&message),
                day: new_day.then(|| layout.day(layout.date(&message.created_at))),
                new: first_new == Some(index),
                last: ends.get(index).copied().unwrap_or(true),
                time: layout.clock(&message.created_at),
                datetime: layout.machine_time(&message.created_at),
                moment: layout.moment(&message.created_at),
                earlier: message.earlier.iter().map(|earlier| Earlier::new(earlier, layout)).collect(),
                quote: quote(&message),
                approved: message.details.approved.as_ref().map(|_| layout.t.get("message-approved")),
                offer: None,
                scheduled: message.scheduled_at.map(|at| layout.moment(&at)),
                code: message.failure.as_ref().map(|f| f.code.clone()).filter(|code| !is_own_code(code)),
                retry: (may_send && message.status.can_retry())
                    .then(|| routes::RetryMessage(message.chat, message.id).to_string()),
                arrived: (may_send && message.status == MessageStatus::Unknown)
                    .then(|| routes::MessageArrived(message.chat, message.id).to_string()),
                message: MessageView::new(message, layout.t),
            }
        })
        .collect()
}

/// What a message answers, and where that is.
fn quote(message: &Message) -> Option<(String, String)> {
    let quote = message.details.quote.as_ref()?;
    let place = format!("{}?message={}#m{}", routes::Chat(message.chat), quote.message, quote.message);
    Some((quote.text.clone(), place))
}

/// What marks a message: that it begins a turn, that it goes on with an album.
fn mark(first: bool, joined: bool) -> String {
    let first = if first { " first" } else { "" };
    let joined = if joined { " joined" } else { "" };
    format!("{first}{joined}")
}

fn same_turn(before: &Message, message: &Message, layout: &Layout) -> bool {
    before.member == message.member
        && before.failure.is_none()
        && message.created_at - before.created_at < TURN
        && layout.date(&before.created_at) == layout.date(&message.created_at)
}

fn message_day(days: &[NaiveDate], index: usize) -> String {
    days.get(index).map(|day| format!("day-{day}")).unwrap_or_default()
}
