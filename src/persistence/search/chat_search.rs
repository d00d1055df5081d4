//! What the list of chats looks for: clients by their words, conversations by what was said in them.

use crate::persistence::{
    ChatFilter, Chats,
    chats::{messages::id_list, repository::ChatRow},
    search::{found_messages::RECENT_MESSAGES, index},
};
use crate::{
    domain::{Chat, ChatId, MessageId, MessageTerms},
    error::Result,
};

/// Of so many messages, the newest that match, the chats are listed: a word that everyone says must not read the whole
/// history. The spotlight goes on beyond them.
const MAX_MATCHING_MESSAGES: i64 = 500;
/// When so many are among the newest messages of all, those are enough.
const ENOUGH_RECENT_MATCHES: usize = 50;

/// What a list is made of.
pub(in crate::persistence) struct ChatSearch {
    /// Whether nothing is looked for, so that everything is listed.
    pub(in crate::persistence) anything: bool,
    /// The words of clients, in the engine's language.
    pub(in crate::persistence) words: String,
    /// The chats in which something was said, as JSON.
    pub(in crate::persistence) chats: String,
    said: Vec<(ChatId, MessageId)>,
}

impl ChatSearch {
    /// The chats of a list, each with the newest message that says what was looked for.
    pub(in crate::persistence) fn mark(&self, rows: Vec<ChatRow>) -> Vec<Chat> {
        let marked = |row: ChatRow| {
            let chat = Chat::from(row);
            let matching_message =
                self.said.iter().find(|(id, _)| *id == chat.id).map(|(_, message)| *message);
            Chat { matching_message, ..chat }
        };
        rows.into_iter().map(marked).collect()
    }
}

impl Chats<'_> {
    /// Looks for what a filter names in what was said.
    pub(in crate::persistence) async fn search(&mut self, filter: &ChatFilter) -> Result<ChatSearch> {
        if filter.terms.is_empty() {
            return Ok(ChatSearch {
                anything: true,
                words: String::new(),
                chats: "[]".into(),
                said: Vec::new(),
            });
        }
        let words = index::query(self.tx, &filter.terms.client_query());
        let mut said: Vec<(ChatId, MessageId)> = Vec::new();
        if !filter.text.is_empty() {
            let rows = self.newest_containing(&filter.text).await?;
            for (chat, message) in rows {
                if !said.iter().any(|(known, _)| known.0 == chat) {
                    said.push((ChatId(chat), MessageId(message)));
                }
            }
        }
        Ok(ChatSearch { anything: false, words, chats: id_list(said.iter().map(|(chat, _)| chat.0)), said })
    }

    /// The newest messages that say all the terms, with their chats. A word that everyone says is found among the newest
    /// messages themselves: see [`crate::persistence::Messages::containing`].
    async fn newest_containing(&mut self, terms: &MessageTerms) -> Result<Vec<(i64, i64)>> {
        let newest = self.tx.messages().newest_texts(None, None).await?;
        let seen_all = i64::try_from(newest.len()) != Ok(RECENT_MESSAGES);
        let saying = newest.into_iter().filter(|(_, _, text)| terms.occur_in(text));
        let found: Vec<_> = saying.map(|(id, chat, _)| (chat, id)).collect();
        if seen_all || found.len() >= ENOUGH_RECENT_MATCHES {
            return Ok(found);
        }
        let text = index::query(self.tx, &terms.message_query());
        // A full-text table is another thing on each engine.
        Ok(sql!(self.tx, all((i64, i64)), {
            sqlite: "
                SELECT m.chat_id, m.id FROM message_search
                CROSS JOIN messages m ON m.id = message_search.rowid
                WHERE message_search MATCH $2 AND m.tenant_id = $1
                ORDER BY message_search.rowid DESC LIMIT $3",
            postgres: "
                WITH found AS MATERIALIZED (
                    SELECT message_id FROM message_search WHERE tenant_id = $1 AND words @@ CAST($2 AS TSQUERY))
                SELECT chat_id, id FROM messages WHERE tenant_id = $1
                    AND id = ANY (ARRAY(SELECT message_id FROM found ORDER BY message_id DESC LIMIT $3))
                ORDER BY id DESC"
        }, &text, MAX_MATCHING_MESSAGES)?)
    }
}
