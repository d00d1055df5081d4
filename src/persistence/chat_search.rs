//! What the list of chats looks for: clients by their words, conversations by what was said in them.

use super::{ChatFilter, Chats, chats::ChatRow, messages::id_list, search};
use crate::{
    domain::{Chat, ChatId, MessageId},
    error::Result,
};

/// Of so many messages, the newest that match, the chats are listed: a word that everyone says must not read the whole
/// history. The spotlight goes on beyond them.
const NEWEST: i64 = 500;

/// What a list is made of.
pub(super) struct Sought {
    /// Whether nothing is looked for, so that everything is listed.
    pub(super) anything: bool,
    /// The words of clients, in the engine's language.
    pub(super) words: String,
    /// The chats in which something was said, as JSON.
    pub(super) chats: String,
    said: Vec<(ChatId, MessageId)>,
}

impl Sought {
    /// The chats of a list, each with the newest message that says what was looked for.
    pub(super) fn mark(&self, rows: Vec<ChatRow>) -> Vec<Chat> {
        let marked = |row: ChatRow| {
            let chat = Chat::from(row);
            let found_in = self.said.iter().find(|(id, _)| *id == chat.id).map(|(_, message)| *message);
            Chat { found_in, ..chat }
        };
        rows.into_iter().map(marked).collect()
    }
}

impl Chats<'_> {
    /// Looks for what a filter names in what was said.
    pub(super) async fn sought(&mut self, filter: &ChatFilter) -> Result<Sought> {
        if filter.terms.is_empty() {
            return Ok(Sought { anything: true, words: String::new(), chats: "[]".into(), said: Vec::new() });
        }
        let words = search::query(self.tx, &filter.terms.in_clients());
        let mut said: Vec<(ChatId, MessageId)> = Vec::new();
        if !filter.text.is_empty() {
            let text = search::query(self.tx, &filter.text.in_messages());
            // A full-text table is another thing on each engine.
            let rows = sql!(self.tx, all((i64, i64)), {
                sqlite: "
                    SELECT m.chat_id, m.id FROM message_search
                    CROSS JOIN messages m ON m.id = message_search.rowid
                    WHERE message_search MATCH $2 AND m.tenant_id = $1
                    ORDER BY message_search.rowid DESC LIMIT $3",
                postgres: "
                    SELECT m.chat_id, m.id FROM message_search s
                    JOIN messages m ON m.tenant_id = s.tenant_id AND m.id = s.message_id
                    WHERE s.tenant_id = $1 AND s.words @@ CAST($2 AS TSQUERY)
                    ORDER BY s.message_id DESC LIMIT $3"
            }, &text, NEWEST)?;
            for (chat, message) in rows {
                if !said.iter().any(|(known, _)| known.0 == chat) {
                    said.push((ChatId(chat), MessageId(message)));
                }
            }
        }
        Ok(Sought { anything: false, words, chats: id_list(said.iter().map(|(chat, _)| chat.0)), said })
    }
}
