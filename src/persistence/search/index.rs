//! The full-text tables: the format of stored words, and queries
//! (`docs/adr/0009-full-text-search.md`).

use crate::persistence::{
    Snapshot, UnitOfWork,
    engine::{Engine, Sql},
};
use crate::{
    domain::{MatchRank, SearchTerms, TenantId, WordPattern, WordQuery},
    error::Result,
};

/// The stored words, each with the tenant as its prefix, so that the words of a tenant are adjacent
/// in the index and a query cannot match those of another tenant.
pub(in crate::persistence) fn indexed_words(tenant: TenantId, words: &[String]) -> String {
    words.iter().map(|word| format!("{tenant}{word}")).collect::<Vec<_>>().join(" ")
}

/// A query in the syntax of the engine, with every word quoted. It must not be empty.
pub(in crate::persistence) fn query(snapshot: &Snapshot, query: &WordQuery) -> String {
    let tenant = snapshot.tenant();
    match snapshot.engine() {
        Engine::Sqlite => joined(query, " AND ", " OR ", |pattern| {
            let star = if pattern.prefix { " *" } else { "" };
            format!("\"{tenant}{}\"{star}", pattern.word.replace('"', "\"\""))
        }),
        Engine::Postgres => joined(query, " & ", " | ", |pattern| {
            let star = if pattern.prefix { ":*" } else { "" };
            format!("'{tenant}{}'{star}", pattern.word.replace('\\', "\\\\").replace('\'', "''"))
        }),
    }
}

/// The query for rows that match `query` but not `except`, as in [`query`].
pub(in crate::persistence) fn query_except(
    snapshot: &Snapshot,
    found: &WordQuery,
    except: Option<&WordQuery>,
) -> String {
    let found = query(snapshot, found);
    let Some(except) = except else { return found };
    let not = match snapshot.engine() {
        Engine::Sqlite => "NOT",
        Engine::Postgres => "& !",
    };
    format!("({found}) {not} ({})", query(snapshot, except))
}

/// The queries for clients by the rank of their match. No client matches two of them, and together they match the
/// clients that the terms match.
pub(in crate::persistence) fn ranked_queries(
    snapshot: &Snapshot,
    terms: &SearchTerms,
) -> Vec<(MatchRank, String)> {
    let mut better: Option<WordQuery> = None;
    let mut queries = Vec::new();
    for rank in MatchRank::ALL {
        if let Some(found) = terms.rank_query(rank) {
            queries.push((rank, query_except(snapshot, &found, better.as_ref())));
            better = Some(found);
        }
    }
    queries
}

fn joined(query: &WordQuery, and: &str, or: &str, quoted: impl Fn(&WordPattern) -> String) -> String {
    let any = |patterns: &Vec<WordPattern>| {
        format!("({})", patterns.iter().map(&quoted).collect::<Vec<_>>().join(or))
    };
    query.0.iter().map(any).collect::<Vec<_>>().join(and)
}

/// The progress of indexing rows that were stored before the index existed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexProgress {
    /// All rows are indexed.
    Done,
    /// More rows have to be indexed.
    More,
}

/// A tenant's full-text tables, for writing.
pub struct SearchIndexMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// The number of rows indexed in one transaction, for which other writers wait.
const BATCH: i64 = 200;

impl SearchIndexMut<'_> {
    /// Indexes the newest clients that were stored before the index existed.
    pub async fn index_older_clients(&mut self) -> Result<IndexProgress> {
        // Without the lock two instances would do the same work; SQLite has one writer at a time
        // and no FOR UPDATE.
        let newest: Option<i64> = self
            .work
            .query(Sql::by_engine(
                "SELECT client_backlog FROM tenants WHERE id = $1",
                "SELECT client_backlog FROM tenants WHERE id = $1 FOR NO KEY UPDATE",
            ))
            .optional()
            .await?;
        let newest = newest.unwrap_or(0);
        let older = self.work.clients().newest_up_to(newest, BATCH).await?;
        let rest = left(older.last().map(|client| client.id.0), older.len());
        for client in older {
            self.work.clients_mut().index_if_missing(&client).await?;
        }
        self.work.query("UPDATE tenants SET client_backlog = $2 WHERE id = $1").bind(rest).execute().await?;
        Ok(if rest > 0 { IndexProgress::More } else { IndexProgress::Done })
    }

    /// Indexes the newest messages that were stored before the index existed.
    pub async fn index_older_messages(&mut self) -> Result<IndexProgress> {
        // Like for clients.
        let newest: Option<i64> = self
            .work
            .query(Sql::by_engine(
                "SELECT message_backlog FROM tenants WHERE id = $1",
                "SELECT message_backlog FROM tenants WHERE id = $1 FOR NO KEY UPDATE",
            ))
            .optional()
            .await?;
        let newest = newest.unwrap_or(0);
        let older = self.work.messages().newest_up_to(newest, BATCH).await?;
        let rest = left(older.last().map(|(id, _)| id.0), older.len());
        for (id, text) in older {
            self.work.messages_mut().index_if_missing(id, &text).await?;
        }
        self.work.query("UPDATE tenants SET message_backlog = $2 WHERE id = $1").bind(rest).execute().await?;
        Ok(if rest > 0 { IndexProgress::More } else { IndexProgress::Done })
    }
}

/// The id up to which rows remain after a batch that ended with `last`.
fn left(last: Option<i64>, count: usize) -> i64 {
    let full = i64::try_from(count) == Ok(BATCH);
    last.filter(|_| full).map_or(0, |last| last - 1)
}
