//! Messages as a conversation shows them: by day, grouped by who speaks, with what is new marked.

use std::borrow::Cow;

use chrono::TimeDelta;

use crate::{
    domain::{Direction, Message, MessageId},
    presentation::{
        layout::Layout,
        routes,
        views::{MessageView, is_own_code},
    },
};

/// Messages of one speaker that follow each other within this time look like one turn.
const TURN: TimeDelta = TimeDelta::minutes(10);

/// A message with what stands around it.
pub(super) struct LogItem {
    pub(super) message: MessageView,
    /// The day that begins with it.
    pub(super) day: Option<Cow<'static, str>>,
    /// Whether everything from here on is news.
    pub(super) new: bool,
    /// Whether it begins a turn.
    pub(super) first: bool,
    /// Whether it ends one, and so says who and when.
    pub(super) last: bool,
    pub(super) time: String,
    pub(super) datetime: String,
    pub(super) moment: String,
    /// When it is to go out.
    pub(super) scheduled: Option<String>,
    /// The provider's code of a failure, where it says something to a reader.
    pub(super) code: Option<String>,
    /// Where to press retry.
    pub(super) retry: Option<String>,
}

/// Lays messages out, ascending. With `mark_new`, the first that no one has read gets the line.
pub(super) fn lay_out(
    messages: Vec<Message>,
    layout: &Layout,
    mark_new: bool,
    may_send: bool,
) -> Vec<LogItem> {
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
    let days: Vec<_> = messages.iter().map(|message| layout.date(&message.created_at)).collect();
    messages
        .into_iter()
        .enumerate()
        .map(|(index, message)| {
            let new_day = index == 0 || days.get(index - 1) != days.get(index);
            LogItem {
                day: new_day.then(|| layout.day(layout.date(&message.created_at))),
                new: first_new == Some(index),
                first: turns.get(index).copied().unwrap_or(true),
                last: turns.get(index + 1).copied().unwrap_or(true) || message.failure.is_some(),
                time: layout.clock(&message.created_at),
                datetime: message.created_at.to_rfc3339(),
                moment: layout.moment(&message.created_at),
                scheduled: message.scheduled_at.map(|at| layout.moment(&at)),
                code: message.failure.as_ref().map(|f| f.code.clone()).filter(|code| !is_own_code(code)),
                retry: (may_send && message.status.can_retry())
                    .then(|| routes::RetryMessage(message.chat, message.id).to_string()),
                message: MessageView::new(message, layout.t),
            }
        })
        .collect()
}

fn same_turn(before: &Message, message: &Message, layout: &Layout) -> bool {
    before.member == message.member
        && before.failure.is_none()
        && message.created_at - before.created_at < TURN
        && layout.date(&before.created_at) == layout.date(&message.created_at)
}

/// The newest inbound message that no one has read.
pub(super) fn newest_unread(messages: &[Message]) -> Option<MessageId> {
    let unread = |m: &&Message| m.direction == Direction::Inbound && m.read_at.is_none();
    messages.iter().rev().find(unread).map(|message| message.id)
}
