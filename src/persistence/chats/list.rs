//! Parts of the list of chats that stay right while it changes: what comes after a place in it, and single rows.

use chrono::{DateTime, Utc};

use crate::persistence::{
    ChatFilter, Chats,
    chats::{
        messages::id_list,
        repository::{ChatRow, columns, filtered, matching},
    },
};
use crate::{
    domain::{Chat, ChatId, MessageId},
    error::Result,
};

/// A place in the list, which stays where it is while chats move to the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChatCursor {
    /// When the chat there was active last.
    pub active_at: DateTime<Utc>,
    /// The chat.
    pub id: ChatId,
}

/// Where a part of the list begins.
#[derive(Debug, Clone, Copy)]
pub enum ChatListStart {
    /// After this many chats.
    Offset(i64),
    /// After a place.
    After(ChatCursor),
}

impl Chats<'_> {
    /// Up to `limit` chats from a start on, the newest message first, and whether there are more. Nothing is counted.
    pub async fn list_from(
        &mut self,
        filter: &ChatFilter,
        start: ChatListStart,
        limit: i64,
    ) -> Result<(Vec<Chat>, bool)> {
        let sought = self.search(filter).await?;
        let mut rows = match start {
            ChatListStart::Offset(offset) => filtered!(
                self.tx,
                all(ChatRow),
                filter,
                sought,
                columns!(),
                "ORDER BY c.active_at DESC, c.id DESC LIMIT $5 OFFSET $6",
                limit + 1,
                offset
            )?,
            ChatListStart::After(place) => filtered!(
                self.tx,
                all(ChatRow),
                filter,
                sought,
                columns!(),
                "AND (c.active_at, c.id) < ($5, $6) ORDER BY c.active_at DESC, c.id DESC LIMIT $7",
                place.active_at,
                place.id.0,
                limit + 1
            )?,
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        Ok((sought.mark(rows), has_more))
    }

    /// Those of these chats that the filter lets through, the newest message first.
    pub async fn filter_ids(&mut self, filter: &ChatFilter, ids: &[ChatId]) -> Result<Vec<Chat>> {
        let sought = self.search(filter).await?;
        let list = id_list(ids.iter().map(|id| id.0));
        let rows = filtered!(
            self.tx,
            all(ChatRow),
            filter,
            sought,
            columns!(),
            {
                sqlite: concat!("AND c.id", in_list!(sqlite, "$5"), " ORDER BY c.active_at DESC, c.id DESC"),
                postgres: concat!("AND c.id", in_list!(postgres, "$5"), " ORDER BY c.active_at DESC, c.id DESC")
            },
            &list
        )?;
        Ok(sought.mark(rows))
    }

    /// Makes the chat's newest inbound message count as unread again; `false` when it has messages that no one has read
    /// already.
    pub async fn mark_unread_from(&mut self, chat: ChatId, message: MessageId) -> Result<bool> {
        let changed = sql!(
            self.tx,
            exec,
            "UPDATE chats SET unread_count = 1 WHERE tenant_id = $1 AND id = $2 AND unread_count = 0",
            chat.0
        )?;
        if changed == 0 {
            return Ok(false);
        }
        sql!(
            self.tx,
            exec,
            "UPDATE messages SET read_at = NULL WHERE tenant_id = $1 AND chat_id = $2 AND id = $3",
            chat.0,
            message.0
        )?;
        Ok(true)
    }
}
