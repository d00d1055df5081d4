//! Messages before, after and around a position in a chat.

use std::cmp::Reverse;

use crate::persistence::{
    Cursor, Messages, Start,
    chats::messages::{NEWEST_FIRST, OLDEST_FIRST, list},
    engine::Sql,
};
use crate::{
    domain::{ChatId, Message, MessageId},
    error::Result,
};

/// The messages around a position in a chat.
#[derive(Debug, Clone)]
pub struct MessagesAround {
    /// The messages before the position, ascending.
    pub before: Vec<Message>,
    /// True if there are older messages.
    pub has_older: bool,
    /// The messages from the position on, ascending.
    pub after: Vec<Message>,
    /// True if there are newer messages.
    pub has_newer: bool,
}

impl Messages<'_> {
    /// Lists the newest messages of a chat, or those before `before`, in ascending order. Also
    /// returns true if there are older ones.
    pub async fn before(
        &mut self,
        chat: ChatId,
        before: Option<MessageId>,
        limit: i64,
    ) -> Result<(Vec<Message>, bool)> {
        let start = before.map_or(Start::Offset(0), |id| Start::After(Cursor::of_id(id.0)));
        let mut part = self.snapshot.part(&list(chat, NEWEST_FIRST), start, limit).await?;
        part.items.reverse();
        Ok((part.items, part.has_more))
    }

    /// Lists the messages of a chat after `after` in ascending order. Also returns true if there are
    /// newer ones.
    pub async fn after(
        &mut self,
        chat: ChatId,
        after: MessageId,
        limit: i64,
    ) -> Result<(Vec<Message>, bool)> {
        let list = list(chat, OLDEST_FIRST);
        let part = self.snapshot.part(&list, Start::After(Cursor::of_id(after.0)), limit).await?;
        Ok((part.items, part.has_more))
    }

    /// Lists up to `before` messages before an id and up to `after` messages from it on, in one
    /// statement.
    pub async fn around(
        &mut self,
        chat: ChatId,
        id: MessageId,
        before: i64,
        after: i64,
    ) -> Result<MessagesAround> {
        let at = |id: i64| Start::After(Cursor::of_id(id));
        let older = list(chat, NEWEST_FIRST).part(at(id.0), before);
        let newer = list(chat, OLDEST_FIRST).part(at(id.0.saturating_sub(1)), after);
        let sql = Sql::from("SELECT * FROM (")
            .push(older)
            .push(") o UNION ALL SELECT * FROM (")
            .push(newer)
            .push(") n");
        let (mut older, mut newer): (Vec<Message>, Vec<Message>) =
            self.snapshot.query(sql).all::<Message>().await?.into_iter().partition(|message| message.id < id);
        older.sort_by_key(|message| Reverse(message.id));
        newer.sort_by_key(|message| message.id);
        let (has_older, has_newer) = (cut(&mut older, before), cut(&mut newer, after));
        older.reverse();
        Ok(MessagesAround { before: older, has_older, after: newer, has_newer })
    }

    /// Finds the client's last message, at the end of the messages of each of the client's members.
    pub async fn newest_inbound(&mut self, chat: ChatId) -> Result<Option<MessageId>> {
        self.snapshot
            .query(
                "SELECT MAX((SELECT MAX(m.id) FROM messages m
                     WHERE m.tenant_id = b.tenant_id AND m.member_id = b.id))
                 FROM members b WHERE b.tenant_id = $1 AND b.chat_id = $2 AND b.sender_type = 'client'",
            )
            .bind(chat)
            .one()
            .await
    }
}

/// Truncates to `limit`; returns true if there were more.
fn cut(messages: &mut Vec<Message>, limit: i64) -> bool {
    let limit = usize::try_from(limit).unwrap_or(0);
    let has_more = messages.len() > limit;
    messages.truncate(limit);
    has_more
}
