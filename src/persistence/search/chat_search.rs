//! The search of the chat list: chats by the names of their clients, and by the texts of their
//! messages.

use std::collections::HashSet;

use crate::persistence::{
    ChatFilter, Chats, ListedChat,
    engine::{Engine, Sql},
    search::{found_messages::RECENT_MESSAGES, index},
};
use crate::{
    domain::{ChatId, MessageId, MessageTerms},
    error::Result,
};

/// The maximum number of matching messages, the newest first, whose chats are listed, because a
/// common word must not read the whole history. The spotlight finds older messages.
const MAX_MATCHING_MESSAGES: i64 = 500;
/// The number of matches among the newest messages from which older messages are not searched.
const ENOUGH_RECENT_MATCHES: usize = 50;

/// The matches of the search terms of a list; `None` without terms.
pub(in crate::persistence) struct ChatSearch(Option<Found>);

struct Found {
    /// The query for the words of clients.
    client_words: String,
    /// The same by the rank of the match.
    ranked_words: Vec<(i64, String)>,
    /// The chats with a matching message: the chat, its newest matching message, and that message's text.
    said: Vec<(ChatId, MessageId, String)>,
}

/// The rank of chats that match by a message only, after those that match by their clients.
const MESSAGE_RANK: i64 = 4;

impl Found {
    fn said(&self) -> Vec<ChatId> {
        self.said.iter().map(|(chat, ..)| *chat).collect()
    }
}

/// The condition that a chat `c` is one of a client with these words, or one of `said`.
fn matching(client_words: Option<&str>, said: &[ChatId], engine: Engine) -> Sql {
    let Some(client_words) = client_words else { return Sql::one_of("c.id", said) };
    // Full-text tables differ between the engines. On PostgreSQL the matches are an array, because PostgreSQL expects
    // many rows of a subselect and reads the whole table. The union is one list; with OR each row would be examined.
    match engine {
        Engine::Sqlite => Sql::from(
            "c.id IN (SELECT h.id FROM chats h WHERE h.tenant_id = $1
             AND h.client_id IN (SELECT rowid FROM client_search WHERE client_search MATCH ?)",
        )
        .bind(client_words)
        .push("UNION SELECT id FROM chats WHERE tenant_id = $1 AND")
        .push(Sql::one_of("id", said))
        .push(")"),
        Engine::Postgres => Sql::from(
            "c.id = ANY (ARRAY(SELECT h.id FROM chats h WHERE h.tenant_id = $1
             AND h.client_id = ANY (ARRAY(SELECT s.client_id FROM client_search s
                 WHERE s.tenant_id = $1 AND s.words @@ CAST(? AS TSQUERY)))",
        )
        .bind(client_words)
        .push("UNION SELECT id FROM chats WHERE tenant_id = $1 AND")
        .push(Sql::one_of("id", said))
        .push("))"),
    }
}

impl ChatSearch {
    /// True without search terms.
    pub(in crate::persistence) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The condition that a chat `c` matches.
    pub(in crate::persistence) fn condition(&self, engine: Engine) -> Option<Sql> {
        let found = self.0.as_ref()?;
        Some(matching(Some(&found.client_words), &found.said(), engine))
    }

    /// The conditions that a chat `c` matches with a rank, the best first: by the name of the client, then by a message.
    /// No chat meets two of them.
    pub(in crate::persistence) fn ranked_conditions(&self, engine: Engine) -> Vec<(i64, Sql)> {
        let Some(found) = &self.0 else { return Vec::new() };
        let by_client = |(rank, words): &(i64, String)| (*rank, matching(Some(words), &[], engine));
        let mut conditions: Vec<_> = found.ranked_words.iter().map(by_client).collect();
        if !found.said.is_empty() {
            let by_message = matching(None, &found.said(), engine).push("AND NOT");
            conditions
                .push((MESSAGE_RANK, by_message.push(matching(Some(&found.client_words), &[], engine))));
        }
        conditions
    }

    /// Adds its newest matching message to a row of the list.
    pub(in crate::persistence) fn mark(&self, row: ListedChat) -> ListedChat {
        let mut said = self.0.iter().flat_map(|found| &found.said);
        let found = said.find(|(chat, ..)| *chat == row.chat.id);
        ListedChat { matching_message: found.map(|(_, message, text)| (*message, text.clone())), ..row }
    }
}

impl Chats<'_> {
    /// Searches for the terms of a filter.
    pub(in crate::persistence) async fn search(&mut self, filter: &ChatFilter) -> Result<ChatSearch> {
        if filter.terms.is_empty() {
            return Ok(ChatSearch(None));
        }
        let client_words = index::query(self.snapshot, &filter.terms.client_query());
        let ranked = index::ranked_queries(self.snapshot, &filter.terms).into_iter();
        let ranked_words = ranked.map(|(rank, words)| (rank.number(), words)).collect();
        let mut said = Vec::new();
        if !filter.text.is_empty() {
            let mut known = HashSet::new();
            said = self.newest_containing(&filter.text).await?;
            said.retain(|(chat, ..)| known.insert(*chat));
        }
        Ok(ChatSearch(Some(Found { client_words, ranked_words, said })))
    }

    /// Lists the newest messages that contain all the terms, with their chats. A frequent word is found among the newest
    /// messages themselves, without the index: see [`crate::persistence::Messages::containing`].
    async fn newest_containing(&mut self, terms: &MessageTerms) -> Result<Vec<(ChatId, MessageId, String)>> {
        let newest = self.snapshot.messages().newest_texts(None, None).await?;
        let seen_all = i64::try_from(newest.len()) != Ok(RECENT_MESSAGES);
        let saying = newest.into_iter().filter(|(_, _, text)| terms.occur_in(text));
        let found: Vec<_> = saying.map(|(id, chat, text)| (chat, id, text)).collect();
        if seen_all || found.len() >= ENOUGH_RECENT_MATCHES {
            return Ok(found);
        }
        let text = index::query(self.snapshot, &terms.message_query());
        // Full-text tables differ between the engines.
        self.snapshot
            .query(Sql::by_engine(
                "SELECT m.chat_id, m.id, m.text FROM message_search
                 CROSS JOIN messages m ON m.id = message_search.rowid
                 WHERE message_search MATCH $2 AND m.tenant_id = $1
                 ORDER BY message_search.rowid DESC LIMIT $3",
                "WITH found AS MATERIALIZED (
                     SELECT message_id FROM message_search WHERE tenant_id = $1
                         AND words @@ CAST($2 AS TSQUERY))
                 SELECT chat_id, id, text FROM messages WHERE tenant_id = $1
                     AND id = ANY (ARRAY(SELECT message_id FROM found ORDER BY message_id DESC LIMIT $3))
                 ORDER BY id DESC",
            ))
            .bind(&text)
            .bind(MAX_MATCHING_MESSAGES)
            .all()
            .await
    }
}
