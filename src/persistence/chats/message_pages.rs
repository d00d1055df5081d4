//! Messages from a place in a conversation on.

use crate::persistence::{
    Messages,
    chats::messages::{MessageRow, columns},
};
use crate::{
    domain::{ChatId, Message, MessageId},
    error::Result,
};

impl Messages<'_> {
    /// The messages of a chat that follow `after`, ascending, and whether there are newer ones.
    pub async fn after(
        &mut self,
        chat: ChatId,
        after: MessageId,
        limit: i64,
    ) -> Result<(Vec<Message>, bool)> {
        let mut rows = sql!(
            self.tx,
            all(MessageRow),
            (columns!("AND m.chat_id = $2 AND m.id > $3 ORDER BY m.id LIMIT $4")),
            chat.0,
            after.0,
            limit + 1
        )?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        Ok((self.with_attachments(rows).await?, has_more))
    }

    /// What the client said last.
    pub async fn newest_inbound(&mut self, chat: ChatId) -> Result<Option<MessageId>> {
        let id = sql!(
            self.tx,
            maybe(i64),
            "
            SELECT id FROM messages WHERE tenant_id = $1 AND chat_id = $2 AND direction = 'inbound'
            ORDER BY id DESC LIMIT 1",
            chat.0
        )?;
        Ok(id.map(MessageId))
    }
}
