//! Messages before and after a position in a chat.

use crate::persistence::{
    Cursor, Messages, Start,
    chats::messages::{OLDEST_FIRST, list},
};
use crate::{
    domain::{ChatId, Message, MessageId},
    error::Result,
};

impl Messages<'_> {
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
        Ok((self.with_attachments(part.items).await?, part.has_more))
    }

    /// Finds the client's last message.
    pub async fn newest_inbound(&mut self, chat: ChatId) -> Result<Option<MessageId>> {
        self.snapshot
            .query(
                "SELECT id FROM messages WHERE tenant_id = $1 AND chat_id = $2 AND direction = 'inbound'
                 ORDER BY id DESC LIMIT 1",
            )
            .bind(chat)
            .optional()
            .await
    }
}
